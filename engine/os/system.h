// engine/os/system.h: everything an engine asks of an operating system.
//
// An engine that keeps to this interface runs unchanged on a disk (posix/) and
// in a simulated world, where each call is one step that a checker can order.
// So nothing here is a convenience: one call is one system call, and loops,
// retries and temporary files are the engine's business.
//
// Paths are absolute, or relative to an open directory (Where).  They are bytes
// without a zero byte; nothing else is assumed of them.
//
// Errors are values (result.h).  The calls declared noexcept never fail and
// never throw.  Every other call may throw where the world decides that the
// caller has ended (a killed process): code between two calls must hold what it
// owns in objects with destructors, and must not catch what it does not know.
// Destructors of locks make calls too.  So a world that has thrown into a task
// must not throw into it again while it unwinds: calls answer with an error
// then, or act (the locks of an aborted task are released), but return.
//
// Thread safety: one System may be used by all tasks of one process.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/os/result.h"

namespace unswept::os {

class Gist;

/// An open file or directory.  Plain value; see File for the owning form.
enum class Fd : std::int32_t { none = -1, cwd = -100 };

/// Seconds and nanoseconds since 1970-01-01 UTC.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;  // 0 .. 999 999 999
  auto operator<=>(const Timestamp&) const = default;
};

enum class FileType : std::uint8_t { regular, directory, symlink, other };

/// What a stat tells.  Times other than the access time, link counts and device
/// numbers are left out on purpose: no datastore operation looks at them.
struct Stat {
  FileType type = FileType::regular;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  // bytes; 0 for directories
  Timestamp atime;
  std::uint32_t mode = 0;  // permission bits
};

/// Where a call looks: `path` relative to `dir`, or an absolute path.
struct Where {
  Where(std::string_view where) : path(where) {}
  Where(const std::string& where) : path(where) {}
  Where(const char* where) : path(where) {}
  Where(Fd directory, std::string_view where) : dir(directory), path(where) {}

  Fd dir = Fd::cwd;
  std::string_view path;
};

