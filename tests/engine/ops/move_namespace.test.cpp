#include "engine/ops/move_namespace.h"

#include <algorithm>
#include <optional>

#include "tests/catch.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

const std::string kDay = "/2026-01-01T00:00:00Z";

Result<MoveNamespaceResult> move(TestStore& t, std::string_view source, std::string_view target,
                                 const MoveNamespaceOptions& options = {}) {
  return move_namespace(t.store, ns(source), ns(target), options);
}

/// Groups in s, s/x and s/x/y.
struct Tree : TestStore {
  Tree() {
    add_snapshot("s", "vm/1" + kDay, {"one"});
    add_snapshot("s/x", "vm/2" + kDay, {"two"});
    add_snapshot("s/x/y", "vm/3" + kDay, {"three"});
  }
};

TEST_CASE("move-namespace: everything below moves, and the source is gone", "[move]") {
  Tree t;
  t.add_namespace("t");
  const auto moved = move(t, "s", "t/new");
  REQUIRE(moved);
  CHECK(moved->complete());
  CHECK(moved->failure_message().empty());
  CHECK(moved->moved.size() == 3);
  CHECK(moved->snapshots_moved == 3);
  CHECK(moved->namespaces_removed == 3);
  CHECK(t.has_snapshot("t/new", "vm/1" + kDay));
  CHECK(t.has_snapshot("t/new/x", "vm/2" + kDay));
  CHECK(t.has_snapshot("t/new/x/y", "vm/3" + kDay));
  CHECK_FALSE(t.has_namespace("s"));
}

TEST_CASE("move-namespace: into the root, where namespaces of the same name take it up", "[move]") {
  Tree t;
  t.add_snapshot("x", "vm/9" + kDay, {"nine"});
  REQUIRE(move(t, "s", ""));
  CHECK(t.has_snapshot("", "vm/1" + kDay));
  CHECK(t.has_snapshot("x", "vm/2" + kDay));
  CHECK(t.has_snapshot("x", "vm/9" + kDay));
}

TEST_CASE("move-namespace: the source can be kept", "[move]") {
  Tree t;
  const auto moved = move(t, "s", "t", {.delete_source = false});
  REQUIRE(moved);
  CHECK(moved->namespaces_removed == 0);
  CHECK(t.has_namespace("s/x/y"));
  CHECK(t.has_snapshot("t/x/y", "vm/3" + kDay));
}

TEST_CASE("move-namespace: what lies below the depth limit stays, without a warning", "[move]") {
  Tree t;
  const auto moved = move(t, "s", "t", {.max_depth = 0});
  REQUIRE(moved);
  CHECK(moved->moved.size() == 1);
  CHECK(t.has_snapshot("t", "vm/1" + kDay));
  CHECK(t.has_snapshot("s/x", "vm/2" + kDay));
  CHECK_FALSE(t.has_namespace("t/x"));
  CHECK(t.warnings.empty());
}

TEST_CASE("move-namespace: requests that cannot be", "[move]") {
  Tree t;
  const auto refused = [&](std::string_view source, std::string_view target) {
    const auto moved = move(t, source, target);
    return moved ? std::string("moved") : moved.error().message;
  };
  CHECK(refused("", "t") == "the root namespace cannot be moved");
  CHECK(refused("s", "s") == "namespace s cannot be moved to where it is");
  CHECK(refused("nowhere", "t") == "namespace nowhere does not exist");
  CHECK(refused("s", "t/u") == "the parent of namespace t/u does not exist; create it first");
  CHECK(refused("s", "s/x/z") == "namespace s cannot be moved into itself, to s/x/z");
  CHECK_FALSE(move(t, "s", "t", {.max_depth = 8}));
  CHECK(t.has_snapshot("s", "vm/1" + kDay));
  CHECK_FALSE(t.has_namespace("t"));
}

TEST_CASE("move-namespace: a tree that would be too deep does not begin to move", "[move]") {
  Tree t;
  t.add_namespace("1/2/3/4/5");
  const auto moved = move(t, "s", "1/2/3/4/5/6");
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::refused);
  CHECK_FALSE(t.has_namespace("1/2/3/4/5/6"));
  REQUIRE(move(t, "s", "1/2/3/4/5/6", {.max_depth = 1}));
  CHECK(t.has_snapshot("1/2/3/4/5/6/x", "vm/2" + kDay));
}

