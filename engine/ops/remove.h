// engine/ops/remove.h: removing snapshots and groups.
#pragma once

#include <cstddef>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/store/datastore.h"
#include "engine/store/lock_file.h"

namespace unswept::engine {

/// Removes a snapshot under its own locks, and its group when it was the last
/// one and nobody else works on the group.  Refused for a protected snapshot.
Result<> remove_snapshot(const Datastore& store, const Namespace& ns, const SnapshotId& snapshot);

/// The same for a caller who holds the snapshot's and the group's lock: a backup
/// that takes back what it has begun.
Result<> remove_snapshot_locked(const Datastore& store, const Namespace& ns,
                                const SnapshotId& snapshot);

struct GroupRemoval {
  std::size_t snapshots_removed = 0;
  std::size_t snapshots_protected = 0;  // these stay, and the group with them

  bool complete() const { return snapshots_protected == 0; }
};

/// Removes all unprotected snapshots of a group, and the group if none is left.
Result<GroupRemoval> remove_group(const Datastore& store, const Namespace& ns,
                                  const GroupId& group);

/// The same under a group lock that the caller has and gives up here.
Result<GroupRemoval> remove_group_locked(const Datastore& store, const Namespace& ns,
                                         const GroupId& group, LockFile lock);

/// Removes the directory of a group without snapshots and its lock file.
/// REQUIRES: the caller holds the group's lock.
Result<> remove_group_directory(const Datastore& store, const Namespace& ns, const GroupId& group);

}  // namespace unswept::engine
