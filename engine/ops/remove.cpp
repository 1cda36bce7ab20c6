#include "engine/ops/remove.h"

#include <string>
#include <utility>

#include "engine/counted.h"
#include "engine/ops/remove_directory.h"
#include "engine/points.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {
namespace {

// What is done under the locks of the snapshot.
Result<> remove_snapshot_directory(const Datastore& store, const Namespace& ns,
                                   const SnapshotId& snapshot, const std::string& path) {
  os::System& system = store.system();
  if (store.exists(path + '/' + std::string(kProtectedName))) {
    return fail(ErrorKind::refused, display_name(ns, snapshot) +
                                        " is protected; it can be removed when the protection "
                                        "has been taken away");
  }
  if (auto ok = store.protocol().before_removal(store, path); !ok) return ok;
  // Without its manifest a snapshot is an unfinished one.  So that goes first: who is killed on the
  // way must not leave a snapshot that looks whole and is not.
  if (auto removed = remove_directory(system, path, kManifestName); !removed) return removed;
  store.forget_snapshot_locks(ns, snapshot);
  system.point(points::remove_done, store.below_base(path));
  return {};
}

Result<> remove_group_if_empty(const Datastore& store, const Namespace& ns, const GroupId& group) {
  const auto snapshots = list_snapshots(store, ns, group);
  if (!snapshots) return std::unexpected(snapshots.error());
  if (!snapshots->empty()) return {};
  return remove_group_directory(store, ns, group);
}

os::Result<> unlink_if_exists(os::System& system, const std::string& path) {
  auto done = system.unlink(path);
  if (!done && done.error() == os::Errno::no_such_file_or_directory) return {};
  return done;
}

// Removes one snapshot of a group that is going as a whole; false if it is protected.
Result<bool> remove_unless_protected(const Datastore& store, const Namespace& ns,
                                     const SnapshotId& snapshot) {
  if (store.exists(store.path(ns, snapshot) + '/' + std::string(kProtectedName))) return false;
  if (auto removed = remove_snapshot(store, ns, snapshot); !removed) return forward_error(removed);
  return true;
}

Result<GroupRemoval> remove_unprotected_snapshots(const Datastore& store, const Namespace& ns,
                                                  const GroupId& group) {
  auto snapshots = Snapshots::open(store, ns, group);
  if (!snapshots) return forward_error(snapshots);
  GroupRemoval removal;
  while (true) {
    auto time = snapshots->next();
    if (!time) return forward_error(time);
    if (!*time) return removal;
    if (store.system().interrupted()) {
      return fail(ErrorKind::aborted, "the removal of " + display_name(ns, group) +
                                          " was interrupted after " +
                                          counted(removal.snapshots_removed, "snapshot"));
    }
    auto removed = remove_unless_protected(store, ns, {group, **time});
    if (!removed) return forward_error(removed);
    ++(*removed ? removal.snapshots_removed : removal.snapshots_protected);
  }
}

}  // namespace

Result<> remove_snapshot(const Datastore& store, const Namespace& ns, const SnapshotId& snapshot) {
  const std::string path = store.path(ns, snapshot);
  store.system().point(points::remove_started, store.below_base(path));
  const auto snapshot_lock = store.lock_snapshot(ns, snapshot, os::LockKind::exclusive);
  if (!snapshot_lock) return std::unexpected(snapshot_lock.error());
  const auto manifest_lock = store.lock_manifest(ns, snapshot);
  if (!manifest_lock) return std::unexpected(manifest_lock.error());
  store.system().point(points::remove_locked, store.below_base(path));

  if (auto removed = remove_snapshot_directory(store, ns, snapshot, path); !removed) {
    return removed;
  }

  // Whoever holds the group works on it: it is not ours to remove then.
  const auto group_lock = store.lock_group(ns, snapshot.group);
  if (!group_lock) return {};
  return remove_group_if_empty(store, ns, snapshot.group);
}

Result<> remove_snapshot_locked(const Datastore& store, const Namespace& ns,
                                const SnapshotId& snapshot) {
  const std::string path = store.path(ns, snapshot);
  store.system().point(points::remove_started, store.below_base(path));
  if (auto removed = remove_snapshot_directory(store, ns, snapshot, path); !removed) {
    return removed;
  }
  return remove_group_if_empty(store, ns, snapshot.group);
}

Result<GroupRemoval> remove_group(const Datastore& store, const Namespace& ns,
                                  const GroupId& group) {
  auto lock = store.lock_group(ns, group);
  if (!lock) return forward_error(lock);
  return remove_group_locked(store, ns, group, std::move(*lock));
}

Result<GroupRemoval> remove_group_locked(const Datastore& store, const Namespace& ns,
                                         const GroupId& group, LockFile lock) {
  auto removal = remove_unprotected_snapshots(store, ns, group);
  if (!removal || !removal->complete()) return removal;
  if (auto gone = remove_group_directory(store, ns, group); !gone) return forward_error(gone);
  lock.release();
  return removal;
}

Result<> remove_group_directory(const Datastore& store, const Namespace& ns, const GroupId& group) {
  os::System& system = store.system();
  const std::string path = store.path(ns, group);
  for (const std::string_view name : {kNotesName, kOwnerName}) {
    const std::string file = path + '/' + std::string(name);
    if (auto done = unlink_if_exists(system, file); !done) {
      return os_failure(done.error(), "remove", file);
    }
  }
  if (auto done = system.rmdir(path); !done) {
    return os_failure(done.error(), "remove group directory", path);
  }
  store.forget_group_lock(ns, group);
  return {};
}

}  // namespace unswept::engine