TEST_CASE("move-namespace: a locked group is tried again after all others", "[move]") {
  Tree t;
  std::optional<LockFile> held = *t.store.lock_group(ns("s"), group("vm/1"));
  t.on_point = [&](std::string_view point, std::string_view detail) {
    if (point == "move.group.done" && detail == "s/x/y:vm/3") held.reset();
  };
  const auto moved = move(t, "s", "t");
  REQUIRE(moved);
  CHECK(moved->complete());
  CHECK(t.has_snapshot("t", "vm/1" + kDay));
  CHECK(std::ranges::find(t.points, "move.group.done(s:vm/1)") >
        std::ranges::find(t.points, "move.group.done(s/x/y:vm/3)"));
  CHECK(t.passed("move.group.done(s:vm/1)") == 1);
  CHECK_FALSE(t.has_namespace("s"));
}

TEST_CASE("move-namespace: a group that stays locked stays, with all namespaces above it",
          "[move]") {
  Tree t;
  const auto held = t.store.lock_group(ns("s/x"), group("vm/2"));
  const auto moved = move(t, "s", "t");
  REQUIRE(moved);
  CHECK_FALSE(moved->complete());
  CHECK(moved->failed.empty());
  REQUIRE(moved->still_locked.size() == 1);
  CHECK(moved->failure_message() ==
        "1 group(s) could not be moved and stay at the source\n"
        "1 were in use; running the move again may help:\n"
        "  s/x:vm/2: group s/x:vm/2: locked by somebody else; try again later");
  CHECK(t.has_snapshot("s/x", "vm/2" + kDay));
  CHECK_FALSE(t.has_namespace("s/x/y"));
  CHECK(t.has_snapshot("t", "vm/1" + kDay));
  CHECK(moved->warnings.size() == 2);
}

TEST_CASE("move-namespace: a group that must not be merged fails at once, the others move",
          "[move]") {
  Tree t;
  t.add_snapshot("t", "vm/1" + kDay, {"other"});
  const auto moved = move(t, "s", "t");
  REQUIRE(moved);
  CHECK(moved->still_locked.empty());
  REQUIRE(moved->failed.size() == 1);
  CHECK(moved->failed[0].ns == ns("s"));
  CHECK(moved->failed[0].group == group("vm/1"));
  CHECK(moved->failed[0].error.kind == ErrorKind::refused);
  CHECK(moved->moved.size() == 2);
  CHECK_FALSE(t.has_namespace("s/x"));
}

TEST_CASE("move-namespace: a namespace that appears meanwhile stays, with a warning", "[move]") {
  Tree t;
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "move.namespace.created") t.add_namespace("s/late");
  };
  const auto moved = move(t, "s", "t");
  REQUIRE(moved);
  CHECK(moved->complete());
  CHECK(t.has_namespace("s/late"));
  CHECK_FALSE(t.has_namespace("s/x"));
  CHECK(moved->warnings ==
        std::vector<std::string>{"namespace s stays: s/late appeared during the move"});
}

TEST_CASE("move-namespace: a listing that fails keeps its namespace and is no failure", "[move]") {
  Tree t;
  t.on_point = [&](std::string_view point, std::string_view) {
    if (point == "move.namespace.created") fs::remove_all(t.store.path(ns("s/x/y")));
  };
  const auto moved = move(t, "s", "t");
  REQUIRE(moved);
  CHECK(moved->complete());
  CHECK(moved->moved.size() == 2);
  CHECK(t.has_namespace("s/x"));
  CHECK_FALSE(moved->warnings.empty());
}

TEST_CASE("move-namespace: files that are no part of a datastore keep their namespace", "[move]") {
  Tree t;
  TestStore::write(t.store.path(ns("s/x")) + "/mine", "");
  const auto moved = move(t, "s", "t");
  REQUIRE(moved);
  CHECK(moved->complete());
  CHECK(fs::exists(t.store.path(ns("s/x")) + "/mine"));
  CHECK(moved->namespaces_removed == 1);
}

TEST_CASE("move-namespace: points", "[move]") {
  TestStore t;
  t.add_snapshot("s", "vm/1" + kDay, {"one"});
  REQUIRE(move(t, "s", "t"));
  std::erase_if(t.points, [](const std::string& point) { return !point.starts_with("move."); });
  CHECK(t.points == std::vector<std::string>{"move.started(s)", "move.namespace.listed(s)",
                                             "move.namespace.created(t)", "move.locked",
                                             "move.journal.appended",
                                             "move.renamed(ns/t/vm/1/2026-01-01T00:00:00Z)",
                                             "move.group.done(s:vm/1)", "move.done"});
}

}  // namespace
}  // namespace unswept::test
