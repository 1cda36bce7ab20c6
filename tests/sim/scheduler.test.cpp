// Who runs when, and what happens to those who do not get to the end.
#include <set>
#include <stdexcept>

#include "sim/shared.h"
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;

TEST_CASE("scheduler: steps happen in the order the chooser says", "[sim][scheduler]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  std::vector<int> seen;
  const auto writer = [&](int value) { return [&x, value] { x.write(value); }; };
  test.actor("one", writer(1));
  test.actor("two", writer(2));
  test.world.seal();
  test.run({0, 1});
  CHECK(x.peek() == 2);
  test.run({1, 0});
  CHECK(x.peek() == 1);
}

TEST_CASE("scheduler: two actors with n fetch_adds each have (2n)!/(n!)^2 schedules",
          "[sim][scheduler]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  for (int i = 0; i < 2; ++i)
    test.actor("adder", [&] {
      for (int k = 0; k < 4; ++k) x.fetch_add(1);
    });
  test.world.seal();
  AllChooser chooser;
  int runs = 0;
  do {
    const auto ending = test.world.run(chooser);
    REQUIRE(ending.outcome == model::Outcome::finished);
    REQUIRE(x.peek() == 8);
    ++runs;
  } while (chooser.next_run());
  CHECK(runs == 70);
}

TEST_CASE("scheduler: two actors that lock two mutexes in opposite order can deadlock",
          "[sim][scheduler]") {
  TestWorld test;
  const auto a = test.os.make_mutex("a");
  const auto b = test.os.make_mutex("b");
  const auto both = [](os::Mutex& first, os::Mutex& second) {
    os::MutexGuard outer(first);
    os::MutexGuard inner(second);
  };
  test.actor("ab", [&] { both(*a, *b); });
  test.actor("ba", [&] { both(*b, *a); });
  test.world.seal();

  std::set<model::Outcome> outcomes;
  AllChooser chooser;
  do {
    const auto ending = test.world.run(chooser);
    outcomes.insert(ending.outcome);
    if (ending.outcome == model::Outcome::deadlock) CHECK(ending.blocked == 3);
  } while (chooser.next_run());
  CHECK(outcomes == std::set{model::Outcome::finished, model::Outcome::deadlock});
  CHECK(test.run().outcome == model::Outcome::finished);
}

TEST_CASE("scheduler: an actor with `after` starts when the others have ended",
          "[sim][scheduler]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  int seen = 0;
  const ActorId first = test.actor("first", [&] {
    x.fetch_add(1);
    x.fetch_add(1);
  });
  test.world.add_actor({.name = "later", .process = test.process, .after = {first}},
                       [&] { seen = x.read(); });
  test.world.seal();
  AllChooser chooser;
  int runs = 0;
  do {
    seen = 0;
    CHECK(test.world.run(chooser).outcome == model::Outcome::finished);
    CHECK(seen == 2);
    ++runs;
  } while (chooser.next_run());
  CHECK(runs == 1);
}

TEST_CASE("scheduler: a spawned actor runs after spawn, and join waits for its end",
          "[sim][scheduler]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  int seen = -1;
  ActorId child = 1;
  test.actor("main", [&] {
    x.write(1);
    test.world.spawn(child);
    test.world.join(child);
    seen = x.read();
  });
  test.world.add_actor(
      {.name = "child", .process = test.process, .spawned = true, .joinable = true},
      [&] { x.write(x.read() + 10); });
  test.world.seal();
  for (int i = 0; i < 3; ++i) {
    CHECK(test.run().outcome == model::Outcome::finished);
    CHECK(seen == 11);
  }
}

TEST_CASE("scheduler: an actor that is never spawned is not waited for", "[sim][scheduler]") {
  TestWorld test;
  test.world.add_actor({.name = "child", .process = test.process, .spawned = true}, [] {});
  test.world.seal();
  CHECK(test.run().outcome == model::Outcome::finished);
}

TEST_CASE("scheduler: a run that is given up unwinds its actors without effects",
          "[sim][scheduler]") {
  TestWorld test;
  int unwound = 0;
  struct Count {
    int& count;
    ~Count() { ++count; }
  };
  test.actor("writer", [&] {
    const Count count{unwound};
    const auto file = os::open_file(test.os, "/f", os::Open::write | os::Open::create);
    (void)test.os.write(file->fd(), bytes_of("x"));
    (void)test.os.unlink("/f");
  });
  test.world.seal();
  OrderChooser chooser({}, /*steps_max=*/2);
  CHECK(test.world.run(chooser).outcome == model::Outcome::stopped);
  CHECK(unwound == 1);
  CHECK(chooser.steps.size() == 2);
  CHECK(test.content("/f") == "x");
  CHECK(test.world.open_resources() == std::vector<std::string>{"open: /f"});
  test.world.reset();
  CHECK_FALSE(test.exists("/f"));
  CHECK(test.world.open_resources().empty());
}

TEST_CASE("scheduler: an actor that catches everything still ends when the run is given up",
          "[sim][scheduler]") {
  TestWorld test;
  int caught = 0;
  test.actor("stubborn", [&] {
    for (int i = 0; i < 3; ++i) {
      try {
        (void)test.os.mkdir("/d");
      } catch (...) {
        ++caught;
      }
    }
  });
  test.world.seal();
  OrderChooser chooser({}, /*steps_max=*/1);
  CHECK(test.world.run(chooser).outcome == model::Outcome::stopped);
  CHECK(caught == 2);
}

