#include "sim/process_system.h"

#include <cstring>
#include <fmt/format.h>

#include "sim/machine.h"
#include "sim/process_mutex.h"

namespace unswept::sim {
namespace {

using os::Fd;
using os::LockKind;
using os::Open;
using os::Result;
using os::Where;

std::string flag_words(Open flags) {
  static constexpr std::pair<Open, std::string_view> kWords[] = {
      {Open::append, "append"},     {Open::create, "create"},       {Open::exclusive, "exclusive"},
      {Open::truncate, "truncate"}, {Open::directory, "directory"}, {Open::no_follow, "no-follow"}};
  std::string words = has(flags, Open::read_write) ? "read-write"
                      : has(flags, Open::write)    ? "write"
                                                   : "read";
  for (const auto& [flag, word] : kWords)
    if (has(flags, flag)) words += fmt::format(",{}", word);
  return words;
}

}  // namespace

ProcessSystem::ProcessSystem(Machine& machine, ProcessId process)
    : machine_(machine), process_(process) {}

template <class Value, class Run, class Describe>
Value ProcessSystem::submit(Op op, Run run, Describe describe, Value value) {
  CallOf<Value, Run, Describe> call(op, process_, std::move(run), std::move(describe),
                                    Call::Waits::never, std::move(value));
  machine_.scheduler.submit(call);
  return std::move(call.value());
}

template <class Value, class Ready, class Run, class Describe>
Value ProcessSystem::submit_waiting(Op op, Ready ready, Run run, Describe describe) {
  WaitingCallOf<Value, Ready, Run, Describe> call(op, process_, std::move(ready), std::move(run),
                                                  std::move(describe));
  machine_.scheduler.submit(call);
  return std::move(call.value());
}

// A call on an open file that answers nothing but an error: Result<> run(Touch&).
template <class Run>
Result<> ProcessSystem::on_file(Op op, Fd fd, Run run) {
  return submit<Result<>>(op, std::move(run), [&] { return file(to_string(op), fd); });
}

std::string ProcessSystem::file(std::string_view verb, Fd fd) const {
  return fmt::format("{} {}", verb, machine_.vfs.descriptors().path_of(fd));
}

std::string ProcessSystem::lock(std::string_view verb, Fd fd, LockKind kind) const {
  return fmt::format("{} {}", file(verb, fd), kind == LockKind::shared ? "shared" : "exclusive");
}

namespace {

/// The path in full, for a reader.
std::string words(Vfs& vfs, const Where& where) {
  if (where.dir == Fd::cwd || where.path.starts_with('/')) return std::string(where.path);
  return fmt::format("{}/{}", vfs.descriptors().path_of(where.dir), where.path);
}

/// Looks the path up when the call happens: a call that is repeated needs none.
class LazyTarget {
 public:
  LazyTarget(Vfs& vfs, const Where& where) : vfs_(vfs), where_(where) {}
  const Target& operator()() {
    if (target_.path == nullptr) target_ = vfs_.target(where_);
    return target_;
  }

