#include "engine/store/datastore.h"

#include <chrono>

#include "engine/format/lock_names.h"
#include "engine/os/system.h"

namespace unswept::engine {

namespace {

constexpr std::chrono::milliseconds kManifestLockWait{5'000};

std::string lock_root_of(const StoreConfig& config) {
  std::string root = config.lock_dir;
  root += '/';
  root += config.name;
  root += '/';
  return root;
}

/// Says what could not be locked.
Result<LockFile> name_failure(Result<LockFile> lock, std::string_view kind, std::string object) {
  if (lock) return lock;
  std::string context(kind);
  context += ' ';
  context += object;
  return std::unexpected(with_context(std::move(lock.error()), context));
}

}  // namespace

Datastore::Datastore(os::System& system, Process& process, StoreConfig config,
                     const Protocol& protocol)
    : system_(&system),
      config_(std::move(config)),
      lock_root_(lock_root_of(config_)),
      protocol_(&protocol),
      process_store_(&process.store(config_.base)),
      chunks_(system, *process_store_->chunk_mutex, config_.base, config_.sync) {}

Result<Datastore> Datastore::open(os::System& system, Process& process, StoreConfig config,
                                  const Protocol& protocol) {
  auto store = open_read_only(system, process, std::move(config), protocol);
  if (!store) return store;
  if (auto opened = store->process_store_->lock.open(); !opened) return forward_error(opened);
  return store;
}

Result<Datastore> Datastore::open_read_only(os::System& system, Process& process,
                                            StoreConfig config, const Protocol& protocol) {
  Datastore store(system, process, std::move(config), protocol);
  const std::string chunks = store.chunks_.directory();
  auto stat = system.stat(chunks);
  if (!stat) {
    Error error = os_error(stat.error(), "open the chunk directory", chunks);
    // Whoever names a place where no store is wants to name another.
    if (error.kind == ErrorKind::not_found) error.kind = ErrorKind::bad_input;
    return std::unexpected(with_context(std::move(error), store.base() + " is not a datastore"));
  }
  if (stat->type != os::FileType::directory)
    return fail(ErrorKind::bad_input,
                store.base() + " is not a datastore: " + chunks + " is not a directory");
  return store;
}

std::string Datastore::path(const Namespace& ns) const {
  std::string path = config_.base;
  if (!ns.is_root()) {
    path += '/';
    path += ns.path();
  }
  return path;
}

std::string Datastore::path(const Namespace& ns, const GroupId& group) const {
  std::string path;
  path.reserve(config_.base.size() + 2 * ns.text().size() + group.id.size() + 64);
  path = config_.base;
  path += '/';
  ns.append_path_prefix(path);
  group.append_path(path);
  return path;
}

std::string Datastore::path(const Namespace& ns, const SnapshotId& snapshot) const {
  std::string path = this->path(ns, snapshot.group);
  path += '/';
  path += snapshot.time.text();
  return path;
}

std::string_view Datastore::below_base(std::string_view path) const {
  if (!path.starts_with(config_.base)) return path;
  path.remove_prefix(config_.base.size());
  if (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

std::string Datastore::move_journal_path() const {
  return lock_root_ + std::string(kMoveJournalName);
}

Result<LockFile> Datastore::lock_group(const Namespace& ns, const GroupId& group) const {
  auto lock = take_lock(*system_, lock_root_ + group_lock_path(ns, group), os::LockKind::exclusive,
                        os::Wait::none());
  if (lock) return lock;
  return name_failure(std::move(lock), "group", display_name(ns, group));
}

Result<LockFile> Datastore::lock_snapshot(const Namespace& ns, const SnapshotId& snapshot,
                                          os::LockKind kind) const {
  auto lock =
      take_lock(*system_, lock_root_ + snapshot_lock_path(ns, snapshot), kind, os::Wait::none());
  if (lock) return lock;
  return name_failure(std::move(lock), "snapshot", display_name(ns, snapshot));
}

Result<LockFile> Datastore::lock_manifest(const Namespace& ns, const SnapshotId& snapshot) const {
  auto lock = take_lock(*system_, lock_root_ + manifest_lock_path(ns, snapshot),
                        os::LockKind::exclusive, os::Wait::at_most(kManifestLockWait));
  if (lock) return lock;
  return name_failure(std::move(lock), "manifest of snapshot", display_name(ns, snapshot));
}

void Datastore::forget_group_lock(const Namespace& ns, const GroupId& group) const {
  (void)system_->unlink(lock_root_ + group_lock_path(ns, group));
}

void Datastore::forget_snapshot_locks(const Namespace& ns, const SnapshotId& snapshot) const {
  (void)system_->unlink(lock_root_ + manifest_lock_path(ns, snapshot));
  (void)system_->unlink(lock_root_ + snapshot_lock_path(ns, snapshot));
}

bool Datastore::exists(std::string_view path) const { return system_->stat(path).has_value(); }

bool Datastore::is_directory(const std::string& path) const {
  // The base directory is the user's, and may be called as the user likes.
  const auto follow = path == config_.base ? os::Follow::yes : os::Follow::no;
  const auto stat = system_->stat(path, follow);
  return stat && stat->type == os::FileType::directory;
}

}  // namespace unswept::engine
