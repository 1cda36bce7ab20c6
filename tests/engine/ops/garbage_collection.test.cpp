#include "engine/ops/garbage_collection.h"

#include <optional>

#include "engine/ops/move_group.h"
#include "tests/catch.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

constexpr GcOptions kQuick{.atime_safety_check = false};

TEST_CASE("gc: chunks of an index stay, old ones nobody refers to go", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one", "two"});
  t.add_chunk("orphan");

  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  CHECK(t.has_chunk("one"));
  CHECK(t.has_chunk("two"));
  CHECK_FALSE(t.has_chunk("orphan"));
}

TEST_CASE("gc: the status counts indexes, chunks and bytes, and is written down", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one", "two"});
  t.add_snapshot("", "vm/100/2026-01-02T00:00:00Z", {"two"});
  t.add_chunk("orphan");

  GcOptions options = kQuick;
  options.upid = "task-7";
  const auto result = collect_garbage(t.store, options);
  REQUIRE(result);
  GcStatus expected;
  expected.upid = "task-7";
  expected.index_file_count = 2;
  expected.index_data_bytes = 3 * 64;
  expected.disk_chunks = 2;
  expected.disk_bytes = 2 * (12 + 3);
  expected.removed_chunks = 1;
  expected.removed_bytes = 12 + 6;
  expected.cache = GcStatus::CacheStatistics{.hits = 1, .misses = 2};
  CHECK(result->status == expected);
  CHECK(GcStatus::parse(TestStore::read(t.store.base() + "/.gc-status")) == expected);
}

TEST_CASE("gc: an unreferenced chunk stays until the cutoff has passed", "[gc]") {
  TestStore t;
  t.add_chunk("fresh", 86'700 - 60);
  t.add_chunk("stale", 86'700 + 60);
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  CHECK(t.has_chunk("fresh"));
  CHECK_FALSE(t.has_chunk("stale"));
  CHECK(result->status.pending_chunks == 1);
  CHECK(result->status.disk_chunks == 0);
}

TEST_CASE("gc: a writer older than the cutoff lowers the minimum access time by 300 s more",
          "[gc]") {
  TestStore t;
  auto writer = t.process.store(t.store.base()).lock.try_shared();
  REQUIRE(writer);
  const std::int64_t since = *t.process.store(t.store.base()).lock.oldest_writer();
  t.add_chunk("just-touched", 290);
  t.add_chunk("older", 320);

  GcOptions options = kQuick;
  options.cutoff_seconds = -1000;  // as if the writer had been at it for so long
  const auto result = collect_garbage(t.store, options);
  REQUIRE(result);
  CHECK(result->min_access_time == since - 300);
  CHECK(t.has_chunk("just-touched"));
  CHECK_FALSE(t.has_chunk("older"));
}

TEST_CASE("gc: a chunk set aside as bad is kept by what refers to its digest", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"damaged"});
  t.add_chunk("other");
  const auto set_aside = [&](std::string_view chunk) {
    const std::string path = t.store.chunks().path(digest_of(chunk));
    fs::rename(path, path + ".3.bad");
    return path + ".3.bad";
  };
  const std::string needed = set_aside("damaged");
  const std::string unneeded = set_aside("other");

  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  CHECK(fs::exists(needed));
  CHECK_FALSE(fs::exists(unneeded));
  CHECK(result->status.removed_bad == 1);
  CHECK(result->missing_chunks == 0);
}

TEST_CASE("gc: a missing chunk is a warning, not a failure", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"lost", "here"});
  fs::remove(t.store.chunks().path(digest_of("lost")));
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  CHECK(result->missing_chunks == 1);
  REQUIRE(t.warnings.size() == 1);
  CHECK(t.warnings[0].find(digest_of("lost").hex()) != std::string::npos);
}

TEST_CASE("gc: an index outside of the layout is marked too", "[gc]") {
  TestStore t;
  fs::create_directories(t.store.base() + "/somewhere/else");
  t.add_index(t.store.base() + "/somewhere/else/x.fidx", {"odd"});
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  CHECK(t.has_chunk("odd"));
  CHECK(result->status.index_file_count == 1);
  CHECK(t.warnings.size() == 1);
}

TEST_CASE("gc: a damaged index ends the collection before anything is swept", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one"});
  t.add_chunk("orphan");
  TestStore::write(t.store.path(ns(""), snapshot("vm/100/2026-01-01T00:00:00Z")) + "/bad.didx",
                   "no index");
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::invalid);
  CHECK(result.error().message.find("bad.didx") != std::string::npos);
  CHECK(t.has_chunk("orphan"));
  CHECK_FALSE(fs::exists(t.store.base() + "/.gc-status"));
}

