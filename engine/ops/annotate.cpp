#include "engine/ops/annotate.h"

#include <string>

#include "engine/points.h"
#include "engine/store/atomic_file.h"
#include "engine/store/group.h"
#include "engine/store/manifest_file.h"

namespace unswept::engine {
namespace {

Result<> create_empty_file(os::System& system, const std::string& path) {
  const auto file = os::open_file(
      system, path, os::Open::write | os::Open::create | os::Open::truncate | os::Open::no_follow);
  if (!file) return os_failure(file.error(), "create", path);
  return {};
}

Result<> unlink_if_exists(os::System& system, const std::string& path) {
  const auto done = system.unlink(path);
  if (done || done.error() == os::Errno::no_such_file_or_directory) return {};
  return os_failure(done.error(), "remove", path);
}

/// Upstream truncates the file and writes it again.  A kill in between, or a disk that has become
/// full, would leave a group with snapshots that belongs to nobody; readers open `owner` by its
/// path and see no other difference.
Result<> replace_owner(os::System& system, const std::string& path, const AuthId& owner) {
  const auto stat = system.stat(path, os::Follow::no);
  if (!stat) return os_failure(stat.error(), "look at", path);
  if (stat->type != os::FileType::regular)
    return fail(ErrorKind::refused, path + " is not a regular file; it is left as it is");
  if (auto done = replace_file(system, path, as_bytes(print_owner_file(owner))); !done)
    return os_failure(done.error(), "write", path);
  return {};
}

Result<> must_exist(const Datastore& store, const Namespace& ns, const SnapshotId& snapshot) {
  if (store.exists(store.path(ns, snapshot))) return {};
  return fail(ErrorKind::not_found, "there is no snapshot " + display_name(ns, snapshot));
}

}  // namespace

Result<> set_protected(const Datastore& store, const Namespace& ns, const SnapshotId& snapshot,
                       bool is_protected) {
  if (auto there = must_exist(store, ns, snapshot); !there) return there;
  const auto lock = store.lock_snapshot(ns, snapshot, os::LockKind::exclusive);
  if (!lock) return std::unexpected(lock.error());
  std::string path = store.path(ns, snapshot);
  (path += '/') += kProtectedName;
  auto done = is_protected ? create_empty_file(store.system(), path)
                           : unlink_if_exists(store.system(), path);
  if (done) store.system().point(points::protect_done);
  return done;
}

Result<> set_snapshot_notes(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                            const SnapshotId& snapshot, std::string_view notes) {
  auto done = update_manifest(store, codec, ns, snapshot,
                              [notes](Manifest& manifest) { manifest.set_notes(notes); });
  if (done) store.system().point(points::notes_done);
  return done;
}

Result<> set_group_notes(const Datastore& store, const Namespace& ns, const GroupId& group,
                         std::string_view notes) {
  const auto lock = store.lock_group(ns, group);
  if (!lock) return std::unexpected(lock.error());
  std::string path = store.path(ns, group);
  (path += '/') += kNotesName;
  if (auto done = replace_file(store.system(), path, as_bytes(notes)); !done) {
    return os_failure(done.error(), "write", path);
  }
  store.system().point(points::notes_done);
  return {};
}

Result<> change_owner(const Datastore& store, const Namespace& ns, const GroupId& group,
                      const AuthId& owner) {
  auto before = read_owner(store, ns, group);
  if (!before) return forward_error(before);
  const auto lock = store.lock_group(ns, group);
  if (!lock) return std::unexpected(lock.error());
  const auto under_lock = read_owner(store, ns, group);
  if (!under_lock) return std::unexpected(under_lock.error());
  if (*under_lock != *before) {
    return fail(ErrorKind::lock_conflict, "the owner of " + display_name(ns, group) +
                                              " has just been changed by somebody else");
  }
  std::string path = store.path(ns, group);
  (path += '/') += kOwnerName;
  return replace_owner(store.system(), path, owner);
}

}  // namespace unswept::engine
