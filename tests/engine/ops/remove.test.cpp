#include "engine/ops/remove.h"

#include <filesystem>
#include <string>
#include <vector>

#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;

constexpr std::string_view kFirst = "vm/1/2026-01-01T00:00:00Z";
constexpr std::string_view kSecond = "vm/1/2026-01-02T00:00:00Z";
const std::string kFirstLock = R"(vm-1-2026\x2d01\x2d01T00\x3a00\x3a00Z)";

void make_two(CommandStore& store) {
  store.must("backup vm/1 --time 2026-01-01T00:00:00Z a.fidx=@c1");
  store.must("backup vm/1 --time 2026-01-02T00:00:00Z a.fidx=@c2");
  store.system.calls.clear();
  store.system.points.clear();
}

TEST_CASE("forget: the snapshot and its lock files go, the group stays", "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("forget " + std::string(kFirst));
  CHECK(store.list("vm/1") == std::vector<std::string>{"2026-01-02T00:00:00Z", "owner"});
  CHECK_FALSE(store.has_lock(kFirstLock));
  CHECK_FALSE(store.has_lock(kFirstLock + "-.index.json.lck"));
  CHECK(store.has_lock("vm-1"));
}

TEST_CASE("forget: the calls, in order", "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("forget " + std::string(kFirst));
  const std::string directory = "store/" + std::string(kFirst);
  const std::string lock = "locks/test/" + kFirstLock;
  std::vector<std::string> calls;
  for (const std::string& call : store.system.calls) {
    const bool taking_a_lock = call.starts_with("mkdir locks") || call.starts_with("open locks") ||
                               call.starts_with("stat locks");
    const bool of_a_file = call.starts_with("unlink " + directory);
    if (!taking_a_lock && !of_a_file) calls.push_back(call);
  }
  CHECK(calls == std::vector<std::string>{
                     "lock " + lock,
                     "lock " + lock + "-.index.json.lck",
                     "stat " + directory + "/.protected",
                     "open " + directory,
                     "list " + directory,
                     "list " + directory,
                     "rmdir " + directory,
                     "unlink " + lock + "-.index.json.lck",
                     "unlink " + lock,
                     "lock locks/test/vm-1",
                     "open store/vm/1",
                     "list store/vm/1",
                     "open store/vm/1/2026-01-02T00:00:00Z",
                     "list store/vm/1/2026-01-02T00:00:00Z",
                     "list store/vm/1/2026-01-02T00:00:00Z",
                     "list store/vm/1",
                 });
  CHECK(store.system.count_calls("unlink " + directory) == 2);
}

TEST_CASE("forget: with the last snapshot the group goes, its notes and lock included",
          "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("notes vm/1 --text hello");
  store.must("forget " + std::string(kFirst));
  store.must("forget " + std::string(kSecond));
  CHECK(store.list("vm").empty());
  CHECK_FALSE(store.has_lock("vm-1"));
}

TEST_CASE("forget: a group that somebody works on stays, and that is no failure", "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("forget " + std::string(kFirst));
  const auto lock = store.store().lock_group({}, *GroupId::parse("vm/1"));
  REQUIRE(lock);
  store.must("forget " + std::string(kSecond));
  CHECK(store.list("vm/1") == std::vector<std::string>{"owner"});
}

TEST_CASE("forget: protected, locked and absent snapshots are refused", "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("protect " + std::string(kFirst));
  CHECK(store.error_of("forget " + std::string(kFirst)) == ErrorKind::refused);
  CHECK(store.has(kFirst));
  const auto lock =
      store.store().lock_snapshot({}, *SnapshotId::parse(kSecond), os::LockKind::shared);
  REQUIRE(lock);
  CHECK(store.error_of("forget " + std::string(kSecond)) == ErrorKind::lock_conflict);
  CHECK(store.error_of("forget vm/1/2026-01-03T00:00:00Z") == ErrorKind::not_found);
}

TEST_CASE("forget: what is in a snapshot directory goes with it, subdirectories too", "[remove]") {
  CommandStore store;
  make_two(store);
  std::filesystem::create_directories(store.path(std::string(kFirst) + "/odd/deep"));
  store.write(std::string(kFirst) + "/odd/file", "x");
  std::filesystem::create_symlink(store.path(kSecond), store.path(std::string(kFirst) + "/link"));
  store.must("forget " + std::string(kFirst));
  CHECK_FALSE(store.has(kFirst));
  CHECK(store.has(std::string(kSecond) + "/a.fidx"));
}

TEST_CASE("remove group: everything goes, but for the type directory", "[remove]") {
  CommandStore store;
  make_two(store);
  const auto removal = std::get<GroupRemoval>(store.must("remove-group vm/1"));
  CHECK(removal.snapshots_removed == 2);
  CHECK(store.has("vm"));
  CHECK_FALSE(store.has("vm/1"));
  CHECK_FALSE(store.has_lock("vm-1"));
  CHECK_FALSE(store.has_lock(kFirstLock));
}

TEST_CASE("remove group: protected snapshots stay, and the group with them", "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("protect " + std::string(kFirst));
  CHECK(store.error_of("remove-group vm/1") == ErrorKind::refused);
  CHECK(store.list("vm/1") == std::vector<std::string>{"2026-01-01T00:00:00Z", "owner"});
}

TEST_CASE("remove group: a locked group is left alone", "[remove]") {
  CommandStore store;
  make_two(store);
  const auto lock = store.store().lock_group({}, *GroupId::parse("vm/1"));
  REQUIRE(lock);
  CHECK(store.error_of("remove-group vm/1") == ErrorKind::lock_conflict);
  CHECK(store.has(kFirst));
}

TEST_CASE("remove group directory: files nobody knows keep it", "[remove]") {
  CommandStore store;
  make_two(store);
  store.write("vm/1/strange", "x");
  CHECK(store.error_of("remove-group vm/1") == ErrorKind::io);
  CHECK(store.list("vm/1") == std::vector<std::string>{"strange"});
}

TEST_CASE("remove: points in their order", "[remove]") {
  CommandStore store;
  make_two(store);
  store.must("forget " + std::string(kFirst));
  const std::string where = '(' + std::string(kFirst) + ')';
  CHECK(store.system.points == std::vector<std::string>{"remove.started" + where,
                                                        "remove.locked" + where,
                                                        "remove.done" + where});
}

}  // namespace
}  // namespace unswept::engine
