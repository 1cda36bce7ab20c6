#include "engine/store/lock_file.h"

#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;
using os::LockKind;
using os::Wait;

struct Locks {
  TemporaryDirectory directory;
  os::PosixSystem posix;
  RecordingSystem system{posix, directory.path()};
  std::string path = directory / "locks/a:b/vm-100";

  Result<LockFile> take(LockKind kind = LockKind::exclusive) {
    return take_lock(system, path, kind, Wait::none());
  }
};

TEST_CASE("lock file: the first taker makes it beside its place and renames it", "[locks]") {
  Locks t;
  const auto lock = t.take();
  REQUIRE(lock);
  CHECK(t.system.calls ==
        std::vector<std::string>{"mkdir locks/a:b", "mkdir locks", "mkdir locks/a:b",
                                 "open locks/a:b/vm-100", "create locks/a:b/vm-100.tmp_",
                                 "rename-new locks/a:b/vm-100.tmp_ -> locks/a:b/vm-100",
                                 "lock locks/a:b/vm-100.tmp_", "stat locks/a:b/vm-100"});
  CHECK((fs::status(t.path).permissions() & fs::perms::mask) == static_cast<fs::perms>(0660));
  CHECK(fs::is_empty(t.path));
}

TEST_CASE("lock file: a known one is opened, locked and looked at again", "[locks]") {
  Locks t;
  REQUIRE(t.take());
  t.system.calls.clear();
  REQUIRE(t.take());
  CHECK(t.system.calls == std::vector<std::string>{"mkdir locks/a:b", "open locks/a:b/vm-100",
                                                   "lock locks/a:b/vm-100",
                                                   "stat locks/a:b/vm-100"});
}

TEST_CASE("lock file: an exclusive lock keeps everybody else out until it is released", "[locks]") {
  Locks t;
  auto lock = t.take();
  REQUIRE(lock);
  for (LockKind kind : {LockKind::exclusive, LockKind::shared}) {
    const auto second = t.take(kind);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::lock_conflict);
  }
  lock->release();
  CHECK(t.take());
}

TEST_CASE("lock file: shared locks go together", "[locks]") {
  Locks t;
  const auto first = t.take(LockKind::shared);
  const auto second = t.take(LockKind::shared);
  CHECK(first);
  CHECK(second);
  CHECK_FALSE(t.take());
}

TEST_CASE("lock file: one that is unlinked between open and lock is no lock", "[locks]") {
  Locks t;
  REQUIRE(t.take());
  t.system.fault = [&](const std::string& call) {
    if (call == "lock locks/a:b/vm-100") fs::remove(t.path);
    return os::Errno{};
  };
  const auto lock = t.take();
  REQUIRE_FALSE(lock);
  CHECK(lock.error().kind == ErrorKind::lock_conflict);
}

TEST_CASE("lock file: one that is replaced between open and lock is no lock", "[locks]") {
  Locks t;
  REQUIRE(t.take());
  t.system.fault = [&](const std::string& call) {
    if (call == "lock locks/a:b/vm-100") {
      TestStore::write(t.path + ".new", "");
      fs::rename(t.path + ".new", t.path);
    }
    return os::Errno{};
  };
  const auto lock = t.take();
  REQUIRE_FALSE(lock);
  CHECK(lock.error().kind == ErrorKind::lock_conflict);
}

TEST_CASE("lock file: who is slower in making it opens the other's and leaves nothing", "[locks]") {
  Locks t;
  t.system.fault = [&](const std::string& call) {
    if (call.starts_with("rename-new")) TestStore::write(t.path, "");
    return os::Errno{};
  };
  REQUIRE(t.take());
  CHECK(std::distance(fs::directory_iterator(fs::path(t.path).parent_path()), {}) == 1);
  CHECK(t.system.calls_with("lock ") == std::vector<std::string>{"lock locks/a:b/vm-100"});
}

TEST_CASE("datastore: a lock conflict names what is locked", "[locks]") {
  TestStore t;
  const auto held = t.store.lock_group(ns("a"), group("vm/100"));
  REQUIRE(held);
  const auto refused = t.store.lock_group(ns("a"), group("vm/100"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "group a:vm/100: locked by somebody else; try again later");
  CHECK(fs::exists(t.lock_file("a/vm-100")));
}

TEST_CASE("datastore: forgetting locks unlinks their files, and missing ones are fine", "[locks]") {
  TestStore t;
  const auto id = snapshot("vm/100/2026-01-01T00:00:00Z");
  const std::string name = "vm-100-2026\\x2d01\\x2d01T00\\x3a00\\x3a00Z";
  {
    const auto snapshot_lock = t.store.lock_snapshot(ns(""), id, LockKind::exclusive);
    const auto manifest_lock = t.store.lock_manifest(ns(""), id);
    REQUIRE(snapshot_lock);
    REQUIRE(manifest_lock);
    CHECK(fs::exists(t.lock_file(name)));
    CHECK(fs::exists(t.lock_file(name + "-.index.json.lck")));
    t.store.forget_snapshot_locks(ns(""), id);
    t.store.forget_snapshot_locks(ns(""), id);
  }
  CHECK_FALSE(fs::exists(t.lock_file(name)));
  CHECK_FALSE(fs::exists(t.lock_file(name + "-.index.json.lck")));
}

}  // namespace
}  // namespace unswept::test
