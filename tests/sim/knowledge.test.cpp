// What an actor says it still knows, and how that tells states apart.
#include "engine/os/knowledge.h"

#include <optional>

#include "sim/shared.h"
#include "sim/world.h"
#include "tests/catch.h"
#include "tests/sim/test_world.h"

namespace unswept::sim {
namespace {

using testing::OrderChooser;
using testing::TestWorld;

/// A reader that reads x, keeps of it what `keep` makes of it, and reads y; a writer of both.
struct Reading {
  explicit Reading(std::function<int(int)> what) : keep(std::move(what)) {
    test.actor("reader", [this] {
      const int seen = keep(x.read());
      const os::Known known(test.os, "seen", [&](os::Gist& gist) { gist << seen; });
      known.forget_rest("read");
      (void)y.read();
      (void)y.read();
    });
    test.actor("writer", [this] {
      x.write(1);
      y.write(1);
    });
    test.world.seal();
  }

  /// Of the state after steps in that order.
  model::Fingerprint after(std::vector<ActorId> order) {
    model::Fingerprint found;
    const std::size_t steps = order.size();
    OrderChooser chooser(std::move(order));
    chooser.on_pick = [&](const model::Situation& situation) {
      const model::Fingerprint now = situation.fingerprint();
      if (chooser.steps.size() == steps) found = now;
    };
    test.world.run(chooser);
    return found;
  }

  std::function<int(int)> keep;
  TestWorld test;
  Shared<int> x{test.world, 0};
  Shared<int> y{test.world, 0};
};

}  // namespace

TEST_CASE("knowledge: what an actor does not say it knows is forgotten", "[sim][knowledge]") {
  Reading nothing([](int) { return 0; });
  CHECK(nothing.after({0, 1}) == nothing.after({1, 0}));
  Reading everything([](int value) { return value; });
  CHECK(everything.after({0, 1}) != everything.after({1, 0}));
}

TEST_CASE("knowledge: what an actor learns after it has said what it knows counts",
          "[sim][knowledge]") {
  Reading nothing([](int) { return 0; });
  CHECK(nothing.after({0, 1, 1, 0}) != nothing.after({0, 1, 0, 1}));
  CHECK(nothing.after({0, 1, 1, 0}) == nothing.after({1, 0, 1, 0}));
}

TEST_CASE("knowledge: a part that is left out of it does not count", "[sim][knowledge]") {
  Reading everything([](int value) { return value; });
  everything.test.world.leave_out_of_knowledge("seen");
  CHECK(everything.after({0, 1}) == everything.after({1, 0}));
}

TEST_CASE("knowledge: after going back an actor knows what it knew", "[sim][knowledge]") {
  Reading reading([](int value) { return value; });
  World& world = reading.test.world;
  const model::Fingerprint truth = reading.after({1, 0, 1});
  (void)world.rewind(1);  // from here on runs are kept
  for (std::size_t kept = 0; kept <= 3; ++kept) {
    (void)world.rewind(0);
    (void)reading.after({1, 0, 1, 0});
    CHECK(world.rewind(kept) == kept);
    std::vector<ActorId> rest{1, 0, 1};
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(kept));
    std::optional<model::Fingerprint> found;
    const std::size_t more = rest.size();
    OrderChooser chooser(std::move(rest));
    chooser.on_pick = [&](const model::Situation& situation) {
      if (chooser.steps.size() == more && !found) found = situation.fingerprint();
    };
    world.run(chooser);
    CHECK(found == truth);
  }
}

TEST_CASE("knowledge: nobody is asked as long as no states are compared", "[sim][knowledge]") {
  TestWorld test;
  int told = 0;
  test.actor("reader", [&] {
    const os::Known known(test.os, "seen", [&](os::Gist&) { ++told; });
    (void)test.os.now();
    known.forget_rest("read");
    (void)test.os.now();
  });
  test.world.seal();
  test.run();
  CHECK(told == 0);
  (void)test.world.fingerprint();
  test.run();
  CHECK(told == 1);
}

