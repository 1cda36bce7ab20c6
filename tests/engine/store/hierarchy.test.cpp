#include "engine/store/hierarchy.h"

#include <algorithm>
#include <set>

#include "engine/store/walk.h"
#include "tests/catch.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

/// What an iteration yields, sorted, with "!" for an error.
template <class Iteration, class Print>
std::vector<std::string> drain(Iteration iteration, Print print) {
  std::vector<std::string> items;
  while (true) {
    auto item = iteration.next();
    if (item && !*item) break;
    items.push_back(item ? print(**item) : std::string("!"));
  }
  std::ranges::sort(items);
  return items;
}

std::vector<std::string> namespaces(const TestStore& t, std::string_view start,
                                    std::size_t depth = Namespace::kMaxDepth) {
  return drain(NamespaceTree(t.store, ns(start), depth),
               [](const Namespace& found) { return std::string(found.display_name()); });
}

std::vector<std::string> groups(const TestStore& t, std::string_view space) {
  auto opened = Groups::open(t.store, ns(space));
  REQUIRE(opened);
  return drain(std::move(*opened), [](const GroupId& id) { return id.path(); });
}

using Names = std::vector<std::string>;

TEST_CASE("namespaces: parents come before their children, down to the limit", "[hierarchy]") {
  TestStore t;
  t.add_namespace("a/b/c");
  t.add_namespace("a/d");
  t.add_namespace("e");
  CHECK(namespaces(t, "") == Names{"a", "a/b", "a/b/c", "a/d", "e", "root"});
  CHECK(namespaces(t, "", 1) == Names{"a", "e", "root"});
  CHECK(namespaces(t, "a", 0) == Names{"a"});
  CHECK(namespaces(t, "a") == Names{"a", "a/b", "a/b/c", "a/d"});

  const auto list = list_namespaces(t.store, ns(""));
  REQUIRE(list);
  for (std::size_t i = 1; i < list->size(); ++i) {
    const auto parent = std::ranges::find(*list, (*list)[i].parent());
    CHECK(parent < list->begin() + static_cast<std::ptrdiff_t>(i));
  }
}

TEST_CASE("namespaces: the start is yielded without a look at it", "[hierarchy]") {
  const TestStore t;
  CHECK(namespaces(t, "nowhere") == Names{"nowhere"});
}

TEST_CASE("namespaces: what is read below one is what is there when it has been dealt with",
          "[hierarchy]") {
  TestStore t;
  NamespaceTree tree(t.store, ns(""));
  CHECK((*tree.next())->is_root());
  t.add_namespace("late/later");
  CHECK((*tree.next())->text() == "late");
  fs::remove_all(t.store.path(ns("late/later")));
  CHECK_FALSE((*tree.next()).has_value());
}

TEST_CASE("namespaces: a directory with a bad name is an error, and the iteration goes on",
          "[hierarchy]") {
  TestStore t;
  t.add_namespace("a");
  fs::create_directories(t.store.base() + "/ns/.hidden");
  TestStore::write(t.store.base() + "/ns/file", "");
  CHECK(namespaces(t, "") == Names{"!", "a", "root"});
}

TEST_CASE("namespaces: the eighth level is too deep, and so is a limit of eight", "[hierarchy]") {
  TestStore t;
  t.add_namespace("1/2/3/4/5/6/7");
  CHECK(namespaces(t, "1/2/3/4/5/6/7").size() == 1);
  CHECK(namespaces(t, "").size() == 8);
  CHECK(namespaces(t, "", 8) == Names{"!"});
}

TEST_CASE("groups: directories with valid ids below the three types", "[hierarchy]") {
  TestStore t;
  for (const char* name : {"vm/100", "ct/100", "host/pc.example"}) t.add_group("a", name);
  fs::create_directories(t.store.path(ns("a")) + "/vm/-not-an-id");
  fs::create_directories(t.store.path(ns("a")) + "/other/1");
  TestStore::write(t.store.path(ns("a")) + "/vm/file", "");
  CHECK(groups(t, "a") == Names{"ct/100", "host/pc.example", "vm/100"});
}

