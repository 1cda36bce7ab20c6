// Reading directories: orders, batches, and what may change between them.
#include <algorithm>
#include <memory>
#include <set>

#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;
using os::Open;

namespace {

using Names = std::vector<std::string>;

/// A world with /d holding a, b and c, read by actor 0 under a policy.
struct DirectoryTest : TestWorld {
  explicit DirectoryTest(DirectoryPolicy policy) {
    (void)os.mkdir("/d");
    for (const char* path : {"/d/a", "/d/b", "/d/c"}) file(path);
    world.set_directory_policy(
        [policy](std::string_view path) { return path == "/d" ? policy : DirectoryPolicy{}; });
    actor("reader", [this] { names = list(os, "/d"); });
  }

  /// Everything the reader may see, whatever the chooser answers.
  std::set<Names> all_answers() {
    std::set<Names> seen;
    AllChooser chooser;
    runs = 0;
    do {
      world.run(chooser);
      seen.insert(names);
      ++runs;
    } while (chooser.next_run());
    return seen;
  }

  Names names;
  int runs = 0;
};

}  // namespace

TEST_CASE("directory: sorted and reversed orders are as their names say", "[sim][directory]") {
  for (const std::size_t batch : {0U, 1U, 2U}) {
    DirectoryTest sorted({.order = DirectoryOrder::sorted, .batch = batch});
    sorted.world.seal();
    CHECK(sorted.all_answers() == std::set<Names>{{"a", "b", "c"}});
    DirectoryTest reversed({.order = DirectoryOrder::reversed, .batch = batch});
    reversed.world.seal();
    CHECK(reversed.all_answers() == std::set<Names>{{"c", "b", "a"}});
  }
}

TEST_CASE("directory: who asks for names, or for none that are hidden, gets these",
          "[sim][directory]") {
  DirectoryTest test({.order = DirectoryOrder::sorted});
  for (const char* path : {"/d/.h", "/d/x", "/d/y"}) REQUIRE(test.os.mkdir(path));
  const auto listed = [&](const os::Interest& interest) {
    const auto directory = test.os.open("/d", os::Open::read | os::Open::directory);
    std::vector<os::DirEntry> entries;
    REQUIRE(test.os.read_directory_for(interest, *directory, entries));
    test.os.close(*directory);
    Names names;
    for (const os::DirEntry& entry : entries) names.push_back(entry.name);
    return names;
  };
  static constexpr std::string_view kNames[] = {"a", "y", ".h", "z"};
  CHECK(listed({.directories = true, .extensions = {}}) == Names{".h", "x", "y"});
  CHECK(listed({.directories = true, .extensions = {}, .hidden = false}) == Names{"x", "y"});
  CHECK(listed({.directories = true, .extensions = {}, .names = kNames}) == Names{".h", "y"});
  CHECK(listed({.directories = true, .extensions = {}, .names = kNames, .hidden = false}) ==
        Names{"y"});
}

TEST_CASE("directory: a listed order is followed; names that are not listed come last, sorted",
          "[sim][directory]") {
  const auto listed = std::make_shared<const Names>(Names{"z", "c", "a"});
  for (const std::size_t batch : {0U, 1U, 2U}) {
    DirectoryTest test({.order = DirectoryOrder::listed, .batch = batch, .names = listed});
    for (const char* path : {"/d/e", "/d/d"}) test.file(path);
    test.world.seal();
    CHECK(test.all_answers() == std::set<Names>{{"c", "a", "b", "d", "e"}});
  }
}

TEST_CASE("directory: a name that comes between batches has its turn by the list",
          "[sim][directory]") {
  const auto listed = std::make_shared<const Names>(Names{"c", "z", "a"});
  DirectoryTest test({.order = DirectoryOrder::listed, .batch = 1, .names = listed});
  test.actor("maker", [&] { test.file("/d/z"); });
  test.world.seal();
  CHECK(test.all_answers() == std::set<Names>{{"c", "z", "a", "b"}, {"c", "a", "b"}});
}

