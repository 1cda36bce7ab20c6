#include "engine/ops/move_group.h"

#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

const std::string kFirst = "vm/100/2026-01-01T00:00:00Z";
const std::string kSecond = "vm/100/2026-01-02T00:00:00Z";
const std::string kThird = "vm/100/2026-01-03T00:00:00Z";

/// Namespaces a and b, and a group with two snapshots in a.
struct Move : TestStore {
  Move() {
    add_namespace("b");
    add_snapshot("a", kFirst, {"one"});
    add_snapshot("a", kSecond, {"two"});
  }
  Result<MoveGroupResult> run(const MoveGroupOptions& options = {}) {
    return move_group(store, group("vm/100"), ns("a"), ns("b"), options);
  }
  std::string file(std::string_view space, std::string_view name) const {
    return store.path(ns(space), group("vm/100")) + '/' + std::string(name);
  }
};

TEST_CASE("move-group: all snapshots and the owner are at the target, nothing at the source",
          "[move]") {
  Move t;
  const auto moved = t.run();
  REQUIRE(moved);
  CHECK(moved->snapshots_moved == 2);
  CHECK_FALSE(moved->merged);
  CHECK(t.has_snapshot("b", kFirst));
  CHECK(t.has_snapshot("b", kSecond));
  CHECK(TestStore::read(t.file("b", "owner")) == "root@pam\n");
  CHECK_FALSE(t.has_group("a", "vm/100"));
  CHECK(fs::exists(t.store.path(ns("a")) + "/vm"));
}

TEST_CASE("move-group: the journal holds the target paths, and the lock files are gone", "[move]") {
  Move t;
  REQUIRE(t.run());
  const std::string group_path = t.store.path(ns("b"), group("vm/100"));
  CHECK(TestStore::read(t.store.move_journal_path()) ==
        "\n" + group_path + "/2026-01-01T00:00:00Z/drive.img.fidx\n\n" + group_path +
            "/2026-01-02T00:00:00Z/drive.img.fidx\n");
  CHECK(fs::is_empty(t.lock_file("a")));
  CHECK(fs::exists(t.lock_file("b/vm-100")));
}

TEST_CASE("move-group: the calls, in order", "[move]") {
  Move t;
  fs::remove_all(t.store.path(ns("a"), snapshot(kSecond)));
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_v8());
  REQUIRE(move_group(store, group("vm/100"), ns("a"), ns("b")));

  const std::string a = "store/ns/a/vm/100";
  const std::string b = "store/ns/b/vm/100";
  const std::string day = "/2026-01-01T00:00:00Z";
  const std::string lock = "locks/test/a/vm-100-2026\\x2d01\\x2d01T00\\x3a00\\x3a00Z";
  std::vector<std::string> expected = {
      // the request
      "stat store/ns/b", "stat " + a,
      // the source's lock, made for the first time
      "mkdir locks/test/a", "mkdir locks/test", "mkdir locks", "mkdir locks/test",
      "mkdir locks/test/a", "open locks/test/a/vm-100", "create locks/test/a/vm-100.tmp_",
      "rename-new locks/test/a/vm-100.tmp_ -> locks/test/a/vm-100", "lock locks/test/a/vm-100.tmp_",
      "stat locks/test/a/vm-100",
      // the request again
      "stat store/ns/b", "stat " + a,
      // the target
      "open " + a + "/owner", "mkdir store/ns/b/vm", "mkdir " + b, "mkdir locks/test/b",
      "open locks/test/b/vm-100", "create locks/test/b/vm-100.tmp_",
      "rename-new locks/test/b/vm-100.tmp_ -> locks/test/b/vm-100", "lock locks/test/b/vm-100.tmp_",
      "stat locks/test/b/vm-100", "create " + b + "/owner", "write " + b + "/owner",
      "open " + b + "/owner",
      // the snapshots and their locks
      "open " + a, "list " + a, "list " + a, "mkdir locks/test/a", "open " + lock,
      "create " + lock + ".tmp_", "rename-new " + lock + ".tmp_ -> " + lock,
      "lock " + lock + ".tmp_", "stat " + lock,
      // one snapshot
      "open " + a + day, "list " + a + day, "list " + a + day, "mkdir locks/test",
      "open locks/test/move-journal", "create locks/test/move-journal.tmp_",
      "rename-new locks/test/move-journal.tmp_ -> "
      "locks/test/move-journal",
      "lock locks/test/move-journal.tmp_", "write locks/test/move-journal.tmp_",
      "rename " + a + day + " -> " + b + day, "unlink " + lock + "-.index.json.lck",
      "unlink " + lock,
      // notes, and the source group
      "open " + a + "/notes", "open " + a, "list " + a, "list " + a, "unlink " + a + "/notes",
      "unlink " + a + "/owner", "rmdir " + a, "unlink locks/test/a/vm-100"};
  CHECK(system.calls == expected);
  CHECK(system.points == std::vector<std::string>{"move.started(a:vm/100)", "move.locked",
                                                  "move.journal.appended",
                                                  "move.renamed(ns/b/vm/100/2026-01-01T00:00:00Z)",
                                                  "move.group.done(a:vm/100)", "move.done"});
}

