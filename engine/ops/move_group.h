// engine/ops/move_group.h: a group from one namespace of a store to another.
//
// Snapshots move one by one, oldest first, each by one rename that the store's
// protocol announces.  Nothing is rolled back: after a failure the snapshots
// moved so far are at the target and the rest at the source.
#pragma once

#include <cstddef>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct MoveGroupOptions {
  /// Allow a group of that name at the target, if all its snapshots are older.
  bool merge = true;
  /// Snapshots locked at a time.
  std::size_t lock_batch = 512;
};

struct MoveGroupResult {
  std::size_t snapshots_moved = 0;
  bool merged = false;  // into a group that was there
};

/// An error of kind lock_conflict is *soft*: the same call may succeed later.
Result<MoveGroupResult> move_group(const Datastore& store, const GroupId& group,
                                   const Namespace& source, const Namespace& target,
                                   const MoveGroupOptions& options = {});

}  // namespace unswept::engine
