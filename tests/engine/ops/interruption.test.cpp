// Long operations end when they are asked to: between two steps, with a word on what was done, and
// so that the same command can go on later.
#include "engine/ops/garbage_collection.h"
#include "engine/ops/move_group.h"
#include "engine/ops/move_namespace.h"
#include "engine/ops/prune.h"
#include "engine/ops/remove.h"
#include "tests/catch.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

const std::vector<std::string> kSnapshots{
    "vm/100/2026-01-01T00:00:00Z", "vm/100/2026-01-02T00:00:00Z", "vm/100/2026-01-03T00:00:00Z"};

/// A store that is asked to stop when a point is passed for the first time.
struct Interrupted : TestStore {
  explicit Interrupted(std::string_view place) {
    on_point = [this, place](std::string_view point, std::string_view) {
      if (point == place) interrupt = true;
    };
    add_namespace("a");
    for (const std::string& snapshot : kSnapshots) add_snapshot("", snapshot, {"one"});
  }
  void go_on() {
    on_point = nullptr;
    interrupt = false;
  }
  std::size_t snapshots_in(std::string_view space) const {
    std::size_t count = 0;
    for (const std::string& name : kSnapshots) count += has_snapshot(space, name);
    return count;
  }
};

template <class T>
bool aborted(const Result<T>& result, std::string_view words) {
  if (result) return false;
  INFO(result.error().message);
  CHECK(result.error().message.find(words) != std::string::npos);
  return result.error().kind == ErrorKind::aborted;
}

TEST_CASE("interruption: a move ends between two snapshots, and can be gone on with",
          "[interruption]") {
  Interrupted t("move.renamed");
  const auto move = [&] { return move_group(t.store, group("vm/100"), ns(""), ns("a")); };
  CHECK(aborted(move(), "interrupted after 1 snapshot;"));
  CHECK(t.snapshots_in("a") == 1);
  CHECK(t.snapshots_in("") == 2);
  t.go_on();
  REQUIRE(move());
  CHECK(t.snapshots_in("a") == 3);
  CHECK_FALSE(t.has_group("", "vm/100"));
}

TEST_CASE("interruption: a move of a namespace ends between two groups", "[interruption]") {
  Interrupted t("move.group.done");
  t.add_snapshot("a", "vm/1/2026-01-01T00:00:00Z", {"one"});
  t.add_snapshot("a", "vm/2/2026-01-01T00:00:00Z", {"one"});
  const auto move = [&] { return move_namespace(t.store, ns("a"), ns("b")); };
  CHECK(aborted(move(), "interrupted after 1 group;"));
  CHECK(t.has_group("a", "vm/1") != t.has_group("a", "vm/2"));
  t.go_on();
  REQUIRE(move());
  CHECK(t.has_group("b", "vm/1"));
  CHECK(t.has_group("b", "vm/2"));
  CHECK_FALSE(t.has_namespace("a"));
}

TEST_CASE("interruption: a move of a namespace ends within a group", "[interruption]") {
  Interrupted t("move.renamed");
  t.add_snapshot("a", "vm/1/2026-01-01T00:00:00Z", {"one"});
  t.add_snapshot("a", "vm/1/2026-01-02T00:00:00Z", {"one"});
  const auto move = [&] { return move_namespace(t.store, ns("a"), ns("b")); };
  CHECK(aborted(move(), "interrupted after 0 groups;"));
  t.go_on();
  REQUIRE(move());
  CHECK_FALSE(t.has_namespace("a"));
}

TEST_CASE("interruption: a prune ends between two snapshots", "[interruption]") {
  Interrupted t("remove.done");
  const PruneKeep keep{.last = 1};
  CHECK(aborted(prune_group(t.store, ns(""), group("vm/100"), keep),
                "after it had removed 1 snapshot"));
  CHECK(t.snapshots_in("") == 2);
  t.go_on();
  REQUIRE(prune_group(t.store, ns(""), group("vm/100"), keep));
  CHECK(t.snapshots_in("") == 1);
}

TEST_CASE("interruption: the removal of a group ends between two snapshots", "[interruption]") {
  Interrupted t("remove.done");
  CHECK(aborted(remove_group(t.store, ns(""), group("vm/100")), "interrupted after 1 snapshot"));
  CHECK(t.snapshots_in("") == 2);
  t.go_on();
  REQUIRE(remove_group(t.store, ns(""), group("vm/100")));
  CHECK_FALSE(t.has_group("", "vm/100"));
}

TEST_CASE("interruption: a collection tells what it had removed", "[interruption]") {
  Interrupted t("gc.sweep.removed");
  for (const char* chunk : {"orphan", "another", "third"}) t.add_chunk(chunk);
  const GcOptions quick{.atime_safety_check = false};
  CHECK(aborted(collect_garbage(t.store, quick), "1 chunk that nothing needs"));
  t.go_on();
  const auto collected = collect_garbage(t.store, quick);
  REQUIRE(collected);
  CHECK(collected->status.removed_chunks == 2);
  CHECK(t.has_chunk("one"));

  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "gc.mark.started") t.interrupt = true;
  };
  CHECK(aborted(collect_garbage(t.store, quick), "nothing was removed"));
}

}  // namespace
}  // namespace unswept::test
