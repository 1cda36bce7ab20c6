// engine/ops/gc/mark.h: phase 1 of garbage collection: finding the indexes of all snapshots.
//
// First the tree is walked for index files, whatever they lie in.  Then the
// namespaces, groups and snapshots are iterated and their indexes marked; then
// what the walk has listed and the iteration has not met; then what moves have
// announced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/ops/gc/marker.h"
#include "engine/ops/gc/path_set.h"
#include "engine/os/knowledge.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {

class MarkPhase {
 public:
  MarkPhase(const Datastore& store, Marker& marker)
      : store_(store), system_(store.system()), marker_(marker) {}

  Result<> run(const os::Knows& caller);

 private:
  enum class Pass : bool { done, list_again };

  Result<> walk(const os::Knows& caller);
  Result<> iterate(const os::Knows& caller);
  Result<> mark_namespace(const Namespace& ns, const os::Knows& caller);
  Result<> mark_group(const Namespace& ns, const GroupId& group, const os::Knows& caller);
  Result<Pass> pass_over_group(const Namespace& ns, const GroupId& group, const os::Knows& caller);
  Result<Pass> mark_snapshot(const SnapshotFiles& snapshot, bool newest, std::string& path);
  Result<> mark_leftovers(const os::Knows& caller);
  Result<> mark_announced(std::string_view path);
  void report_progress();
  void group_point(const os::Point& point, const Namespace& ns, const GroupId& group);

  const Datastore& store_;
  os::System& system_;
  Marker& marker_;
  PathSet unmet_;
  std::uint64_t indexes_done_ = 0;
  std::uint64_t indexes_total_ = 0;
};

}  // namespace unswept::engine
