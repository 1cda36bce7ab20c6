// sim/process_system.h: the operating system as one simulated process sees it.
//
// Each call is a step of the actor that makes it, or happens at once outside of
// actors.  make_mutex, random, utc_offset and what an engine tells are no steps.
//
// Thread safety: as the World.
#pragma once

#include "engine/os/system.h"
#include "sim/call.h"
#include "sim/vfs/vfs.h"

namespace unswept::sim {

class Machine;

class ProcessSystem final : public os::System {
 public:
  ProcessSystem(Machine& machine, ProcessId process);

  os::Result<os::Fd> open(os::Where where, os::Open flags, std::uint32_t mode) override;
  void close(os::Fd fd) noexcept override;
  os::Result<std::size_t> read(os::Fd fd, std::span<std::byte> out) override;
  os::Result<std::size_t> pread(os::Fd fd, std::span<std::byte> out, std::uint64_t offset) override;
  os::Result<std::size_t> write(os::Fd fd, std::span<const std::byte> bytes) override;
  os::Result<std::size_t> pwrite(os::Fd fd, std::span<const std::byte> bytes,
                                 std::uint64_t offset) override;
  os::Result<> seek(os::Fd fd, std::uint64_t offset) override;
  os::Result<> truncate(os::Fd fd, std::uint64_t size) override;
  os::Result<os::Mapping> map(os::Fd fd) override;
  os::Result<> fsync(os::Fd fd) override;
  os::Result<> syncfs(os::Fd fd) override;

  os::Result<> rename(os::Where from, os::Where to) override;
  os::Result<> rename_no_replace(os::Where from, os::Where to) override;
  os::Result<> unlink(os::Where where) override;
  os::Result<> mkdir(os::Where where, std::uint32_t mode) override;
  os::Result<> rmdir(os::Where where) override;

  os::Result<os::Stat> stat(os::Where where, os::Follow follow) override;
  os::Result<os::Stat> fstat(os::Fd fd) override;
  os::Result<> touch(os::Where where) override;
  os::Result<> chmod(os::Fd fd, std::uint32_t mode) override;
  os::Result<> chown_to_service(os::Fd fd) override;

  os::Result<> read_directory(os::Fd fd, std::vector<os::DirEntry>& out) override;
  os::Result<> read_directory_for(const os::Interest& interest, os::Fd fd,
                                  std::vector<os::DirEntry>& out) override;

  os::Result<> flock(os::Fd fd, os::LockKind kind, os::Wait wait) override;
  void funlock(os::Fd fd) noexcept override;
  os::Result<> record_lock(os::Fd fd, os::RecordLock what) override;

  std::unique_ptr<os::Mutex> make_mutex(std::string_view name) override;

  os::Timestamp now() override;
  void sleep(std::chrono::milliseconds duration) override;
  std::int32_t utc_offset(std::int64_t) override { return 0; }
  void random(std::span<std::byte> out) override;
  bool points_wanted() override;
  void point(const os::Point& point, std::string_view detail) override;
  bool knowledge_wanted() override;
  void knows_only(const os::Gist& gist) override;
  bool counts_as_known(std::string_view part) override;

 private:
  /// `value`: what the answer is written over.
  template <class Value, class Run, class Describe>
  Value submit(Op op, Run run, Describe describe, Value value = {});
  template <class Value, class Ready, class Run, class Describe>
  Value submit_waiting(Op op, Ready ready, Run run, Describe describe);
  template <class Run>
  os::Result<> on_file(Op op, os::Fd fd, Run run);
  os::Result<> read_entries(os::Fd fd, const os::Interest* interest,
                            std::vector<os::DirEntry>& out);
  os::Result<> rename(Op op, const os::Where& from, const os::Where& to);
  os::Result<> flock_try(os::Fd fd, os::LockKind kind);
  os::Result<> flock_timed(os::Fd fd, os::LockKind kind);
  os::Result<> flock_wait(os::Fd fd, os::LockKind kind);
  std::string file(std::string_view verb, os::Fd fd) const;
  std::string lock(std::string_view verb, os::Fd fd, os::LockKind kind) const;

  Machine& machine_;
  ProcessId process_;
};

}  // namespace unswept::sim
