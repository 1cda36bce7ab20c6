#include "engine/ops/namespaces.h"

#include <filesystem>
#include <string>

#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;

TEST_CASE("namespaces: created below what exists, and again without complaint", "[namespaces]") {
  CommandStore store;
  store.must("ns create a");
  store.must("ns create a/b");
  store.must("ns create a/b");
  CHECK(store.has("ns/a/ns/b"));
  CHECK(store.error_of("ns create x/y") == ErrorKind::not_found);
  CHECK(store.error_of("ns create " + std::string(33, 'n')) == ErrorKind::bad_input);
  CHECK_FALSE(store.has("ns/x"));
}

TEST_CASE("namespaces: an empty one is removed with its type directories", "[namespaces]") {
  CommandStore store;
  store.must("ns create a");
  store.must("ns create a/b");
  store.must("backup vm/1 --ns a --time 2026-01-01T00:00:00Z a.fidx=@c1");
  store.must("forget vm/1/2026-01-01T00:00:00Z --ns a");
  const auto removal = std::get<NamespaceRemoval>(store.must("ns remove a"));
  CHECK(removal.namespaces_removed == 2);
  CHECK_FALSE(store.has("ns/a"));
}

TEST_CASE("namespaces: one with groups stays unless they are to go", "[namespaces]") {
  CommandStore store;
  store.must("ns create a");
  store.must("ns create a/b");
  store.must("backup vm/1 --ns a/b --time 2026-01-01T00:00:00Z a.fidx=@c1");
  CHECK(store.error_of("ns remove a") == ErrorKind::refused);
  CHECK(store.has("ns/a/ns/b/vm/1/2026-01-01T00:00:00Z/a.fidx"));
  const auto removal = std::get<NamespaceRemoval>(store.must("ns remove a --delete-groups"));
  CHECK(removal.complete);
  CHECK(removal.groups_removed == 1);
  CHECK(removal.snapshots_removed == 1);
  CHECK_FALSE(store.has("ns/a"));
}

TEST_CASE("namespaces: protected snapshots keep theirs", "[namespaces]") {
  CommandStore store;
  store.must("ns create a");
  store.must("backup vm/1 --ns a --time 2026-01-01T00:00:00Z a.fidx=@c1");
  store.must("protect vm/1/2026-01-01T00:00:00Z --ns a");
  CHECK(store.error_of("ns remove a --delete-groups") == ErrorKind::refused);
  CHECK(store.has("ns/a/vm/1/2026-01-01T00:00:00Z/a.fidx"));
}

TEST_CASE("namespaces: a locked group ends the removal", "[namespaces]") {
  CommandStore store;
  store.must("ns create a");
  store.must("backup vm/1 --ns a --time 2026-01-01T00:00:00Z a.fidx=@c1");
  const auto lock = store.store().lock_group(*Namespace::parse("a"), *GroupId::parse("vm/1"));
  REQUIRE(lock);
  CHECK(store.error_of("ns remove a --delete-groups") == ErrorKind::lock_conflict);
}

TEST_CASE("namespaces: the root cannot be removed", "[namespaces]") {
  CommandStore store;
  CHECK(store.error_of("ns remove /") == ErrorKind::refused);
}

TEST_CASE("namespaces: one level is removed in a fixed order", "[namespaces]") {
  CommandStore store;
  store.must("ns create a");
  store.system.calls.clear();
  REQUIRE(remove_namespace_level(store.store(), *Namespace::parse("a"), DeleteGroups::no));
  CHECK(store.system.calls == std::vector<std::string>{"rmdir store/ns/a/vm", "rmdir store/ns/a/ct",
                                                       "rmdir store/ns/a/host",
                                                       "rmdir store/ns/a/ns", "rmdir store/ns/a"});
}

TEST_CASE("namespaces: one that vanished counts as removed, one with a file does not",
          "[namespaces]") {
  CommandStore store;
  const auto gone = remove_namespace_level(store.store(), *Namespace::parse("a"), DeleteGroups::no);
  REQUIRE(gone);
  CHECK(gone->complete);
  store.must("ns create a");
  store.write("ns/a/strange", "x");
  const auto kept = remove_namespace_level(store.store(), *Namespace::parse("a"), DeleteGroups::no);
  REQUIRE(kept);
  CHECK_FALSE(kept->complete);
}

}  // namespace
}  // namespace unswept::engine