TEST_CASE("move-group: protected snapshots and unknown files move along", "[move]") {
  Move t;
  const std::string path = t.store.path(ns("a"), snapshot(kFirst));
  TestStore::write(path + "/.protected", "");
  TestStore::write(path + "/something", "else");
  REQUIRE(t.run());
  CHECK(fs::exists(t.store.path(ns("b"), snapshot(kFirst)) + "/.protected"));
  CHECK(fs::exists(t.store.path(ns("b"), snapshot(kFirst)) + "/something"));
}

TEST_CASE("move-group: from and to the root namespace", "[move]") {
  Move t;
  REQUIRE(move_group(t.store, group("vm/100"), ns("a"), ns("")));
  CHECK(t.has_snapshot("", kFirst));
  REQUIRE(move_group(t.store, group("vm/100"), ns(""), ns("b")));
  CHECK(t.has_snapshot("b", kSecond));
}

TEST_CASE("move-group: requests that cannot be", "[move]") {
  Move t;
  const auto to_itself = move_group(t.store, group("vm/100"), ns("a"), ns("a"));
  REQUIRE_FALSE(to_itself);
  CHECK(to_itself.error().kind == ErrorKind::refused);
  const auto nowhere = move_group(t.store, group("vm/100"), ns("a"), ns("nowhere"));
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().message == "the target namespace nowhere does not exist; create it first");
  const auto missing = move_group(t.store, group("ct/7"), ns("a"), ns("b"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "group a:ct/7 does not exist");
  CHECK(t.has_snapshot("a", kFirst));
}

// --- merging ---------------------------------------------------------------------------------

TEST_CASE("move-group: merges into a group with older snapshots only", "[move]") {
  Move t;
  t.add_snapshot("b", "vm/100/2025-12-31T23:59:59Z", {"old"});
  const auto moved = t.run();
  REQUIRE(moved);
  CHECK(moved->merged);
  CHECK(t.has_snapshot("b", kFirst));
  CHECK_FALSE(t.has_group("a", "vm/100"));
}

TEST_CASE("move-group: refuses to merge snapshots that are not strictly newer", "[move]") {
  Move t;
  t.add_snapshot("b", kFirst, {"other"});
  const auto moved = t.run();
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::refused);
  CHECK(t.has_snapshot("a", kFirst));
  CHECK(t.has_snapshot("a", kSecond));
}

TEST_CASE("move-group: a source without snapshots merges into anything", "[move]") {
  Move t;
  t.add_snapshot("b", kThird, {"other"});
  fs::remove_all(t.store.path(ns("a"), snapshot(kFirst)));
  fs::remove_all(t.store.path(ns("a"), snapshot(kSecond)));
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_v8());
  REQUIRE(move_group(store, group("vm/100"), ns("a"), ns("b")));
  CHECK_FALSE(t.has_group("a", "vm/100"));
  CHECK_FALSE(system.has_call("list store/ns/b/vm/100"));  // nothing to compare with
}

TEST_CASE("move-group: refuses to merge groups of two owners, tokens told apart", "[move]") {
  Move t;
  t.add_group("b", "vm/100", "root@pam!token");
  const auto moved = t.run();
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::refused);
  CHECK(moved.error().message.find("root@pam!token") != std::string::npos);
}

TEST_CASE("move-group: merging can be ruled out", "[move]") {
  Move t;
  t.add_group("b", "vm/100");
  const auto moved = t.run({.merge = false});
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::refused);
  CHECK(t.has_snapshot("a", kFirst));
}

