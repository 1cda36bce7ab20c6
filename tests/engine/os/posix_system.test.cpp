#include "engine/os/posix/posix_system.h"

#include <algorithm>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/engine/temporary_directory.h"

namespace unswept::os {
namespace {

using std::chrono::milliseconds;
using test::TemporaryDirectory;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

struct Fixture {
  PosixSystem posix;
  System& os = posix;
  TemporaryDirectory dir{TemporaryDirectory::Medium::disk};

  void make(std::string_view name, std::string_view content = {}) {
    auto file = open_file(os, dir / name, Open::write | Open::create | Open::truncate).value();
    CHECK(os.write(file.fd(), bytes_of(content)) == content.size());
  }
  std::string content(std::string_view name) {
    auto file = open_file(os, dir / name, Open::read).value();
    std::string text(4096, '\0');
    text.resize(os.read(file.fd(), std::as_writable_bytes(std::span(text))).value());
    return text;
  }
  bool exists(std::string_view name) { return os.stat(dir / name).has_value(); }
};

TEST_CASE_METHOD(Fixture, "posix: written bytes are read, at the position and anywhere",
                 "[posix]") {
  auto file =
      open_file(os, dir / "f", Open::read_write | Open::create | Open::exclusive, 0600).value();
  CHECK(os.write(file.fd(), bytes_of("hello")) == 5);
  CHECK(os.pwrite(file.fd(), bytes_of("J"), 0) == 1);
  CHECK(os.seek(file.fd(), 1).has_value());
  std::byte three[3];
  CHECK(os.read(file.fd(), three) == 3);
  CHECK(three[0] == std::byte{'e'});
  CHECK(os.pread(file.fd(), three, 5) == 0);
  CHECK(os.truncate(file.fd(), 2).has_value());
  CHECK(os.fsync(file.fd()).has_value());
  CHECK(os.syncfs(file.fd()).has_value());
  CHECK(content("f") == "Je");
  const Stat stat = os.fstat(file.fd()).value();
  CHECK(stat.type == FileType::regular);
  CHECK(stat.size == 2);
  CHECK(stat.mode == 0600);
  CHECK(os.chmod(file.fd(), 0640).has_value());
  CHECK(os.stat(dir / "f")->mode == 0640);
  CHECK(os.stat(dir / "f")->inode == stat.inode);
}

TEST_CASE_METHOD(Fixture, "posix: appending ignores the position", "[posix]") {
  make("f", "ab");
  auto file = open_file(os, dir / "f", Open::read_write | Open::append).value();
  CHECK(os.write(file.fd(), bytes_of("c")) == 1);
  CHECK(content("f") == "abc");
}

TEST_CASE_METHOD(Fixture, "posix: open names what is wrong", "[posix]") {
  make("f");
  CHECK(os.open(dir / "none", Open::read).error() == Errno::no_such_file_or_directory);
  CHECK(os.open(dir / "f", Open::write | Open::create | Open::exclusive).error() ==
        Errno::file_exists);
  CHECK(os.open(dir / "f", Open::read | Open::directory).error() == Errno::not_a_directory);
  REQUIRE(::symlink("f", (dir / "link").c_str()) == 0);
  CHECK(os.open(dir / "link", Open::read | Open::no_follow).error() ==
        Errno::too_many_symbolic_link_levels);
  CHECK(os.open(std::string(5000, 'x'), Open::read).error() == Errno::filename_too_long);
  CHECK(os.open(std::string_view("a\0b", 3), Open::read).error() == Errno::invalid_argument);
}

TEST_CASE_METHOD(Fixture, "posix: a mapping outlives the name and the descriptor", "[posix]") {
  make("f", "mapped");
  make("empty");
  Mapping mapping;
  {
    auto file = open_file(os, dir / "f", Open::read).value();
    mapping = os.map(file.fd()).value();
  }
  CHECK(os.unlink(dir / "f").has_value());
  CHECK(std::ranges::equal(mapping.bytes(), bytes_of("mapped")));
  auto empty = open_file(os, dir / "empty", Open::read).value();
  CHECK(os.map(empty.fd())->bytes().empty());
}

TEST_CASE_METHOD(Fixture, "posix: rename replaces a file but not a full directory", "[posix]") {
  make("a", "1");
  make("b", "2");
  CHECK(os.rename(dir / "a", dir / "b").has_value());
  CHECK(content("b") == "1");
  CHECK(os.mkdir(dir / "d").has_value());
  CHECK(os.mkdir(dir / "full").has_value());
  make("full/x");
  CHECK(os.rename(dir / "d", dir / "full").error() == Errno::directory_not_empty);
  CHECK(os.rename(dir / "full", dir / "full/x/y").error() == Errno::not_a_directory);
  CHECK(os.rename(dir / "none", dir / "b").error() == Errno::no_such_file_or_directory);
}

TEST_CASE_METHOD(Fixture, "posix: rename without replacing leaves what is there", "[posix]") {
  make("a", "1");
  make("b", "2");
  CHECK(os.rename_no_replace(dir / "a", dir / "b").error() == Errno::file_exists);
  CHECK(content("b") == "2");
  CHECK(os.rename_no_replace(dir / "a", dir / "c").has_value());
  CHECK(content("c") == "1");
  CHECK_FALSE(exists("a"));
}

TEST_CASE_METHOD(Fixture, "posix: unlink takes files, rmdir empty directories", "[posix]") {
  make("f");
  CHECK(os.mkdir(dir / "d").has_value());
  make("d/x");
  CHECK(os.mkdir(dir / "d").error() == Errno::file_exists);
  CHECK(os.unlink(dir / "d").error() == Errno::is_a_directory);
  CHECK(os.rmdir(dir / "d").error() == Errno::directory_not_empty);
  CHECK(os.rmdir(dir / "f").error() == Errno::not_a_directory);
  CHECK(os.unlink(dir / "d/x").has_value());
  CHECK(os.rmdir(dir / "d").has_value());
  CHECK(os.unlink(dir / "f").has_value());
  CHECK(os.unlink(dir / "f").error() == Errno::no_such_file_or_directory);
}

TEST_CASE_METHOD(Fixture, "posix: paths may start at an open directory", "[posix]") {
  CHECK(os.mkdir(dir / "d").has_value());
  make("d/x", "deep");
  auto open_dir = open_file(os, dir / "d", Open::read | Open::directory).value();
  CHECK(os.rename(dir / "d", dir / "moved").has_value());
  CHECK(os.stat(Where(open_dir.fd(), "x"))->size == 4);
  CHECK(os.rename(Where(open_dir.fd(), "x"), Where(open_dir.fd(), "y")).has_value());
  CHECK(content("moved/y") == "deep");
}

TEST_CASE_METHOD(Fixture, "posix: touch sets the access time and not the modification time",
                 "[posix]") {
  make("f");
  const timespec past[2] = {{1000, 0}, {2000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (dir / "f").c_str(), past, 0) == 0);
  CHECK(os.stat(dir / "f")->atime == Timestamp{1000, 0});
  const Timestamp before = os.now();
  CHECK(os.touch(dir / "f").has_value());
  // The kernel stamps files with a clock that may lag by a tick.
  CHECK(os.stat(dir / "f")->atime.seconds >= before.seconds - 1);
  CHECK(std::filesystem::last_write_time(dir / "f") ==
        std::chrono::file_clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(2000))));
  CHECK(os.touch(dir / "none").error() == Errno::no_such_file_or_directory);
}