 private:
  Vfs& vfs_;
  const Where& where_;
  Target target_;
};

}  // namespace

// --- files -----------------------------------------------------------------------

Result<Fd> ProcessSystem::open(Where where, Open flags, std::uint32_t mode) {
  Vfs& vfs = machine_.vfs;
  LazyTarget target(vfs, where);
  return submit<Result<Fd>>(
      Op::open, [&](Touch& touch) { return vfs.open(touch, target(), flags, mode); },
      [&] { return fmt::format("open {} ({})", words(vfs, where), flag_words(flags)); });
}

void ProcessSystem::close(Fd fd) noexcept {
  const auto run = [&](Touch& touch) {
    machine_.vfs.close(touch, fd);
    return Nothing{};
  };
  const auto describe = [&] { return file("close", fd); };
  CallOf<Nothing, decltype(run), decltype(describe)> call(Op::close, process_, run, describe);
  machine_.scheduler.submit_quietly(call);
}

Result<std::size_t> ProcessSystem::read(Fd fd, std::span<std::byte> out) {
  return submit<ReadValue>(
             Op::read,
             [&](Touch& touch) { return ReadValue{machine_.vfs.read(touch, fd, out), out}; },
             [&] { return file("read", fd); }, ReadValue{0, out})
      .count;
}

Result<std::size_t> ProcessSystem::pread(Fd fd, std::span<std::byte> out, std::uint64_t offset) {
  return submit<ReadValue>(
             Op::pread,
             [&](Touch& touch) {
               return ReadValue{machine_.vfs.pread(touch, fd, out, offset), out};
             },
             [&] { return fmt::format("{} at {}", file("pread", fd), offset); }, ReadValue{0, out})
      .count;
}

Result<std::size_t> ProcessSystem::write(Fd fd, std::span<const std::byte> bytes) {
  return submit<Result<std::size_t>>(
      Op::write, [&](Touch& touch) { return machine_.vfs.write(touch, fd, bytes); },
      [&] { return file("write", fd); });
}

Result<std::size_t> ProcessSystem::pwrite(Fd fd, std::span<const std::byte> bytes,
                                          std::uint64_t offset) {
  return submit<Result<std::size_t>>(
      Op::pwrite, [&](Touch& touch) { return machine_.vfs.pwrite(touch, fd, bytes, offset); },
      [&] { return fmt::format("{} at {}", file("pwrite", fd), offset); });
}

Result<> ProcessSystem::seek(Fd fd, std::uint64_t offset) {
  return submit<Result<>>(
      Op::seek, [&](Touch& touch) { return machine_.vfs.seek(touch, fd, offset); },
      [&] { return fmt::format("{} to {}", file("seek", fd), offset); });
}

Result<> ProcessSystem::truncate(Fd fd, std::uint64_t size) {
  return submit<Result<>>(
      Op::truncate, [&](Touch& touch) { return machine_.vfs.truncate(touch, fd, size); },
      [&] { return fmt::format("{} to {}", file("truncate", fd), size); });
}

Result<os::Mapping> ProcessSystem::map(Fd fd) {
  auto content = submit<Result<Content>>(
      Op::map, [&](Touch& touch) { return machine_.vfs.map(touch, fd); },
      [&] { return file("map", fd); });
  if (!content) return os::fail(content.error());
  auto owner = std::make_shared<const Content>(std::move(*content));
  const auto bytes = owner->bytes();
  return os::Mapping(std::move(owner), bytes);
}

Result<> ProcessSystem::fsync(Fd fd) {
  return on_file(Op::fsync, fd, [&](Touch& touch) { return machine_.vfs.sync(touch, fd); });
}

Result<> ProcessSystem::syncfs(Fd fd) {
  return on_file(Op::syncfs, fd, [&](Touch& touch) { return machine_.vfs.sync(touch, fd); });
}

// --- names -----------------------------------------------------------------------

Result<> ProcessSystem::rename(Op op, const Where& from, const Where& to) {
  Vfs& vfs = machine_.vfs;
  LazyTarget old_target(vfs, from);
  LazyTarget new_target(vfs, to);
  return submit<Result<>>(
      op,
      [&](Touch& touch) {
        return vfs.rename(touch, old_target(), new_target(), /*replace=*/op == Op::rename);
      },
      [&] { return fmt::format("rename {} -> {}", words(vfs, from), words(vfs, to)); });
}

Result<> ProcessSystem::rename(Where from, Where to) { return rename(Op::rename, from, to); }

Result<> ProcessSystem::rename_no_replace(Where from, Where to) {
  return rename(Op::rename_no_replace, from, to);
}

Result<> ProcessSystem::unlink(Where where) {
  Vfs& vfs = machine_.vfs;
  LazyTarget target(vfs, where);
  return submit<Result<>>(
      Op::unlink, [&](Touch& touch) { return vfs.unlink(touch, target()); },
      [&] { return fmt::format("unlink {}", words(vfs, where)); });
}

Result<> ProcessSystem::mkdir(Where where, std::uint32_t mode) {
  Vfs& vfs = machine_.vfs;
  LazyTarget target(vfs, where);
  return submit<Result<>>(
      Op::mkdir, [&](Touch& touch) { return vfs.mkdir(touch, target(), mode); },
      [&] { return fmt::format("mkdir {}", words(vfs, where)); });
}

Result<> ProcessSystem::rmdir(Where where) {
  Vfs& vfs = machine_.vfs;
  LazyTarget target(vfs, where);
  return submit<Result<>>(
      Op::rmdir, [&](Touch& touch) { return vfs.rmdir(touch, target()); },
      [&] { return fmt::format("rmdir {}", words(vfs, where)); });
}

// --- metadata ----------------------------------------------------------------------

Result<os::Stat> ProcessSystem::stat(Where where, os::Follow follow) {
  Vfs& vfs = machine_.vfs;
  LazyTarget target(vfs, where);
  return submit<Result<os::Stat>>(
      Op::stat, [&](Touch& touch) { return vfs.stat(touch, target(), follow); },
      [&] { return fmt::format("stat {}", words(vfs, where)); });
}

Result<os::Stat> ProcessSystem::fstat(Fd fd) {
  return submit<Result<os::Stat>>(
      Op::fstat, [&](Touch& touch) { return machine_.vfs.fstat(touch, fd); },
      [&] { return file("fstat", fd); });
}

Result<> ProcessSystem::touch(Where where) {
  Vfs& vfs = machine_.vfs;
  LazyTarget target(vfs, where);
  return submit<Result<>>(
      Op::touch, [&](Touch& touch) { return vfs.touch_times(touch, target()); },
      [&] { return fmt::format("touch {}", words(vfs, where)); });
}

Result<> ProcessSystem::chmod(Fd fd, std::uint32_t mode) {
  return submit<Result<>>(
      Op::chmod, [&](Touch& touch) { return machine_.vfs.chmod(touch, fd, mode); },
      [&] { return fmt::format("{} {:o}", file("chmod", fd), mode); });
}

// There is one user in this world.
Result<> ProcessSystem::chown_to_service(Fd fd) {
  return on_file(Op::chown, fd, [&](Touch& touch) { return machine_.vfs.sync(touch, fd); });
}

// --- directories -------------------------------------------------------------------

Result<> ProcessSystem::read_directory(Fd fd, std::vector<os::DirEntry>& out) {
  return read_entries(fd, nullptr, out);
}

// One step, whatever there is that nobody wants: a batch in which nothing is wanted is as good as
// none, since the batch after it could as well have been read in its place.
Result<> ProcessSystem::read_directory_for(const os::Interest& interest, Fd fd,
                                           std::vector<os::DirEntry>& out) {
  return read_entries(fd, &interest, out);
}

Result<> ProcessSystem::read_entries(Fd fd, const os::Interest* interest,
                                     std::vector<os::DirEntry>& out) {
  return submit<EntriesValue>(
             Op::read_directory,
             [&](Touch& touch) {
               return EntriesValue{machine_.vfs.read_directory(touch, fd, interest, out), &out};
             },
             [&] { return file("read-directory", fd); }, EntriesValue{{}, &out})
      .result;
}

// --- locks between processes ---------------------------------------------------------

Result<> ProcessSystem::flock(Fd fd, LockKind kind, os::Wait wait) {
  if (wait.unlimited) return flock_wait(fd, kind);
  if (wait.limit.count() <= 0) return flock_try(fd, kind);
  return flock_timed(fd, kind);
}

Result<> ProcessSystem::flock_try(Fd fd, LockKind kind) {
  return submit<Result<>>(
      Op::flock,
      [&](Touch& touch) { return machine_.vfs.flock(touch, fd, kind, Vfs::Waiting::no); },
      [&] { return lock("try-flock", fd, kind); });
}

// While the lock is held the wait may expire at any moment, so the step may always be taken: the
// schedule decides whether it comes before or after the holder's release.
//
// Whoever holds a lock of the other kind does not get to wait before it is given up: that is a
// step of its own, which answers operation_would_block.
Result<> ProcessSystem::flock_timed(Fd fd, LockKind kind) {
  Vfs& vfs = machine_.vfs;
  Timeouts& timeouts = machine_.timeouts;
  const auto ready = [&] {
    return timeouts.any_left() || !vfs.flock_would_wait(process_, fd, kind) ||
           vfs.flock_converts(process_, fd, kind);
  };
  const auto run = [&](Touch& touch) -> Result<> {
    timeouts.look(touch);
    const bool may_expire = timeouts.any_left() && !vfs.flock_converts(process_, fd, kind);
    if (!may_expire) return vfs.flock(touch, fd, kind, Vfs::Waiting::yes);
    auto locked = vfs.flock(touch, fd, kind, Vfs::Waiting::no);
    if (locked || locked.error() != os::Errno::operation_would_block) return locked;
    timeouts.spend(touch);
    return os::fail(os::Errno::timed_out);
  };
  const auto describe = [&] { return lock("flock", fd, kind); };
  for (;;) {
    auto locked = submit_waiting<Result<>>(Op::flock, ready, run, describe);
    if (locked || locked.error() != os::Errno::operation_would_block) return locked;
  }
}

Result<> ProcessSystem::flock_wait(Fd fd, LockKind kind) {
  Vfs& vfs = machine_.vfs;
  const auto ready = [&] {
    return !vfs.flock_would_wait(process_, fd, kind) || vfs.flock_converts(process_, fd, kind);
  };
  const auto run = [&](Touch& touch) { return vfs.flock(touch, fd, kind, Vfs::Waiting::yes); };
  const auto describe = [&] { return lock("flock", fd, kind); };
  for (;;) {
    auto locked = submit_waiting<Result<>>(Op::flock, ready, run, describe);
    if (locked || locked.error() != os::Errno::operation_would_block) return locked;
  }
}

void ProcessSystem::funlock(Fd fd) noexcept {
  const auto run = [&](Touch& touch) {
    machine_.vfs.funlock(touch, fd);
    return Nothing{};
  };
  const auto describe = [&] { return file("funlock", fd); };
  CallOf<Nothing, decltype(run), decltype(describe)> call(Op::funlock, process_, run, describe);
  machine_.scheduler.submit_quietly(call);
}

Result<> ProcessSystem::record_lock(Fd fd, os::RecordLock what) {
  static constexpr std::string_view kWords[] = {"read", "write", "unlock"};
  return submit<Result<>>(
      Op::record_lock, [&](Touch& touch) { return machine_.vfs.record_lock(touch, fd, what); },
      [&] {
        return fmt::format("{} {}", file("record-lock", fd),
                           kWords[static_cast<std::size_t>(what)]);
      });
}

// --- within a process, time and chance ------------------------------------------------

std::unique_ptr<os::Mutex> ProcessSystem::make_mutex(std::string_view name) {
  const model::ActorId actor = machine_.scheduler.current();
  const CreatorId creator = actor == model::kNoActor ? 0 : actor + 1;
  return std::make_unique<ProcessMutex>(machine_, process_, machine_.mutexes.make(creator, name));
}

os::Timestamp ProcessSystem::now() {
  return submit<os::Timestamp>(
      Op::now, [&](Touch& touch) { return machine_.clock.now(touch); },
      [] { return std::string("now"); });
}

void ProcessSystem::sleep(std::chrono::milliseconds duration) {
  submit<Nothing>(
      Op::sleep,
      [&](Touch& touch) {
        machine_.clock.advance(touch, duration);
        return Nothing{};
      },
      [&] { return fmt::format("sleep {} ms", duration.count()); });
}

void ProcessSystem::random(std::span<std::byte> out) {
  while (!out.empty()) {
    const std::uint64_t bits = machine_.scheduler.random();
    const std::size_t count = std::min(out.size(), sizeof(bits));
    std::memcpy(out.data(), &bits, count);
    out = out.subspan(count);
  }
}

bool ProcessSystem::points_wanted() { return machine_.monitor != nullptr; }

void ProcessSystem::point(const os::Point& point, std::string_view detail) {
  machine_.scheduler.point(point, detail);
}

bool ProcessSystem::knowledge_wanted() { return machine_.scheduler.wants_knowledge(); }

void ProcessSystem::knows_only(const os::Gist& gist) { machine_.scheduler.know_only(gist); }

bool ProcessSystem::counts_as_known(std::string_view part) {
  return part != machine_.left_out_of_knowledge;
}

}  // namespace unswept::sim