TEST_CASE("gc: asked to stop, it stops, and a new one may start", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one"});
  t.add_chunk("orphan");
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "gc.mark.walked") t.interrupt = true;
  };
  const auto stopped = collect_garbage(t.store, kQuick);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::aborted);
  CHECK(t.has_chunk("orphan"));

  t.on_point = nullptr;
  t.interrupt = false;
  REQUIRE(collect_garbage(t.store, kQuick));
  CHECK_FALSE(t.has_chunk("orphan"));
}

TEST_CASE("gc: a second collection of the process is refused while one runs", "[gc]") {
  TestStore t;
  std::optional<Result<GcResult>> second;
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "gc.mark.walked") second = collect_garbage(t.store, kQuick);
  };
  REQUIRE(collect_garbage(t.store, kQuick));
  REQUIRE(second.has_value());
  REQUIRE_FALSE(second->has_value());
  CHECK(second->error().kind == ErrorKind::lock_conflict);
}

TEST_CASE("gc: the sweep leaves names it does not know and removes markers", "[gc]") {
  TestStore t;
  t.add_chunk("orphan");
  const std::string path = t.store.chunks().path(digest_of("orphan"));
  for (const std::string suffix : {".using", ".tmp_abcdef", ".x.bad"}) {
    TestStore::write(path + suffix, "");
    t.set_age(path + suffix, 100 * kHour);
  }
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  CHECK_FALSE(fs::exists(path));
  CHECK_FALSE(fs::exists(path + ".using"));
  CHECK(fs::exists(path + ".tmp_abcdef"));
  CHECK(fs::exists(path + ".x.bad"));
  CHECK(result->status.removed_chunks == 1);
}

TEST_CASE("gc: the access-time check passes on a sane file system", "[gc]") {
  TestStore t;
  REQUIRE(collect_garbage(t.store));
  CHECK(fs::exists(t.store.base() +
                   "/.chunks/bb9f/"
                   "bb9f8df61474d25e71fa00722318cd387396ca1736605e1248821cc0de3d3af8"));
}

TEST_CASE("gc: points are passed in order", "[gc]") {
  TestStore t;
  t.add_snapshot("a", "vm/100/2026-01-01T00:00:00Z", {"one"});
  t.add_chunk("orphan");
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE(result);
  const std::string time = '(' + std::to_string(result->min_access_time) + ')';
  const std::vector<std::string> expected = {
      "gc.started",
      "gc.mark.started" + time,
      "gc.mark.walked",
      "gc.mark.namespace(root)",
      "gc.mark.namespace(a)",
      "gc.mark.group(a:vm/100)",
      "gc.mark.listed(a:vm/100)",
      "gc.mark.index(ns/a/vm/100/2026-01-01T00:00:00Z/drive.img.fidx)",
      "gc.mark.leftovers",
      "gc.journal.locked",
      "gc.journal.drained",
      "gc.mark.done" + time,
      "gc.sweep.started",
      "gc.sweep.removed(" + digest_of("orphan").hex() + ")",
      "gc.sweep.done",
      "gc.done"};
  CHECK(t.points == expected);
}

// --- snapshots that come and go meanwhile ----------------------------------------------------

/// `v8`, but a vanished newest snapshot is passed over.
class WithoutRetry final : public Protocol {
 public:
  std::string_view name() const override { return "without-retry"; }
  IterationRules iteration_rules() const override { return {.relist_when_newest_vanished = false}; }
};

/// When the group has been listed for the first time, its snapshot is replaced by
/// a newer one that knows the chunk and has not touched it.
bool survives_replacement(TestStore& t, const Datastore& store) {
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"shared"});
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point != "gc.mark.listed" || t.passed("gc.mark.listed(root:vm/100)") != 1) return;
    fs::remove_all(t.store.path(ns(""), snapshot("vm/100/2026-01-01T00:00:00Z")));
    t.add_snapshot("", "vm/100/2026-01-02T00:00:00Z", {"shared"});
  };
  REQUIRE(collect_garbage(store, kQuick));
  CHECK(t.passed("gc.mark.vanished(vm/100/2026-01-01T00:00:00Z/drive.img.fidx)") == 1);
  return t.has_chunk("shared");
}

TEST_CASE("gc: when the newest snapshot vanishes, the group is listed again", "[gc]") {
  TestStore t;
  CHECK(survives_replacement(t, t.store));
  CHECK(t.passed("gc.mark.listed(root:vm/100)") == 2);
}

