// Tasks that are actors: what they do to each other is explored, and waited for.
#include "sim/helpers.h"

#include <array>
#include <set>

#include "sim/shared.h"
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;

namespace {

/// One actor that runs two tasks, each of which reads x and writes one more: in how many ways x
/// ends.
std::set<int> outcomes(std::size_t helpers_wanted) {
  TestWorld test;
  Shared<int> x(test.world, 0);
  Helpers helpers(test.world);
  int after = 0;
  const auto owner = test.world.add_actor({.name = "owner", .process = test.process}, [&] {
    const os::Task add = [&] { x.write(x.read() + 1); };
    helpers.of(0).run(std::array{add, add});
    after = x.read();
  });
  for (std::size_t i = 0; i < helpers_wanted; ++i)
    helpers.add(owner, {.name = "helper", .process = test.process});
  test.world.seal();
  AllChooser chooser;
  std::set<int> seen;
  do {
    const auto ending = test.world.run(chooser);
    REQUIRE(ending.outcome == model::Outcome::finished);
    REQUIRE(after == x.peek());
    seen.insert(x.peek());
  } while (chooser.next_run());
  return seen;
}

}  // namespace

TEST_CASE("helpers: tasks run at the same time, and the owner waits for all of them",
          "[sim][helpers]") {
  CHECK(outcomes(1) == std::set{1, 2});
}

TEST_CASE("helpers: an actor without a helper does its tasks one after the other",
          "[sim][helpers]") {
  CHECK(outcomes(0) == std::set{2});
}

TEST_CASE("helpers: each does one task in a run, and is there again in the next",
          "[sim][helpers]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  Helpers helpers(test.world);
  const auto owner = test.world.add_actor({.name = "owner", .process = test.process}, [&] {
    const os::Task add = [&] { x.fetch_add(1); };
    helpers.of(0).run(std::array{add, add});
    helpers.of(0).run(std::array{add, add, add});
  });
  const auto helper = helpers.add(owner, {.name = "helper", .process = test.process});
  test.world.seal();
  CHECK(helpers.set_of(owner) == model::set_of(helper));
  for (int run = 0; run < 2; ++run) {
    AllChooser chooser;
    REQUIRE(test.world.run(chooser).outcome == model::Outcome::finished);
    CHECK(x.peek() == 5);
    CHECK(test.world.steps_of(helper) == 3);  // start, add, end
  }
}

TEST_CASE("helpers: a run that is given up ends a helper before its owner", "[sim][helpers]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  Helpers helpers(test.world);
  int misses = 0;
  const auto owner = test.world.add_actor({.name = "owner", .process = test.process}, [&] {
    struct Held {
      bool alive = true;
      ~Held() { alive = false; }
    } held;
    struct Look {
      Held& held;
      int& misses;
      ~Look() { misses += held.alive ? 0 : 1; }
    };
    const os::Task nothing = [] {};
    const os::Task look = [&] {
      const Look at_the_end{held, misses};
      test.world.stop();
      x.fetch_add(1);
    };
    helpers.of(0).run(std::array{nothing, look});
  });
  helpers.add(owner, {.name = "helper", .process = test.process});
  test.world.seal();
  AllChooser chooser;
  CHECK(test.world.run(chooser).outcome == model::Outcome::stopped);
  CHECK(misses == 0);
}