TEST_CASE("directory: a permuted order has k! outcomes, each asked for once", "[sim][directory]") {
  for (const std::size_t batch : {0U, 1U}) {
    DirectoryTest test({.order = DirectoryOrder::permuted, .batch = batch});
    test.world.seal();
    CHECK(test.all_answers().size() == 6);
    CHECK(test.runs == 6);
  }
}

TEST_CASE("directory: the order is chosen anew at each opening", "[sim][directory]") {
  DirectoryTest test({.order = DirectoryOrder::permuted});
  std::set<std::pair<Names, Names>> seen;
  Names second;
  test.world.add_actor({.name = "again", .process = test.process, .after = {0}},
                       [&] { second = list(test.os, "/d"); });
  test.world.seal();
  AllChooser chooser;
  do {
    test.world.run(chooser);
    seen.emplace(test.names, second);
  } while (chooser.next_run());
  CHECK(seen.size() == 36);
}

TEST_CASE("directory: a batch is frozen; what comes later appears if its turn has not passed",
          "[sim][directory]") {
  DirectoryTest test({.order = DirectoryOrder::sorted, .batch = 2});
  test.actor("maker", [&] {
    test.file("/d/aa");
    test.file("/d/z");
  });
  test.world.seal();
  const auto seen = test.all_answers();
  const std::set<Names> allowed = {
      {"a", "b", "c"}, {"a", "b", "c", "z"}, {"a", "aa", "b", "c"}, {"a", "aa", "b", "c", "z"}};
  CHECK(std::includes(allowed.begin(), allowed.end(), seen.begin(), seen.end()));
  CHECK(seen.contains({"a", "b", "c", "z"}));
  CHECK(seen.contains({"a", "aa", "b", "c", "z"}));
}

TEST_CASE("directory: one that is read in a single batch shows nothing that comes later",
          "[sim][directory]") {
  DirectoryTest test({});
  test.actor("maker", [&] { test.file("/d/z"); });
  test.world.seal();
  test.run({0, 0, 1, 1, 1});
  CHECK(test.names == Names{"a", "b", "c"});
}

TEST_CASE("directory: with races an entry added or removed meanwhile may or may not appear",
          "[sim][directory]") {
  DirectoryTest test({.order = DirectoryOrder::sorted, .races = true, .batch = 1});
  test.actor("changer", [&] {
    (void)test.os.unlink("/d/c");
    (void)test.os.mkdir("/d/b2");
  });
  test.world.seal();
  const auto seen = test.all_answers();
  const auto shows = [&](std::string_view name, bool shown) {
    return std::any_of(seen.begin(), seen.end(), [&](const Names& names) {
      return (std::find(names.begin(), names.end(), name) != names.end()) == shown;
    });
  };
  for (const char* name : {"c", "b2"}) {
    CHECK(shows(name, true));
    CHECK(shows(name, false));
  }
  for (const Names& names : seen) {
    CHECK(std::count(names.begin(), names.end(), "a") == 1);
    CHECK(std::count(names.begin(), names.end(), "b") == 1);
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  }
}

TEST_CASE("directory: a listing depends on which names there are, not on what they stand for",
          "[sim][directory]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/d/f");
  test.file("/new");
  test.actor("reader", [&] { (void)list(test.os, "/d"); });
  test.actor("replacer", [&] { (void)test.os.rename("/new", "/d/f"); });
  test.world.seal();
  OrderChooser chooser({0});
  bool dependent = true;
  chooser.on_pick = [&](const model::Situation& situation) {
    if (chooser.steps.size() != 1) return;
    model::Footprint reading;
    model::Footprint replacing;
    situation.predict(0, reading);
    situation.predict(1, replacing);
    dependent = model::dependent(reading.accesses(), replacing.accesses());
  };
  test.world.run(chooser);
  CHECK_FALSE(dependent);
}