TEST_CASE("move-group: a target group that appears late is a merge, and may be ruled out",
          "[move]") {
  Move t;
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_v8());
  system.fault = [&](const std::string& call) {
    if (call == "mkdir store/ns/b/vm/100") t.add_group("b", "vm/100");
    return os::Errno{};
  };
  const auto moved = move_group(store, group("vm/100"), ns("a"), ns("b"), {.merge = false});
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::refused);
}

// --- notes -----------------------------------------------------------------------------------

TEST_CASE("move-group: notes move along", "[move]") {
  Move t;
  TestStore::write(t.file("a", "notes"), "mine");
  REQUIRE(t.run());
  CHECK(TestStore::read(t.file("b", "notes")) == "mine");
}

TEST_CASE("move-group: notes of the target stay, with a warning if they differ", "[move]") {
  for (const std::string source : {"mine", "theirs"}) {
    Move t;
    t.add_group("b", "vm/100");
    TestStore::write(t.file("a", "notes"), source);
    TestStore::write(t.file("b", "notes"), "theirs");
    REQUIRE(t.run());
    CHECK(TestStore::read(t.file("b", "notes")) == "theirs");
    CHECK(t.warnings.size() == (source == "theirs" ? 0U : 1U));
  }
}

// --- locks and failures ----------------------------------------------------------------------

TEST_CASE("move-group: a locked source is a soft failure and changes nothing", "[move]") {
  Move t;
  const auto held = t.store.lock_group(ns("a"), group("vm/100"));
  const auto moved = t.run();
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::lock_conflict);
  CHECK_FALSE(t.has_group("b", "vm/100"));
}

TEST_CASE("move-group: a locked target is a soft failure and leaves no directory", "[move]") {
  Move t;
  const auto held = t.store.lock_group(ns("b"), group("vm/100"));
  const auto moved = t.run();
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::lock_conflict);
  CHECK_FALSE(t.has_group("b", "vm/100"));
  CHECK(t.has_snapshot("a", kFirst));
}

TEST_CASE("move-group: batches before a locked snapshot stay moved", "[move]") {
  Move t;
  t.add_snapshot("a", kThird, {"three"});
  const auto held = t.store.lock_snapshot(ns("a"), snapshot(kSecond), os::LockKind::shared);
  const auto moved = t.run({.lock_batch = 1});
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::lock_conflict);
  CHECK(t.has_snapshot("b", kFirst));
  CHECK(t.has_snapshot("a", kSecond));
  CHECK(t.has_snapshot("a", kThird));
  CHECK(TestStore::read(t.file("b", "owner")) == "root@pam\n");
}

TEST_CASE("move-group: a batch with a locked snapshot does not begin", "[move]") {
  Move t;
  const auto held = t.store.lock_snapshot(ns("a"), snapshot(kSecond), os::LockKind::shared);
  REQUIRE_FALSE(t.run());
  CHECK(t.has_snapshot("a", kFirst));
  CHECK(t.store.lock_snapshot(ns("a"), snapshot(kFirst), os::LockKind::exclusive));
}

TEST_CASE("move-group: a journal that stays locked is a hard failure, and nothing has moved",
          "[move]") {
  Move t;
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_v8());
  system.fault = [](const std::string& call) {
    return call.starts_with("lock locks/test/move-journal") ? os::Errno::timed_out : os::Errno{};
  };
  const auto moved = move_group(store, group("vm/100"), ns("a"), ns("b"));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind != ErrorKind::lock_conflict);
  CHECK(t.has_snapshot("a", kFirst));
  CHECK_FALSE(t.has_snapshot("b", kFirst));
}

TEST_CASE("move-group: a failed rename leaves a record without a file, and the rest at the source",
          "[move]") {
  Move t;
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_v8());
  system.fault = [](const std::string& call) {
    return call.starts_with("rename store/ns/a/vm/100/2026-01-02") ? os::Errno::io_error
                                                                   : os::Errno{};
  };
  REQUIRE_FALSE(move_group(store, group("vm/100"), ns("a"), ns("b")));
  CHECK(t.has_snapshot("b", kFirst));
  CHECK(t.has_snapshot("a", kSecond));
  CHECK(TestStore::read(t.store.move_journal_path()).find("2026-01-02") != std::string::npos);
}

}  // namespace
}  // namespace unswept::test
