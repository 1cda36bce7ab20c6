// engine/store/process_lock.h: who works on a store, and since when.
//
// An inter-process reader-writer lock on `<base>/.lock` made of POSIX record
// locks, with the bookkeeping of one process on top.  Writers (backups) hold it
// shared, garbage collection exclusively.  Record locks belong to the process,
// so within one process both coexist; there the oldest writer bounds what may be
// swept.
//
// Closing any descriptor of the file drops all record locks of the process:
// there must be one ProcessLock per store and process, and it keeps its file
// open.
//
// Thread safety: all tasks of the process may use one ProcessLock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/os/system.h"

namespace unswept::engine {

class ProcessLock {
 public:
  class Shared;
  class Exclusive;

  /// `path` is that of `.lock`.  Makes no system call.  `system` must outlive the lock.
  ProcessLock(os::System& system, std::string path);

  /// Opens the file, which is created if missing.  Taking a lock opens it too, if need be.
  Result<> open();

  /// lock_conflict if another process holds it exclusively.  Never waits.
  Result<Shared> try_shared();
  /// lock_conflict if this process holds it exclusively already, or another one at all.
  Result<Exclusive> try_exclusive();

  /// When the longest-running writer of this process started, in seconds.
  std::optional<std::int64_t> oldest_writer();

  struct Writer {
    std::uint64_t id;
    std::int64_t since;
  };
  /// For whoever runs the tasks of the process one at a time: looks without the mutex.
  bool is_held_exclusively() const { return exclusive_; }
  const std::vector<Writer>& writers() const { return writers_; }

 private:
  Result<> open_locked();
  Result<> record(os::RecordLock what);
  void release_shared(std::uint64_t id);
  void release_exclusive();

  os::System& system_;
  std::string path_;
  std::unique_ptr<os::Mutex> mutex_;  // guards everything below
  os::File file_;
  bool exclusive_ = false;
  std::uint64_t next_id_ = 0;
  std::vector<Writer> writers_;  // ascending ids
};

/// A writer; ends with its scope.  Destruction makes system calls, which may throw
/// (engine/os/system.h), so a guard must not be destroyed inside something whose
/// destructor is noexcept while it holds: move it out of a Result at once.
class ProcessLock::Shared {
 public:
  Shared() = default;
  Shared(Shared&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)), id_(other.id_) {}
  Shared& operator=(Shared&& other) noexcept(false);
  ~Shared() noexcept(false) { release(); }
  void release();
  bool held() const { return lock_ != nullptr; }

 private:
  friend class ProcessLock;
  Shared(ProcessLock& lock, std::uint64_t id) : lock_(&lock), id_(id) {}
  ProcessLock* lock_ = nullptr;
  std::uint64_t id_ = 0;
};

class ProcessLock::Exclusive {
 public:
  Exclusive() = default;
  Exclusive(Exclusive&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
  Exclusive& operator=(Exclusive&&) = delete;
  ~Exclusive() noexcept(false) { release(); }
  void release();

 private:
  friend class ProcessLock;
  explicit Exclusive(ProcessLock& lock) : lock_(&lock) {}
  ProcessLock* lock_ = nullptr;
};

}  // namespace unswept::engine