TEST_CASE_METHOD(Fixture, "posix: touch and stat can leave a symlink alone", "[posix]") {
  make("f");
  const timespec past[2] = {{1000, 0}, {1000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (dir / "f").c_str(), past, 0) == 0);
  REQUIRE(::symlink("f", (dir / "link").c_str()) == 0);
  CHECK(os.touch(dir / "link").has_value());
  CHECK(os.stat(dir / "f")->atime == Timestamp{1000, 0});
  CHECK(os.stat(dir / "link", Follow::no)->type == FileType::symlink);
  CHECK(os.stat(dir / "link", Follow::yes)->type == FileType::regular);
}

TEST_CASE_METHOD(Fixture, "posix: a directory is read in batches, each name once", "[posix]") {
  std::set<std::string> expected;
  for (int i = 0; i < 1500; ++i) {
    expected.insert("a-rather-long-name-so-that-it-takes-several-batches-" + std::to_string(i));
  }
  for (const auto& name : expected) make(name);
  auto open_dir = open_file(os, dir.path(), Open::read | Open::directory).value();
  std::multiset<std::string> names;
  std::vector<DirEntry> batch;
  int batches = 0;
  do {
    REQUIRE(os.read_directory(open_dir.fd(), batch).has_value());
    for (const DirEntry& entry : batch) {
      names.insert(entry.name);
      CHECK((!entry.type_known || entry.type == FileType::regular));
    }
    ++batches;
  } while (!batch.empty());
  CHECK(batches > 2);
  CHECK(names == std::multiset<std::string>(expected.begin(), expected.end()));
}

TEST_CASE_METHOD(Fixture, "posix: an empty directory has no entries", "[posix]") {
  auto open_dir = open_file(os, dir.path(), Open::read | Open::directory).value();
  std::vector<DirEntry> batch(3);
  CHECK(os.read_directory(open_dir.fd(), batch).has_value());
  CHECK(batch.empty());
}

TEST_CASE_METHOD(Fixture, "posix: flock excludes other opens of the file", "[posix][lock]") {
  make("lock");
  auto one = open_file(os, dir / "lock", Open::read_write).value();
  auto two = open_file(os, dir / "lock", Open::read_write).value();
  CHECK(os.flock(one.fd(), LockKind::shared, Wait::none()).has_value());
  CHECK(os.flock(two.fd(), LockKind::shared, Wait::none()).has_value());
  CHECK(os.flock(one.fd(), LockKind::exclusive, Wait::none()).error() ==
        Errno::operation_would_block);
  os.funlock(two.fd());
  CHECK(os.flock(one.fd(), LockKind::exclusive, Wait::none()).has_value());
  CHECK(os.flock(two.fd(), LockKind::exclusive, Wait::at_most(milliseconds{5})).error() ==
        Errno::timed_out);
  one.close();
  CHECK(os.flock(two.fd(), LockKind::exclusive, Wait::forever()).has_value());
}