TEST_CASE("knowledge: without its caller's part nothing is forgotten", "[sim][knowledge]") {
  TestWorld test;
  (void)test.world.fingerprint();
  int told = 0;
  const auto inner = [&](const os::Knows* caller) {
    const os::Known known(caller, "inner", [&](os::Gist&) { ++told; });
    known.forget_rest("inside");
  };
  int told_without = 0;
  test.actor("caller", [&] {
    (void)test.os.now();
    inner(nullptr);
    told_without = told;
    const os::Known known(test.os, "outer", [&](os::Gist&) { ++told; });
    inner(&known);
  });
  test.world.seal();
  test.run();
  CHECK(told_without == 0);
  CHECK(told == 2);
}

TEST_CASE("knowledge: sets are the same in every order, and no other sets", "[sim][knowledge]") {
  const auto gist_of = [](const std::vector<std::string>& texts) {
    os::GistOfSet set;
    for (const std::string& text : texts) set.add(os::Gist() << text);
    const os::Gist gist = os::Gist() << set;
    return std::pair(gist.high(), gist.low());
  };
  CHECK(gist_of({"a", "b"}) == gist_of({"b", "a"}));
  CHECK(gist_of({"a", "b"}) != gist_of({"a"}));
  CHECK(gist_of({"a", "a"}) != gist_of({}));
  CHECK(gist_of({"ab", "c"}) != gist_of({"a", "bc"}));
}

TEST_CASE("vfs: an actor gets the lowest of its descriptors that is free", "[sim][vfs]") {
  TestWorld test;
  test.file("/f");
  std::vector<os::Fd> got;
  const auto open = [&] {
    got.push_back(*test.os.open("/f", os::Open::read));
    return got.back();
  };
  test.actor("opener", [&] {
    got.clear();
    const os::Fd first = open();
    const os::Fd second = open();
    test.os.close(first);
    (void)open();
    test.os.close(second);
    (void)open();
  });
  test.world.seal();
  test.run();
  REQUIRE(got.size() == 4);
  CHECK(got[2] == got[0]);
  CHECK(got[3] == got[1]);
  CHECK(got[0] != got[1]);
  const auto before = got;
  test.run();
  CHECK(got == before);
}

TEST_CASE("vfs: a directory's path is that of the one it was opened in, whoever has its number now",
          "[sim][vfs]") {
  TestWorld test;
  for (const char* path : {"/x", "/x/b", "/x/b/c", "/y"}) (void)test.os.mkdir(path);
  const bool number_is_taken_by_another = GENERATE(true, false);
  const auto open = [&](os::Where where) {
    return *test.os.open(where, os::Open::read | os::Open::directory);
  };
  std::vector<std::string> paths;
  test.actor("opener", [&] {
    const os::Fd parent = open("/x");
    const os::Fd child = open({parent, "b"});
    test.os.close(parent);
    if (number_is_taken_by_another) CHECK(open("/y") == parent);
    (void)open({child, "c"});
    paths = test.world.open_resources();
  });
  test.world.seal();
  test.run();
  std::vector<std::string> expected{"open: /x/b", "open: /x/b/c"};
  if (number_is_taken_by_another) expected.emplace_back("open: /y");
  CHECK(paths == expected);
}

TEST_CASE("vfs: a descriptor that another actor closes is not given out again", "[sim][vfs]") {
  TestWorld test;
  test.file("/f");
  os::Fd first = os::Fd::none;
  os::Fd second = os::Fd::none;
  test.actor("opener", [&] {
    first = *test.os.open("/f", os::Open::read);
    second = *test.os.open("/f", os::Open::read);
  });
  test.actor("closer", [&] {
    (void)test.os.now();
    test.os.close(first);
  });
  test.world.seal();
  test.run({0, 1, 0, 1});
  const os::Fd before_it_was_closed = second;
  test.run({0, 1, 1, 0});
  CHECK(second == before_it_was_closed);
}

}  // namespace unswept::sim
