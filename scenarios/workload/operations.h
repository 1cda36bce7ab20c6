// scenarios/workload/operations.h: how the operations of a run went.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/error.h"
#include "model/program.h"
#include "scenarios/workload/happens_before.h"

namespace unswept::scenarios {

struct OperationRun {
  model::ActorId actor = model::kNoActor;
  std::uint32_t index = 0;  // among the actor's operations
  Moment begin;
  Moment end;
  bool ended = false;
  bool succeeded = false;
  engine::ErrorKind error{};  // unless it succeeded
  std::string message;
};

class OperationLog {
 public:
  void clear() { runs_.clear(); }
  std::size_t begin(model::ActorId actor, std::uint32_t index, Moment now) {
    runs_.push_back({actor, index, now, now, false, false, {}, {}});
    return runs_.size() - 1;
  }
  OperationRun& at(std::size_t run) { return runs_[run]; }
  const std::vector<OperationRun>& all() const { return runs_; }

  /// A number for how everything ended, the same in every order of a trace.
  std::uint64_t digest() const;

 private:
  std::vector<OperationRun> runs_;  // in the order in which they began
};

}  // namespace unswept::scenarios
