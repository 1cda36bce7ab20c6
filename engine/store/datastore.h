// engine/store/datastore.h: an opened datastore.
//
// A Datastore binds a directory to a process, an operating system and a protocol.
// It knows where things are; operations (engine/ops/) are functions on it.  It is
// cheap to make and has no state that outlives it: that hangs on the Process.
//
// Left out: locks on directories themselves, as older servers took them; taking over
// the directories of a store that was there; and destroying a store.
//
// Thread safety: const; all tasks of the process may share one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/os/system.h"
#include "engine/process.h"
#include "engine/protocol/protocol.h"
#include "engine/store/chunk_store.h"
#include "engine/store/lock_file.h"

namespace unswept::engine {

struct StoreConfig {
  std::string name;
  std::string base;      // absolute, without a trailing slash
  std::string lock_dir;  // the store's name is appended
  SyncLevel sync = SyncLevel::filesystem;
};

struct CreateOptions {
  /// Which chunk subdirectories to make; all 65536 if empty.
  std::span<const std::uint16_t> chunk_directories;
};

class Datastore {
 public:
  /// Binds to a store that is known to be in order.  Makes no system call.
  /// All references must outlive the object.
  Datastore(os::System& system, Process& process, StoreConfig config, const Protocol& protocol);

  /// Binds to a store after a look at its layout, and opens its process lock.
  static Result<Datastore> open(os::System& system, Process& process, StoreConfig config,
                                const Protocol& protocol);

  /// The same for who only looks: writes nothing, not even a missing process lock.
  static Result<Datastore> open_read_only(os::System& system, Process& process, StoreConfig config,
                                          const Protocol& protocol);

  /// Makes an empty store.  The parent of the base directory must exist; the
  /// base directory may, if it is empty.
  static Result<> create(os::System& system, const StoreConfig& config,
                         const CreateOptions& options = {});

  os::System& system() const { return *system_; }
  const StoreConfig& config() const { return config_; }
  const std::string& base() const { return config_.base; }
  const Protocol& protocol() const { return *protocol_; }
  ProcessStore& process_store() const { return *process_store_; }
  const ChunkStore& chunks() const { return chunks_; }

  // --- paths, all absolute ---------------------------------------------------------
  std::string path(const Namespace& ns) const;
  std::string path(const Namespace& ns, const GroupId& group) const;
  std::string path(const Namespace& ns, const SnapshotId& snapshot) const;
  /// The part of an absolute path behind the base directory, without a leading slash.
  std::string_view below_base(std::string_view path) const;
  std::string move_journal_path() const;

  // --- locks (none of them waits, but for the manifest's) ----------------------------
  Result<LockFile> lock_group(const Namespace& ns, const GroupId& group) const;
  Result<LockFile> lock_snapshot(const Namespace& ns, const SnapshotId& snapshot,
                                 os::LockKind kind) const;
  /// Waits up to five seconds.
  Result<LockFile> lock_manifest(const Namespace& ns, const SnapshotId& snapshot) const;

  /// Unlink lock files of objects that are gone; the caller holds them.  Errors are ignored.
  void forget_group_lock(const Namespace& ns, const GroupId& group) const;
  void forget_snapshot_locks(const Namespace& ns, const SnapshotId& snapshot) const;

  /// Whether `path` can be looked at: every error counts as "no".
  bool exists(std::string_view path) const;
  /// Whether there is a directory, and no symlink to one: listings pass those over, so what is put
  /// behind them is never marked.
  bool exists(const Namespace& ns) const { return is_directory(path(ns)); }
  bool exists(const Namespace& ns, const GroupId& group) const {
    return is_directory(path(ns, group));
  }

 private:
  bool is_directory(const std::string& path) const;

  os::System* system_;
  StoreConfig config_;
  std::string lock_root_;  // with a slash at the end
  const Protocol* protocol_;
  ProcessStore* process_store_;
  ChunkStore chunks_;
};

}  // namespace unswept::engine
