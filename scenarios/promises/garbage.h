// scenarios/promises/garbage.h: garbage-collected: a GC that met nobody leaves no old orphan.
//
// Judged over the partial order: a GC met nobody when each other operation comes
// before or after it in every order of the run's trace.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/program.h"
#include "scenarios/promises/watch.h"
#include "scenarios/workload/operations.h"
#include "sim/view.h"

namespace unswept::scenarios {

class GarbageJudge {
 public:
  /// Operation number `run` is a GC and begins: notes the orphans there are.
  void begin(std::size_t run, const Watch& watch, const sim::View& view);
  /// The latest begin() or end() is undone.
  void take_back_begin() { collections_.pop_back(); }
  void take_back_end(std::size_t run);
  /// It ended well.
  void end(std::size_t run, std::int64_t min_access_time, const Watch& watch,
           const sim::View& view);
  /// Whether what judge() will say may depend on more than the state the run is in now: there is a
  /// collection that met nobody so far.
  bool looks_back(const OperationLog& operations, const StepLog& steps) const;
  /// At the end of the run.
  std::optional<model::Violation> judge(const OperationLog& operations, const StepLog& steps) const;

 private:
  struct Orphan {
    ChunkId chunk;
    std::int64_t access_time;
  };
  struct Collection {
    std::size_t run;
    std::vector<Orphan> orphans;    // at its beginning
    std::vector<std::string> left;  // of those it should have removed, at its end
  };
  Collection* find(std::size_t run);

  std::vector<Collection> collections_;
};

}  // namespace unswept::scenarios
