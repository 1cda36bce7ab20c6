#include "engine/store/process_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;
using Calls = std::vector<std::string>;

struct ProcessLocks {
  TemporaryDirectory directory;
  os::PosixSystem posix;
  RecordingSystem system{posix, directory.path()};
  ProcessLock lock{system, directory / ".lock"};

  /// The record-lock calls since the last time.
  Calls records() {
    Calls found = system.calls_with("record-lock");
    system.calls.clear();
    return found;
  }
};

TEST_CASE("process lock: the first writer takes a read lock and the last one gives it up",
          "[locks]") {
  ProcessLocks t;
  auto first = t.lock.try_shared();
  CHECK(t.records() == Calls{"record-lock read .lock"});
  auto second = t.lock.try_shared();
  CHECK(t.records().empty());
  first->release();
  CHECK(t.records().empty());
  second->release();
  CHECK(t.records() == Calls{"record-lock unlock .lock"});
}

TEST_CASE("process lock: exclusive beside writers of the process goes back to a read lock",
          "[locks]") {
  ProcessLocks t;
  auto writer = t.lock.try_shared();
  auto exclusive = t.lock.try_exclusive();
  REQUIRE(exclusive);
  CHECK(t.records() == Calls{"record-lock read .lock", "record-lock write .lock"});
  exclusive->release();
  CHECK(t.records() == Calls{"record-lock read .lock"});
}

TEST_CASE("process lock: writers that come and go under an exclusive lock leave it alone",
          "[locks]") {
  ProcessLocks t;
  auto exclusive = t.lock.try_exclusive();
  auto writer = t.lock.try_shared();
  REQUIRE(writer);
  writer->release();
  CHECK(t.records() == Calls{"record-lock write .lock"});
  exclusive->release();
  CHECK(t.records() == Calls{"record-lock unlock .lock"});
}

TEST_CASE("process lock: a second exclusive lock in the process is refused without a call",
          "[locks]") {
  ProcessLocks t;
  auto exclusive = t.lock.try_exclusive();
  t.records();
  const auto second = t.lock.try_exclusive();
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::lock_conflict);
  CHECK(t.records().empty());
}

TEST_CASE("process lock: a refusal by another process leaves no trace", "[locks]") {
  ProcessLocks t;
  t.system.fault = [](const std::string& call) {
    return call.starts_with("record-lock") ? os::Errno::resource_unavailable_try_again
                                           : os::Errno{};
  };
  CHECK(t.lock.try_shared().error().kind == ErrorKind::lock_conflict);
  CHECK(t.lock.try_exclusive().error().kind == ErrorKind::lock_conflict);
  CHECK_FALSE(t.lock.oldest_writer());
  t.system.fault = nullptr;
  CHECK(t.lock.try_exclusive());
}

TEST_CASE("process lock: the oldest writer is the smallest start time", "[locks]") {
  ProcessLocks t;
  CHECK_FALSE(t.lock.oldest_writer());
  const std::int64_t before = t.posix.now().seconds;
  auto first = t.lock.try_shared();
  auto second = t.lock.try_shared();
  REQUIRE(t.lock.oldest_writer());
  CHECK(*t.lock.oldest_writer() >= before);
  CHECK(*t.lock.oldest_writer() <= t.posix.now().seconds);
  first->release();
  CHECK(t.lock.oldest_writer());
  second->release();
  CHECK_FALSE(t.lock.oldest_writer());
}

TEST_CASE("process lock: the file is made if missing and left as it is", "[locks]") {
  ProcessLocks t;
  TestStore::write(t.directory / ".lock", "x");
  REQUIRE(t.lock.try_shared());
  CHECK(TestStore::read(t.directory / ".lock") == "x");
}

/// Runs `body` in a process of its own while `meanwhile` runs here.
template <class Body, class Meanwhile>
void beside_another_process(Body body, Meanwhile meanwhile) {
  int ready[2];
  int done[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(done) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = body();
    char byte = held ? 'y' : 'n';
    (void)!::write(ready[1], &byte, 1);
    ::close(done[1]);
    (void)!::read(done[0], &byte, 1);  // until the parent closes its end
    ::_exit(0);
  }
  char byte = 'n';
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(byte == 'y');
  meanwhile();
  for (int fd : {ready[0], ready[1], done[0], done[1]}) ::close(fd);
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("process lock: writers of two processes go together, a collector goes alone", "[locks]") {
  ProcessLocks t;
  const auto in_another_process = [&](auto take) {
    return [&t, take] {
      // Never destroyed: the process ends without unwinding.
      auto* const system = new os::PosixSystem;
      return take(*new ProcessLock(*system, t.directory / ".lock"));
    };
  };
  beside_another_process(in_another_process([](ProcessLock& lock) { return lock.try_shared(); }),
                         [&] {
                           CHECK(t.lock.try_shared());
                           CHECK(t.lock.try_exclusive().error().kind == ErrorKind::lock_conflict);
                         });
  beside_another_process(in_another_process([](ProcessLock& lock) { return lock.try_exclusive(); }),
                         [&] {
                           CHECK(t.lock.try_shared().error().kind == ErrorKind::lock_conflict);
                           CHECK(t.lock.try_exclusive().error().kind == ErrorKind::lock_conflict);
                         });
  CHECK(t.lock.try_exclusive());
}

TEST_CASE("process: one state per store, and none shared with another process", "[locks]") {
  os::PosixSystem system;
  Process a(system);
  Process b(system);
  CHECK(&a.store("/one") == &a.store("/one"));
  CHECK(&a.store("/one") != &a.store("/two"));
  CHECK(&a.store("/one") != &b.store("/one"));
}

}  // namespace
}  // namespace unswept::test
