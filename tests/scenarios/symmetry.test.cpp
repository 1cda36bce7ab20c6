// Actors of a scenario that do the same: which are found, and that exchanging them throughout a run
// gives a run with the same verdict, so that one order of their turns is enough.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/explore/explore.h"
#include "model/explore/random_walk.h"
#include "model/explore/replay.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/interchangeable.h"
#include "scenarios/workload/program.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

using Classes = std::vector<std::vector<model::ActorId>>;

constexpr const char* kStore = R"(
format = 1
name = "twins"

[store]
namespaces = ["a", "b"]
snapshots = [
  { at = "b:vm/100/2026-01-01T00:00:00Z", archives = { "drive.img.fidx" = ["c1"] } },
]
orphans = ["o1"]
)";

std::string actor(const std::string& name, const std::string& operation,
                  const std::string& more = "") {
  return "[[actor]]\nname = \"" + name + "\"\ndo = [\"" + operation + "\"]\n" + more + "\n";
}

Scenario scenario_of(const std::string& actors, const std::string& explore = "") {
  auto parsed = parse_scenario(kStore + actors + "[explore]\nmode = \"exhaustive\"\n" + explore,
                               "twins.toml");
  REQUIRE(parsed);
  return *std::move(parsed);
}

const std::string kMove = "move-group vm/100 --ns b --to a";
const std::string kTwoGcs = actor("gc", "gc") + actor("mover", kMove) + actor("second", "gc");
const std::string kTwoMovers = actor("one", kMove) + actor("two", kMove) + actor("gc", "gc");

/// The run in which two actors are exchanged.
model::Trace exchanged(model::Trace trace, model::ActorId a, model::ActorId b) {
  for (model::Decision& decision : trace.decisions)
    if (decision.actor == a)
      decision.actor = b;
    else if (decision.actor == b)
      decision.actor = a;
  return trace;
}

std::multiset<std::string> promises_broken(const model::RecordedRun& run) {
  std::multiset<std::string> broken;
  for (const model::Violation& violation : run.ending.violations) broken.insert(violation.promise);
  return broken;
}

}  // namespace

TEST_CASE("actors that differ in their names alone are interchangeable", "[symmetry]") {
  CHECK(interchangeable_actors(scenario_of(kTwoGcs)) == Classes{{0, 2}});
  CHECK(interchangeable_actors(scenario_of(kTwoMovers)) == Classes{{0, 1}});
  CHECK(interchangeable_actors(scenario_of(kTwoMovers + actor("more", "gc"))) ==
        Classes{{0, 1}, {2, 3}});
  CHECK(interchangeable_actors(scenario_of(actor("gc", "gc") + actor("mover", kMove))).empty());
}

TEST_CASE("actors that something tells apart are not interchangeable", "[symmetry]") {
  const auto classes = [](const std::string& actors, const std::string& explore = "") {
    return interchangeable_actors(scenario_of(actors, explore));
  };
  const std::string gc = actor("gc", "gc");
  CHECK(classes(gc + actor("second", "gc", "must-succeed = true")).empty());
  CHECK(classes(gc + actor("second", "gc", "after = [\"gc\"]")).empty());
  CHECK(classes(gc + actor("second", "gc") + actor("mover", kMove, "after = [\"gc\"]")).empty());
  CHECK(classes(gc + actor("second", "gc") + actor("mover", kMove, "after = [\"gc\", \"second\"]"))
            .size() == 1);
  // A process of its own shares no memory; one with company is not the other.
  CHECK(classes(gc + actor("second", "gc", "process = \"p\"") + actor("mover", kMove)).empty());
  CHECK(classes(actor("gc", "gc", "process = \"q\"") + actor("second", "gc", "process = \"p\"") +
                actor("mover", kMove))
            .size() == 1);
  CHECK(classes(kTwoGcs, "symmetry = false").empty());
  CHECK(classes(kTwoGcs, "bounds = { delays = 1 }").empty());
  CHECK(classes(kTwoGcs, "bounds = { preemptions = 1 }").empty());
  CHECK(classes(kTwoGcs, "raise = \"preemptions\"").empty());
}

TEST_CASE("exchanging actors that do the same gives a run with the same verdict", "[symmetry]") {
  for (const std::string& actors : {kTwoGcs, kTwoMovers})
    for (const char* protocol : {"none", "v8"}) {
      const Scenario scenario = scenario_of(actors);
      INFO(actors << protocol);
      const std::vector<model::ActorId> twins = interchangeable_actors(scenario).at(0);
      auto program = *ScenarioProgram::make(scenario, *find_protocol(protocol));
      model::RandomWalks walks(7, 200, {});
      std::size_t broken = 0;
      do {
        walks.begin(0);
        (void)program->run(walks);
        const model::Trace trace = walks.trace();
        const auto run = model::replay(*program, trace, {.describe = false});
        const auto other =
            model::replay(*program, exchanged(trace, twins[0], twins[1]), {.describe = false});
        REQUIRE_FALSE(other.divergence);
        REQUIRE(other.ending.outcome == run.ending.outcome);
        REQUIRE(promises_broken(other) == promises_broken(run));
        if (!run.ending.violations.empty()) ++broken;
      } while (walks.advance());
      if (std::string(protocol) == "none") CHECK(broken > 0);
    }
}

TEST_CASE("one order of their turns is enough, and takes fewer executions", "[symmetry]") {
  for (const std::string& actors : {kTwoGcs, kTwoMovers})
    for (const char* protocol : {"none", "v8"})
      for (const auto strategy : {model::Strategy::dpor, model::Strategy::stateful}) {
        const Scenario scenario = scenario_of(actors, "bounds = { timeouts = 0 }");
        INFO(actors << protocol << ", " << to_string(strategy));
        auto program = *ScenarioProgram::make(scenario, *find_protocol(protocol));
        model::ExploreOptions options;
        options.strategy = strategy;
        options.stop_at_first_violation = false;
        const auto explored = [&](bool in_turn) {
          program->keep_turns(in_turn);
          std::map<std::string, std::uint64_t> promises;
          options.executed = [&](const model::Program&, const model::Ending& ending) {
            for (const model::Violation& violation : ending.violations)
              ++promises[violation.promise];
          };
          const auto result = model::explore(*program, options);
          REQUIRE(result.complete);
          std::vector<std::string> names;
          for (const auto& [promise, count] : promises) names.push_back(promise);
          return std::pair(names, result.executions);
        };
        const auto [apart, all] = explored(false);
        const auto [together, fewer] = explored(true);
        CHECK(together == apart);
        CHECK(fewer < all);
      }
}

}  // namespace unswept::scenarios