TEST_CASE_METHOD(Fixture, "posix: waiting for a lock ends when it is released", "[posix][lock]") {
  make("lock");
  auto holder = open_file(os, dir / "lock", Open::read_write).value();
  REQUIRE(os.flock(holder.fd(), LockKind::exclusive, Wait::none()).has_value());
  std::thread waiter([&] {
    auto file = open_file(os, dir / "lock", Open::read_write).value();
    CHECK(
        os.flock(file.fd(), LockKind::exclusive, Wait::at_most(milliseconds{10'000})).has_value());
  });
  os.sleep(milliseconds{5});
  os.funlock(holder.fd());
  waiter.join();
}

TEST_CASE_METHOD(Fixture, "posix: a record lock conflicts with that of another process",
                 "[posix][lock]") {
  make("lock");
  auto file = open_file(os, dir / "lock", Open::read_write).value();
  REQUIRE(os.record_lock(file.fd(), RecordLock::write).has_value());
  REQUIRE(os.record_lock(file.fd(), RecordLock::read).has_value());  // same process: converts
  const auto child_says = [&](RecordLock what) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto own = open_file(os, dir / "lock", Open::read_write).value();
      const auto locked = os.record_lock(own.fd(), what);
      const bool conflict = !locked && locked.error() == Errno::resource_unavailable_try_again;
      ::_exit(locked ? 0 : conflict ? 1 : 2);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  };
  CHECK(child_says(RecordLock::read) == 0);
  CHECK(child_says(RecordLock::write) == 1);
  REQUIRE(os.record_lock(file.fd(), RecordLock::unlock).has_value());
  CHECK(child_says(RecordLock::write) == 0);
}

TEST_CASE_METHOD(Fixture, "posix: a mutex is held by one", "[posix]") {
  const auto mutex = os.make_mutex("m");
  {
    MutexGuard guard(*mutex);
    bool other_got_it = true;
    std::thread([&] { other_got_it = mutex->try_lock(); }).join();
    CHECK_FALSE(other_got_it);
  }
  CHECK(mutex->try_lock());
  mutex->unlock();
}

TEST_CASE_METHOD(Fixture, "posix: time passes while sleeping, and random bytes differ", "[posix]") {
  const Timestamp before = os.now();
  os.sleep(milliseconds{2});
  CHECK(os.now() > before);
  std::array<std::byte, 16> one{};
  std::array<std::byte, 16> two{};
  os.random(one);
  os.random(two);
  CHECK(one != two);
}

TEST_CASE("posix: the local time zone is that of the environment", "[posix]") {
  PosixSystem system;
  ::setenv("TZ", "TEST-02:30", 1);
  ::tzset();
  CHECK(system.utc_offset(1700000000) == 9000);
  ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("posix: hooks hear what the engine tells, and nothing less important", "[posix]") {
  std::string heard;
  PosixOptions options;
  options.log = [&](LogLevel, std::string_view message) { heard.append(message).append(";"); };
  options.log_level = LogLevel::warning;
  options.point = [&](const Point& point, std::string_view detail) {
    heard.append(point.name).append("(").append(detail).append(");");
  };
  options.progress = [&](const Progress& progress) { heard.append(progress.phase).append(";"); };
  PosixSystem posix(options);
  System& system = posix;
  CHECK_FALSE(system.log_wanted(LogLevel::info));
  system.log(LogLevel::info, "quiet");
  system.log(LogLevel::error, "loud");
  system.point(Point{"gc.started"}, "x");
  system.progress({"mark", 1, 2});
  CHECK(heard == "loud;gc.started(x);mark;");
  CHECK(system.points_wanted());
  CHECK_FALSE(PosixSystem().points_wanted());
}

TEST_CASE("posix: an interrupt ends waiting for a lock", "[posix][lock]") {
  TemporaryDirectory dir{TemporaryDirectory::Medium::disk};
  std::atomic<bool> stop = true;
  PosixOptions options;
  options.interrupt = &stop;
  PosixSystem posix(options);
  System& os = posix;
  auto one = open_file(os, dir / "lock", Open::read_write | Open::create).value();
  auto two = open_file(os, dir / "lock", Open::read_write).value();
  REQUIRE(os.flock(one.fd(), LockKind::exclusive, Wait::none()).has_value());
  CHECK(os.flock(two.fd(), LockKind::exclusive, Wait::at_most(milliseconds{60'000})).error() ==
        Errno::interrupted);
  CHECK(os.interrupted());
}

}  // namespace
}  // namespace unswept::os