TEST_CASE("scheduler: calls made by destructors during unwinding fail and do nothing",
          "[sim][scheduler]") {
  TestWorld test;
  os::Errno told{};
  struct RemoveFile {
    os::System& os;
    os::Errno& told;
    ~RemoveFile() { told = error(os.unlink("/f")); }
  };
  test.file("/f");
  test.actor("careful", [&] {
    const RemoveFile remove{test.os, told};
    (void)test.os.mkdir("/d");
    (void)test.os.mkdir("/e");
  });
  test.world.seal();
  OrderChooser chooser({}, /*steps_max=*/1);
  test.world.run(chooser);
  CHECK(told == os::Errno::operation_canceled);
  CHECK(test.exists("/f"));
}

TEST_CASE("scheduler: an exception that leaves an actor is a violation, not a crash",
          "[sim][scheduler]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  test.actor("thrower", [&] {
    x.write(1);
    throw std::runtime_error("no such luck");
  });
  test.actor("other", [&] { x.fetch_add(1); });
  test.world.seal();
  const auto ending = test.run({0, 1});
  CHECK(ending.outcome == model::Outcome::finished);
  REQUIRE(ending.violations.size() == 1);
  CHECK(ending.violations[0].promise == "actor-threw");
  CHECK(ending.violations[0].explanation == "thrower: no such luck");
  CHECK(x.peek() == 2);
}

TEST_CASE("scheduler: actors may switch inside catch blocks and rethrow their own exceptions",
          "[sim][scheduler][fiber]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  std::string caught[2];
  for (int i = 0; i < 2; ++i)
    test.actor("catcher", [&, i] {
      try {
        try {
          throw std::runtime_error("error of " + std::to_string(i));
        } catch (...) {
          for (int k = 0; k < 3; ++k) x.fetch_add(1);
          throw;
        }
      } catch (const std::exception& error) {
        x.fetch_add(1);
        caught[i] = error.what();
      }
    });
  test.world.seal();
  test.run({0, 1, 0, 1, 1, 0, 0, 1});
  CHECK(caught[0] == "error of 0");
  CHECK(caught[1] == "error of 1");
}

TEST_CASE("scheduler: destructors may take steps while an exception unwinds them",
          "[sim][scheduler][fiber]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  struct AddOnExit {
    Shared<int>& x;
    ~AddOnExit() { x.fetch_add(10); }
  };
  for (int i = 0; i < 2; ++i)
    test.actor("leaver", [&] {
      try {
        const AddOnExit add{x};
        x.fetch_add(1);
        throw std::runtime_error("out");
      } catch (const std::exception&) {
        x.fetch_add(100);
      }
    });
  test.world.seal();
  CHECK(test.run({0, 1, 0, 1, 1, 0}).outcome == model::Outcome::finished);
  CHECK(x.peek() == 222);
  CHECK(std::uncaught_exceptions() == 0);
}

TEST_CASE("scheduler: the same answers give the same steps and fingerprints", "[sim][scheduler]") {
  TestWorld test;
  for (int i = 0; i < 3; ++i)
    test.actor("worker", [&, i] {
      const std::string mine = "/d" + std::to_string(i);
      (void)test.os.mkdir(mine);
      (void)test.os.rename(mine, "/d");
      std::byte bytes[4];
      test.os.random(bytes);
      const auto file =
          os::open_file(test.os, "/log", os::Open::write | os::Open::create | os::Open::append);
      (void)test.os.write(file->fd(), bytes);
      (void)list(test.os, "/");
    });
  test.world.seal();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomChooser first(seed);
    RandomChooser second(seed);
    test.world.run(first);
    const auto end = test.world.final_fingerprint();
    test.world.run(second);
    CHECK(test.world.final_fingerprint() == end);
    CHECK(first.fingerprints == second.fingerprints);
    REQUIRE(first.steps.size() == second.steps.size());
    for (std::size_t i = 0; i < first.steps.size(); ++i) {
      CHECK(first.steps[i].result == second.steps[i].result);
      CHECK(first.steps[i].footprint == second.steps[i].footprint);
    }
  }
}

TEST_CASE("scheduler: what an actor forgets no longer distinguishes states", "[sim][scheduler]") {
  TestWorld test;
  Shared<int> x(test.world, 0);
  test.actor("reader", [&] {
    (void)x.read();
    test.world.forget();
    (void)x.read();
  });
  test.actor("writer", [&] { x.write(1); });
  test.world.seal();
  const auto after_two = [&](std::vector<ActorId> order) {
    model::Fingerprint found;
    OrderChooser chooser(std::move(order));
    chooser.on_pick = [&](const model::Situation& situation) {
      if (chooser.steps.size() == 2) found = situation.fingerprint();
    };
    test.world.run(chooser);
    return found;
  };
  CHECK(after_two({0, 1}) == after_two({1, 0}));
}

TEST_CASE("scheduler: a step of one's own announces its footprint and runs calls at once",
          "[sim][scheduler]") {
  TestWorld test;
  const auto judge = test.world.define_op("judge");
  std::uint64_t answer = 0;
  test.file("/f", "abc");
  test.actor("judge", [&] {
    answer = test.world.step(
        judge,
        [&](model::Footprint& footprint) { footprint.add(ghost_object(7), model::Mode::read); },
        [&] { return test.os.stat("/f")->size; }, "judge /f");
  });
  test.world.seal();
  OrderChooser chooser({});
  test.world.run(chooser);
  CHECK(answer == 3);
  REQUIRE(chooser.steps.size() == 1);
  CHECK(chooser.steps[0].op == judge);
  CHECK(chooser.steps[0].footprint ==
        std::vector<model::Access>{{ghost_object(7), model::Mode::read}});
  CHECK(test.world.op_name(judge) == "judge");
}
