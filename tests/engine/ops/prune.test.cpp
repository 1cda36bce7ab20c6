#include "engine/ops/prune.h"

#include <string>
#include <vector>

#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;

void make_days(CommandStore& store, const std::string& group, int days) {
  for (int day = 1; day <= days; ++day) {
    store.must("backup " + group + " --time 2026-01-0" + std::to_string(day) +
               "T00:00:00Z a.fidx=@c1");
  }
  store.system.calls.clear();
  store.system.points.clear();
}

std::vector<std::string> days_of(const CommandStore& store, const std::string& group) {
  std::vector<std::string> days;
  for (const std::string& name : store.list(group)) {
    if (name.starts_with("2026")) days.push_back(name.substr(8, 2));
  }
  return days;
}

TEST_CASE("prune: removes what no rule keeps, oldest first", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 4);
  const auto report = std::get<PruneReport>(store.must("prune vm/1 --keep-last 2"));
  CHECK(report.removed == 2);
  CHECK(report.failed == 0);
  REQUIRE(report.snapshots.size() == 4);
  CHECK(report.snapshots[0].mark == PruneMark::remove);
  CHECK(report.snapshots[3].mark == PruneMark::keep_last);
  CHECK(days_of(store, "vm/1") == std::vector<std::string>{"03", "04"});
  CHECK(store.system.calls_with("rmdir") ==
        std::vector<std::string>{"rmdir store/vm/1/2026-01-01T00:00:00Z",
                                 "rmdir store/vm/1/2026-01-02T00:00:00Z"});
}

TEST_CASE("prune: without a rule nothing goes", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 2);
  CHECK(std::get<PruneReport>(store.must("prune vm/1")).removed == 0);
  CHECK(days_of(store, "vm/1").size() == 2);
}

TEST_CASE("prune: a dry run takes no lock and changes nothing", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 2);
  const auto report = std::get<PruneReport>(store.must("prune vm/1 --keep-last 1 --dry-run"));
  CHECK(report.snapshots[0].mark == PruneMark::remove);
  CHECK(report.removed == 0);
  CHECK_FALSE(store.system.has_call("lock "));
  CHECK(days_of(store, "vm/1").size() == 2);
}

TEST_CASE("prune: the decision is made without a lock", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 2);
  std::size_t locks_at_selection = 99;
  store.system.at_point = [&](const std::string& point) {
    if (point.starts_with("prune.selected")) {
      locks_at_selection = store.system.calls_with("lock ").size();
    }
  };
  store.must("prune vm/1 --keep-last 1");
  CHECK(locks_at_selection == 0);
}

TEST_CASE("prune: a snapshot that is in use is reported, and the next one goes", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 3);
  const auto lock = store.store().lock_snapshot({}, *SnapshotId::parse("vm/1/2026-01-01T00:00:00Z"),
                                                os::LockKind::shared);
  REQUIRE(lock);
  const auto report = std::get<PruneReport>(store.must("prune vm/1 --keep-last 1"));
  CHECK(report.removed == 1);
  CHECK(report.failed == 1);
  CHECK_FALSE(report.snapshots[0].failure.empty());
  CHECK(days_of(store, "vm/1") == std::vector<std::string>{"01", "03"});
}

TEST_CASE("prune: protected snapshots and the newest unfinished one stay", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 3);
  store.must("protect vm/1/2026-01-01T00:00:00Z");
  std::filesystem::create_directory(store.path("vm/1/2026-01-04T00:00:00Z"));
  store.must("prune vm/1 --keep-last 1");
  CHECK(days_of(store, "vm/1") == std::vector<std::string>{"01", "03", "04"});
}

TEST_CASE("prune: a whole namespace with all below it, down to a depth", "[prune]") {
  CommandStore store;
  store.must("ns create a");
  store.must("ns create a/b");
  make_days(store, "vm/1 --ns a", 2);
  make_days(store, "ct/7 --ns a/b", 2);
  make_days(store, "vm/1", 2);
  store.must("prune --ns a --max-depth 0 --keep-last 1");
  CHECK(days_of(store, "ns/a/vm/1").size() == 1);
  CHECK(days_of(store, "ns/a/ns/b/ct/7").size() == 2);
  store.must("prune --keep-last 1");
  CHECK(days_of(store, "ns/a/ns/b/ct/7").size() == 1);
  CHECK(days_of(store, "vm/1").size() == 1);
}

TEST_CASE("prune: a listing that fails ends it", "[prune]") {
  CommandStore store;
  make_days(store, "vm/1", 2);
  CHECK(store.error_of("prune vm/2 --keep-last 1") == ErrorKind::not_found);
  CHECK(store.error_of("prune --ns nowhere --keep-last 1") == ErrorKind::not_found);
}

}  // namespace
}  // namespace unswept::engine