TEST_CASE("groups: a missing namespace is an error at once", "[hierarchy]") {
  const TestStore t;
  const auto opened = Groups::open(t.store, ns("nowhere"));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind == ErrorKind::not_found);
}

TEST_CASE("snapshots: directories with a time for a name; an impossible one is an error",
          "[hierarchy]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one"});
  const std::string path = t.store.path(ns(""), group("vm/100"));
  fs::create_directories(path + "/2026-13-01T00:00:00Z");
  fs::create_directories(path + "/else");
  TestStore::write(path + "/2026-01-02T00:00:00Z", "");
  auto opened = Snapshots::open(t.store, ns(""), group("vm/100"));
  REQUIRE(opened);
  CHECK(drain(std::move(*opened), [](const SnapshotTime& time) {
          return std::string(time.text());
        }) == Names{"!", "2026-01-01T00:00:00Z"});
  CHECK_FALSE(list_snapshots(t.store, ns(""), group("vm/100")));
}

TEST_CASE("snapshots with files: indexes, blobs and the protected flag", "[hierarchy]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one"});
  const std::string path = t.store.path(ns(""), snapshot("vm/100/2026-01-01T00:00:00Z"));
  for (const char* name : {"/.protected", "/x.tmp_fidx", "/notes.txt", "/y.didx"})
    TestStore::write(path + name, "");
  fs::create_directories(path + "/z.fidx");

  auto list = list_snapshots(t.store, ns(""), group("vm/100"));
  REQUIRE(list);
  REQUIRE(list->size() == 1);
  SnapshotFiles& only = list->front();
  std::ranges::sort(only.files);
  CHECK(only.files == Names{"drive.img.fidx", "index.json.blob", "y.didx"});
  CHECK(only.is_protected);
  CHECK(only.finished());
  CHECK(only.time.text() == "2026-01-01T00:00:00Z");
}

// --- the walk --------------------------------------------------------------------------------

std::set<std::string> walk(os::System& system, const std::string& root) {
  std::set<std::string> paths;
  REQUIRE(walk_tree(system, root, [&](const std::string& path) -> Result<> {
    paths.insert(path.substr(root.size()));
    return {};
  }));
  return paths;
}

TEST_CASE("walk: hidden names and what lies below them are left out", "[walk]") {
  TemporaryDirectory directory;
  os::PosixSystem system;
  const std::string root = directory / "root";
  fs::create_directories(root + "/a/.b/c");
  fs::create_directories(root + "/.chunks/0000");
  TestStore::write(root + "/a/x.fidx", "");
  fs::create_symlink("/", root + "/link.didx");
  CHECK(walk(system, root) == std::set<std::string>{"/a", "/a/x.fidx", "/link.didx"});
  fs::rename(root, directory / ".root");
  CHECK(walk(system, directory / ".root").empty());
}

TEST_CASE("walk: a tree deeper and wider than the directories it may keep open", "[walk]") {
  TemporaryDirectory directory;
  os::PosixSystem system;
  std::set<std::string> expected;
  std::string path;
  for (int depth = 0; depth < 25; ++depth) {
    path += "/d";
    fs::create_directories(directory.path() + path);
    expected.insert(path);
    for (const char* name : {"/before", "/w.fidx", "/x.fidx", "/zz"}) {
      TestStore::write(directory.path() + path + name, "");
      if (std::string_view(name).ends_with(".fidx")) expected.insert(path + name);
    }
  }
  CHECK(walk(system, directory.path()) == expected);
}

TEST_CASE("walk: what vanishes is passed over, an error of the visitor ends it", "[walk]") {
  TemporaryDirectory directory;
  os::PosixSystem system;
  fs::create_directories(directory / "a/b");
  int visits = 0;
  CHECK(walk_tree(system, directory.path(), [&](const std::string& path) -> Result<> {
    ++visits;
    fs::remove_all(path);
    return {};
  }));
  CHECK(visits == 1);

  fs::create_directories(directory / "a/b");
  const auto ended = walk_tree(system, directory.path(), [](const std::string&) -> Result<> {
    return fail(ErrorKind::aborted, "enough");
  });
  REQUIRE_FALSE(ended);
  CHECK(ended.error().kind == ErrorKind::aborted);
}

}  // namespace
}  // namespace unswept::test
