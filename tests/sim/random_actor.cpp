#include "tests/sim/random_actor.h"

#include "tests/sim/test_world.h"

namespace unswept::sim::testing {

using os::LockKind;
using os::Open;

Playground::Playground(World& machine)
    : world(machine),
      processes{machine.add_process("one"), machine.add_process("two")},
      mutexes{machine.system(processes[0]).make_mutex("m0"),
              machine.system(processes[0]).make_mutex("m1")},
      variables{{machine, 0}, {machine, 0}} {
  os::System& os = machine.system(processes[0]);
  for (const char* directory : {"/a", "/b", "/a/c"}) (void)os.mkdir(directory);
  for (const char* file : {"/a/f", "/b/f", "/a/c/f"})
    os.close(*os.open(file, Open::write | Open::create));
  machine.symlink("/a/c", "/s");
  shared_fd = *os.open("/a/f", Open::read_write);
  machine.track_times();
}

void RandomActor::make_calls(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) call();
  if (mutex_held_ >= 0) playground_.mutexes[mutex_held_]->unlock();
}

std::string RandomActor::path() {
  static constexpr const char* kPaths[] = {"/a",     "/b",     "/a/c",      "/a/f",
                                           "/b/f",   "/a/c/f", "/b/c",      "/a/g.x",
                                           "/b/g.x", "/s/f",   "/a/../b/f", "/b/c/f"};
  return kPaths[below(std::size(kPaths))];
}

os::Fd RandomActor::fd() {
  if (fds_.empty() || (first_process_ && below(3) == 0)) return playground_.shared_fd;
  return fds_[below(fds_.size())];
}

void RandomActor::call() {
  const std::uint64_t kind = below(10);
  if (kind < 4) return call_on_names();
  if (kind < 7) return call_on_file();
  if (kind < 9) return call_on_locks();
  call_on_memory();
}

void RandomActor::open() {
  static constexpr Open kFlags[] = {
      Open::read, Open::read_write | Open::create, Open::write | Open::create | Open::truncate,
      Open::write | Open::append, Open::write | Open::create | Open::exclusive};
  // Often the file that the shared descriptor is of: closing either touches the locks of both.
  const std::string where = below(2) == 0 ? "/a/f" : path();
  if (const auto opened = os_.open(where, kFlags[below(5)])) fds_.push_back(*opened);
}

// Seldom the shared descriptor.
void RandomActor::close() { os_.close(fds_.empty() ? fd() : fds_[below(fds_.size())]); }

void RandomActor::open_directory() {
  if (const auto opened = os_.open(path(), Open::read | Open::directory))
    directories_.push_back(*opened);
}

void RandomActor::read_directory() {
  static constexpr std::string_view kExtensions[] = {"x"};
  static constexpr std::string_view kNames[] = {"c", "f"};
  std::vector<os::DirEntry> entries;
  const os::Fd directory = directories_.back();
  switch (below(4)) {
    case 0:
      (void)os_.read_directory(directory, entries);
      return;
    case 2:
      (void)os_.read_directory_for({.directories = true, .extensions = {}, .names = kNames},
                                   directory, entries);
      return;
    case 1:
      (void)os_.read_directory_for({.directories = true, .extensions = {}}, directory, entries);
      return;
    default:
      (void)os_.read_directory_for({.directories = false, .extensions = kExtensions}, directory,
                                   entries);
  }
}

void RandomActor::call_on_names() {
  switch (below(9)) {
    case 0:
    case 1:
    case 2:
      (void)os_.rename(path(), path());
      return;
    case 3:
      (void)os_.unlink(path());
      return;
    case 4:
      (void)os_.mkdir(path());
      return;
    case 5:
      (void)os_.rmdir(path());
      return;
    case 6:
      (void)os_.touch(path());
      return;
    case 7:
      (void)os_.stat(path());
      return;
    default:
      (void)os_.rename_no_replace(path(), path());
  }
}

void RandomActor::call_on_file() {
  std::byte bytes[3] = {std::byte{1}, std::byte{2}, std::byte{3}};
  switch (below(14)) {
    case 0:
    case 1:
      return open();
    case 2:
      return open_directory();
    case 3:
    case 4:
    case 5:
      if (directories_.empty()) return open_directory();
      return read_directory();
    case 6:
      return close();
    case 7:
      (void)os_.read(fd(), bytes);
      return;
    case 8:
      (void)os_.write(fd(), bytes);
      return;
    case 9:
      (void)os_.pread(fd(), bytes, below(4));
      return;
    case 10:
      (void)os_.truncate(fd(), below(4));
      return;
    case 11:
      (void)os_.fstat(fd());
      return;
    case 12:
      if (directories_.empty()) return open_directory();
      (void)os_.stat({directories_.back(), ".."});
      return;
    default:
      if (directories_.empty()) return open_directory();
      (void)os_.mkdir({directories_.back(), "new"});
  }
}

void RandomActor::call_on_locks() {
  const LockKind kind = below(2) == 0 ? LockKind::shared : LockKind::exclusive;
  switch (below(8)) {
    case 0:
      (void)os_.flock(fd(), kind, os::Wait::none());
      return;
    case 1:
      (void)os_.flock(fd(), kind, os::Wait::at_most(std::chrono::seconds(1)));
      return;
    case 2:
      (void)os_.flock(fd(), kind, os::Wait::forever());
      return;
    case 3:
      return os_.funlock(fd());
    case 4:
    case 5:
      (void)os_.record_lock(fd(), static_cast<os::RecordLock>(below(3)));
      return;
    default:
      if (mutex_held_ >= 0) {
        playground_.mutexes[mutex_held_]->unlock();
        mutex_held_ = -1;
      } else {
        const int chosen = static_cast<int>(below(2));
        os::Mutex& mutex = *playground_.mutexes[chosen];
        if (below(2) == 0) {
          mutex.lock();
          mutex_held_ = chosen;
        } else if (mutex.try_lock()) {
          mutex_held_ = chosen;
        }
      }
  }
}

void RandomActor::call_on_memory() {
  auto& variable = playground_.variables[below(2)];
  switch (below(5)) {
    case 0:
      (void)os_.now();
      return;
    case 1:
      os_.sleep(std::chrono::milliseconds(5));
      return;
    case 2:
      (void)variable.read();
      return;
    case 3:
      (void)variable.fetch_add(1);
      return;
    default: {
      std::uint8_t expected = 0;
      (void)variable.compare_exchange(expected, 1);
    }
  }
}

}  // namespace unswept::sim::testing
