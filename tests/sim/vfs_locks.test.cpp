// flock, record locks and mutexes.
#include <set>

#include "sim/shared.h"
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;
using os::Errno;
using os::LockKind;
using os::Open;
using os::RecordLock;
using os::Wait;

TEST_CASE("flock: shared locks share, exclusive ones exclude", "[sim][flock]") {
  TestWorld test;
  test.file("/l");
  const auto a = *test.os.open("/l", Open::read);
  const auto b = *test.os.open("/l", Open::read);
  CHECK(test.os.flock(a, LockKind::shared, Wait::none()));
  CHECK(test.os.flock(b, LockKind::shared, Wait::none()));
  CHECK(error(test.os.flock(b, LockKind::exclusive, Wait::none())) == Errno::operation_would_block);
  // The failed conversion has cost b its shared lock, as on Linux.
  CHECK(test.os.flock(a, LockKind::exclusive, Wait::none()));
  test.os.close(a);
  CHECK(test.os.flock(b, LockKind::exclusive, Wait::none()));
}

TEST_CASE("flock: an unlimited wait ends when the lock is free, and only then", "[sim][flock]") {
  TestWorld test;
  test.file("/l");
  Shared<int> inside(test.world, 0);
  int together = 0;
  for (int i = 0; i < 2; ++i)
    test.actor("locker", [&] {
      const auto file = os::open_file(test.os, "/l", Open::read);
      REQUIRE(test.os.flock(file->fd(), LockKind::exclusive, Wait::forever()));
      together += inside.fetch_add(1);
      inside.fetch_add(-1);
    });
  test.world.seal();
  AllChooser chooser;
  do {
    REQUIRE(test.world.run(chooser).outcome == model::Outcome::finished);
  } while (chooser.next_run());
  CHECK(together == 0);
}

TEST_CASE("flock: a wait with a limit may expire while the lock is held, or get it afterwards",
          "[sim][flock]") {
  const auto outcomes = [](std::uint32_t timeouts_max) {
    TestWorld test({.timeouts_max = timeouts_max});
    test.file("/l");
    os::Errno told{};
    test.actor("holder", [&] {
      const auto file = os::open_file(test.os, "/l", Open::read);
      (void)test.os.flock(file->fd(), LockKind::exclusive, Wait::forever());
    });
    test.actor("waiter", [&] {
      const auto file = os::open_file(test.os, "/l", Open::read);
      told = error(
          test.os.flock(file->fd(), LockKind::exclusive, Wait::at_most(std::chrono::seconds(10))));
    });
    test.world.seal();
    std::set<os::Errno> seen;
    AllChooser chooser;
    do {
      CHECK(test.world.run(chooser).outcome == model::Outcome::finished);
      seen.insert(told);
    } while (chooser.next_run());
    return seen;
  };
  CHECK(outcomes(kUnlimited) == std::set{Errno{}, Errno::timed_out});
  CHECK(outcomes(1) == std::set{Errno{}, Errno::timed_out});
  CHECK(outcomes(0) == std::set{Errno{}});
}

TEST_CASE("flock: one who waits to convert a lock gives it up first", "[sim][flock]") {
  TestWorld test;
  test.file("/l");
  const auto convert = [&] {
    const auto file = os::open_file(test.os, "/l", Open::read);
    (void)test.os.flock(file->fd(), LockKind::shared, Wait::forever());
    (void)test.os.flock(file->fd(), LockKind::exclusive, Wait::forever());
  };
  test.actor("one", convert);
  test.actor("two", convert);
  test.world.seal();
  AllChooser chooser;
  do {
    REQUIRE(test.world.run(chooser).outcome == model::Outcome::finished);
  } while (chooser.next_run());
}

TEST_CASE("record locks: they belong to the process, which loses them at any close of the file",
          "[sim][record-lock]") {
  TestWorld test;
  os::System& other = test.world.system(test.world.add_process("other"));
  test.file("/l");
  const auto mine = *test.os.open("/l", Open::read_write);
  const auto again = *test.os.open("/l", Open::read);
  const auto theirs = *other.open("/l", Open::read_write);
  CHECK(test.os.record_lock(mine, RecordLock::write));
  CHECK(test.os.record_lock(again, RecordLock::read));
  CHECK(error(other.record_lock(theirs, RecordLock::write)) ==
        Errno::resource_unavailable_try_again);
  CHECK(other.record_lock(theirs, RecordLock::read));
  CHECK(other.record_lock(theirs, RecordLock::unlock));
  test.os.close(again);
  CHECK(other.record_lock(theirs, RecordLock::write));
}

TEST_CASE("mutex: try_lock fails while it is held", "[sim][mutex]") {
  TestWorld test;
  const auto mutex = test.os.make_mutex("m");
  mutex->lock();
  CHECK_FALSE(mutex->try_lock());
  CHECK(test.world.open_resources() == std::vector<std::string>{"locked: mutex m"});
  mutex->unlock();
  CHECK(mutex->try_lock());
}