/// How open() opens.  Combine with `|`.  Every file is close-on-exec.
enum class Open : std::uint32_t {
  read = 1,
  write = 2,
  read_write = 3,
  append = 4,  // each write goes to the end
  create = 8,
  exclusive = 16,  // with create: fail if it exists
  truncate = 32,
  directory = 64,   // fail if it is not a directory
  no_follow = 128,  // fail if the last component is a symlink
  no_wait = 256,    // do not wait for somebody at the other end of a pipe
};
constexpr Open operator|(Open a, Open b) {
  return static_cast<Open>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr bool has(Open flags, Open flag) {
  return (static_cast<std::uint32_t>(flags) & static_cast<std::uint32_t>(flag)) ==
         static_cast<std::uint32_t>(flag);
}

enum class Follow : bool { no, yes };

struct DirEntry {
  std::string name;
  /// As the directory tells it; empty when the file system does not know (then fstatat decides).
  FileType type = FileType::other;
  bool type_known = true;
};

/// Which entries of a directory its reader looks at.  Saying so is worth it: a
/// checker then knows that a name nobody looks at makes no difference.
struct Interest {
  bool directories = true;
  /// Entries of any type whose name ends in one of these after its last dot.
  std::span<const std::string_view> extensions;
  /// Of those, only the ones with such a name; empty: whatever they are called.
  std::span<const std::string_view> names = {};
  /// Also the ones whose names begin with a dot.
  bool hidden = true;

  bool wants_name(std::string_view name) const;
  /// Entries of unknown type are wanted for their names alone.
  bool wants(const DirEntry& entry) const;
};

/// What follows the last dot of a name; empty when there is no dot.
constexpr std::string_view extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

enum class LockKind : std::uint8_t { shared, exclusive };

/// How long a lock is waited for.
struct Wait {
  static constexpr Wait none() { return {std::chrono::milliseconds{0}, false}; }
  static constexpr Wait forever() { return {std::chrono::milliseconds{0}, true}; }
  static constexpr Wait at_most(std::chrono::milliseconds limit) { return {limit, false}; }

  std::chrono::milliseconds limit;
  bool unlimited;
};

/// What to do with the record lock on a whole file (fcntl F_SETLK).
enum class RecordLock : std::uint8_t { read, write, unlock };

/// A read-only view of a whole file as it was when it was mapped.  It stays
/// valid when the file is closed, renamed or unlinked.  Cheap to copy.
class Mapping {
 public:
  Mapping() = default;
  Mapping(std::shared_ptr<const void> owner, std::span<const std::byte> bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> bytes_;
};

/// A lock between the tasks of one process.
class Mutex {
 public:
  virtual ~Mutex() = default;
  virtual void lock() = 0;
  virtual bool try_lock() = 0;
  virtual void unlock() noexcept = 0;
};

/// A named place in a protocol that an engine passes.  Names are public API:
/// scenario files, progress and logs refer to them (engine/points.h lists them).
struct Point {
  std::string_view name;
};

/// How far a long operation is.  `total` is 0 while it is not known.
struct Progress {
  enum class Unit : std::uint8_t { items, bytes };

  std::string_view phase;  // "mark", "sweep", the name of an archive, ...
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  Unit unit = Unit::items;
};

enum class LogLevel : std::uint8_t { info, warning, error };

class System {
 public:
  virtual ~System() = default;

  // --- files ---------------------------------------------------------------
  virtual Result<Fd> open(Where where, Open flags, std::uint32_t mode = 0644) = 0;
  virtual void close(Fd fd) noexcept = 0;
  /// Reads up to `out.size()` bytes at the file position; 0 at the end.
  virtual Result<std::size_t> read(Fd fd, std::span<std::byte> out) = 0;
  virtual Result<std::size_t> pread(Fd fd, std::span<std::byte> out, std::uint64_t offset) = 0;
  /// May write fewer bytes than asked.
  virtual Result<std::size_t> write(Fd fd, std::span<const std::byte> bytes) = 0;
  virtual Result<std::size_t> pwrite(Fd fd, std::span<const std::byte> bytes,
                                     std::uint64_t offset) = 0;
  /// Sets the file position, in bytes from the start.
  virtual Result<> seek(Fd fd, std::uint64_t offset) = 0;
  virtual Result<> truncate(Fd fd, std::uint64_t size) = 0;
  virtual Result<Mapping> map(Fd fd) = 0;
  virtual Result<> fsync(Fd fd) = 0;
  /// Flushes the file system that holds `fd`.
  virtual Result<> syncfs(Fd fd) = 0;

  // --- names ---------------------------------------------------------------
  virtual Result<> rename(Where from, Where to) = 0;
  /// Fails with file_exists when `to` exists.
  virtual Result<> rename_no_replace(Where from, Where to) = 0;
  virtual Result<> unlink(Where where) = 0;
  virtual Result<> mkdir(Where where, std::uint32_t mode = 0777) = 0;
  virtual Result<> rmdir(Where where) = 0;

  // --- metadata ------------------------------------------------------------
  virtual Result<Stat> stat(Where where, Follow follow = Follow::yes) = 0;
  virtual Result<Stat> fstat(Fd fd) = 0;
  /// Sets the access time to now and leaves the modification time; never follows a symlink.
  virtual Result<> touch(Where where) = 0;
  virtual Result<> chmod(Fd fd, std::uint32_t mode) = 0;
  /// Gives the file to the service user of the store; does nothing unless the process is root.
  virtual Result<> chown_to_service(Fd fd) = 0;

  // --- directories ---------------------------------------------------------
  /// The next batch of entries of a directory opened for reading, without "."
  /// and "..", in an order nobody controls; empty at the end.  `out` is replaced.
  virtual Result<> read_directory(Fd fd, std::vector<DirEntry>& out) = 0;
  /// The same, without the entries that `interest` does not want.  Never empty before the end.
  virtual Result<> read_directory_for(const Interest& interest, Fd fd, std::vector<DirEntry>& out);

  // --- locks between processes --------------------------------------------
  /// flock(2).  operation_would_block when it is not to wait, timed_out when the limit passed.
  virtual Result<> flock(Fd fd, LockKind kind, Wait wait) = 0;
  virtual void funlock(Fd fd) noexcept = 0;
  /// fcntl(F_SETLK) on the whole file: never waits, belongs to the process, and
  /// is lost when the process closes any descriptor of the file.  A conflict is
  /// resource_unavailable_try_again.
  virtual Result<> record_lock(Fd fd, RecordLock what) = 0;

  // --- within a process ------------------------------------------------------
  /// A mutex that the tasks of this process share.  `name` is shown in reports.
  virtual std::unique_ptr<Mutex> make_mutex(std::string_view name) = 0;

  // --- time and chance -----------------------------------------------------
  virtual Timestamp now() = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
  /// Local time minus UTC at `seconds` since 1970, in seconds.
  virtual std::int32_t utc_offset(std::int64_t seconds) = 0;
  virtual void random(std::span<std::byte> out) = 0;

  // --- what an engine tells; silent by default -----------------------------------
  /// Ask before building a `detail` that costs something.
  virtual bool points_wanted() { return false; }
  /// Not a step.  `detail` names the thing at hand: gc.mark.namespace(b).
  virtual void point(const Point& point, std::string_view detail = {}) {
    (void)point, (void)detail;
  }
  /// Whether anybody makes something of knows_only(); see knowledge.h, which calls both.
  virtual bool knowledge_wanted() { return false; }
  /// Not a step.  What the task that runs will still use of what it was told.
  virtual void knows_only(const Gist& gist) { (void)gist; }
  /// Whether that part of it counts.  Who says no is looking for those who should notice.
  virtual bool counts_as_known(std::string_view part) {
    (void)part;
    return true;
  }
  virtual void progress(const Progress& progress) { (void)progress; }
  /// Ask before formatting a message nobody wants.
  virtual bool log_wanted(LogLevel level) {
    (void)level;
    return false;
  }
  virtual void log(LogLevel level, std::string_view message) { (void)level, (void)message; }
  /// True when the user or the service asks the operation to stop.
  virtual bool interrupted() { return false; }
};

/// An open file that closes itself.  The System must outlive it.
class File {
 public:
  File() = default;
  File(System& system, Fd fd) : system_(&system), fd_(fd) {}
  File(File&& other) noexcept : system_(other.system_), fd_(other.release()) {}
  File& operator=(File&& other) noexcept {
    if (this != &other) {
      close();
      system_ = other.system_;
      fd_ = other.release();
    }
    return *this;
  }
  ~File() { close(); }

  Fd fd() const { return fd_; }
  bool is_open() const { return fd_ != Fd::none; }
  void close() noexcept {
    if (fd_ != Fd::none) system_->close(std::exchange(fd_, Fd::none));
  }
  Fd release() noexcept { return std::exchange(fd_, Fd::none); }

 private:
  System* system_ = nullptr;
  Fd fd_ = Fd::none;
};

/// open(), owned.
inline Result<File> open_file(System& system, Where where, Open flags, std::uint32_t mode = 0644) {
  auto fd = system.open(where, flags, mode);
  if (!fd) return fail(fd.error());
  return File(system, *fd);
}

/// Holds a mutex for a scope.
class MutexGuard {
 public:
  explicit MutexGuard(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexGuard() { mutex_.unlock(); }
  MutexGuard(const MutexGuard&) = delete;
  MutexGuard& operator=(const MutexGuard&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace unswept::os
