// engine/os/posix/posix_system.h: the operating system this program runs on.
//
// Each call is one system call of Linux, repeated when a signal interrupts it.
// Waits (for a lock, for a pipe, for time to pass) end early when the interrupt flag
// is set: flock(), read() and write() then fail with `interrupted`, sleep() returns.
//
// Thread safety: all calls may be made from any thread.  The hooks are called on
// the thread that reports.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "engine/os/system.h"

namespace unswept::os {

struct PosixOptions {
  /// What is told, and to whom; nothing where there is no hook.
  std::function<void(LogLevel, std::string_view)> log;
  LogLevel log_level = LogLevel::info;  // less important messages are not asked for
  std::function<void(const Progress&)> progress;
  std::function<void(const Point&, std::string_view)> point;

  /// Asked by interrupted(); must outlive the system.  Safe to set in a signal handler.
  const std::atomic<bool>* interrupt = nullptr;

  /// Who gets the files when the process is root and the user exists.
  std::string service_user = "backup";
};

class PosixSystem final : public System {
 public:
  explicit PosixSystem(PosixOptions options = {});

  Result<Fd> open(Where where, Open flags, std::uint32_t mode) override;
  void close(Fd fd) noexcept override;
  Result<std::size_t> read(Fd fd, std::span<std::byte> out) override;
  Result<std::size_t> pread(Fd fd, std::span<std::byte> out, std::uint64_t offset) override;
  Result<std::size_t> write(Fd fd, std::span<const std::byte> bytes) override;
  Result<std::size_t> pwrite(Fd fd, std::span<const std::byte> bytes,
                             std::uint64_t offset) override;
  Result<> seek(Fd fd, std::uint64_t offset) override;
  Result<> truncate(Fd fd, std::uint64_t size) override;
  Result<Mapping> map(Fd fd) override;
  Result<> fsync(Fd fd) override;
  Result<> syncfs(Fd fd) override;

  Result<> rename(Where from, Where to) override;
  Result<> rename_no_replace(Where from, Where to) override;
  Result<> unlink(Where where) override;
  Result<> mkdir(Where where, std::uint32_t mode) override;
  Result<> rmdir(Where where) override;

  Result<Stat> stat(Where where, Follow follow) override;
  Result<Stat> fstat(Fd fd) override;
  Result<> touch(Where where) override;
  Result<> chmod(Fd fd, std::uint32_t mode) override;
  Result<> chown_to_service(Fd fd) override;

  Result<> read_directory(Fd fd, std::vector<DirEntry>& out) override;

  Result<> flock(Fd fd, LockKind kind, Wait wait) override;
  void funlock(Fd fd) noexcept override;
  Result<> record_lock(Fd fd, RecordLock what) override;

  std::unique_ptr<Mutex> make_mutex(std::string_view name) override;

  Timestamp now() override;
  void sleep(std::chrono::milliseconds duration) override;
  std::int32_t utc_offset(std::int64_t seconds) override;
  void random(std::span<std::byte> out) override;

  bool points_wanted() override;
  void point(const Point& point, std::string_view detail) override;
  void progress(const Progress& progress) override;
  bool log_wanted(LogLevel level) override;
  void log(LogLevel level, std::string_view message) override;
  bool interrupted() override;

 private:
  struct Owner {
    std::uint32_t user;
    std::uint32_t group;
  };
  static std::optional<Owner> find_service_owner(const std::string& user);

  Result<> flock_until(Fd fd, int operation, std::chrono::milliseconds limit);

  PosixOptions options_;
  /// Nothing unless the process is root.
  std::optional<Owner> service_;
};

}  // namespace unswept::os