TEST_CASE("gc: without that rule the chunk of the newer snapshot is lost", "[gc]") {
  TestStore t;
  const WithoutRetry protocol;
  CHECK_FALSE(survives_replacement(t, t.with(protocol)));
}

TEST_CASE("gc: when an older snapshot vanishes, the group is not listed again", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"old"});
  t.add_snapshot("", "vm/100/2026-01-02T00:00:00Z", {"new"});
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "gc.mark.listed")
      fs::remove_all(t.store.path(ns(""), snapshot("vm/100/2026-01-01T00:00:00Z")));
  };
  REQUIRE(collect_garbage(t.store, kQuick));
  CHECK(t.passed("gc.mark.listed(root:vm/100)") == 1);
  CHECK_FALSE(t.has_chunk("old"));
}

/// Replaces the newest snapshot after each of the first `times` listings.
void keep_replacing(TestStore& t, std::size_t times) {
  const auto day = [](std::size_t n) {
    return "vm/100/2026-01-" + std::to_string(n + 10) + "T00:00:00Z";
  };
  t.add_snapshot("", day(0), {"chunk"});
  t.on_point = [&t, day, times, listings = std::size_t{0}](std::string_view point,
                                                           std::string_view) mutable {
    if (point != "gc.mark.listed" || ++listings > times) return;
    fs::remove_all(t.store.path(ns(""), snapshot(day(listings - 1))));
    t.add_snapshot("", day(listings), {"chunk"});
  };
}

TEST_CASE("gc: the eleventh pass over a group goes under its lock", "[gc]") {
  TestStore t;
  keep_replacing(t, 10);
  const auto replace = t.on_point;
  std::vector<bool> locked;
  t.on_point = [&](std::string_view point, std::string_view detail) {
    replace(point, detail);
    if (point == "gc.mark.listed") locked.push_back(!t.store.lock_group(ns(""), group("vm/100")));
  };
  REQUIRE(collect_garbage(t.store, kQuick));
  std::vector<bool> expected(11, false);
  expected.back() = true;
  CHECK(locked == expected);
  CHECK(t.has_chunk("chunk"));
  CHECK(t.store.lock_group(ns(""), group("vm/100")));
}

TEST_CASE("gc: a group that keeps changing under its lock ends the collection", "[gc]") {
  TestStore t;
  keep_replacing(t, 11);
  const auto result = collect_garbage(t.store, kQuick);
  REQUIRE_FALSE(result);
  CHECK(t.passed("gc.mark.listed(root:vm/100)") == 11);
}

TEST_CASE("gc: a group that vanishes is passed over", "[gc]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one"});
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "gc.mark.group") fs::remove_all(t.store.path(ns(""), group("vm/100")));
  };
  REQUIRE(collect_garbage(t.store, kQuick));
  CHECK(t.passed("gc.mark.listed(root:vm/100)") == 0);
  CHECK_FALSE(t.has_chunk("one"));
}

// --- the race with a move --------------------------------------------------------------------

/// Moves a group from the namespace that is visited last to one visited before, at
/// the moment the collection enters the last one.
bool survives_move(TestStore& t, const Datastore& store) {
  t.add_namespace("a");
  t.add_namespace("b");
  std::vector<std::string> order;
  t.on_point = [&](std::string_view point, std::string_view detail) {
    if (point == "gc.mark.namespace" && detail != "root") order.emplace_back(detail);
  };
  REQUIRE(collect_garbage(store, kQuick));
  REQUIRE(order.size() == 2);
  const std::string first = order[0];
  const std::string last = order[1];

  t.add_snapshot(last, "vm/100/2026-01-01T00:00:00Z", {"moving"});
  t.on_point = [&](std::string_view point, std::string_view detail) {
    if (point != "gc.mark.namespace" || detail != last) return;
    REQUIRE(move_group(store, group("vm/100"), ns(last), ns(first)));
  };
  REQUIRE(collect_garbage(store, kQuick));
  CHECK(t.has_snapshot(first, "vm/100/2026-01-01T00:00:00Z"));
  return t.has_chunk("moving");
}

TEST_CASE("gc: next to a move, protocol none loses the chunk and v8 keeps it", "[gc][protocol]") {
  TestStore none(protocol_none());
  CHECK_FALSE(survives_move(none, none.store));
  TestStore v8;
  CHECK(survives_move(v8, v8.store));
  CHECK(TestStore::read(v8.store.move_journal_path()).empty());
}

}  // namespace
}  // namespace unswept::test
