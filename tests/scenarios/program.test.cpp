#include "scenarios/workload/program.h"

#include <filesystem>
#include <set>

#include "model/explore/explore.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

Scenario library(const std::string& path) {
  auto scenario = load_scenario(UNSWEPT_SOURCE_DIR "/scenarios/" + path + ".toml");
  INFO(path << (scenario ? "" : to_string(scenario.error())));
  REQUIRE(scenario);
  return *std::move(scenario);
}

std::unique_ptr<ScenarioProgram> program_of(const Scenario& scenario, std::string_view protocol) {
  auto program = ScenarioProgram::make(scenario, *find_protocol(protocol));
  REQUIRE(program);
  return *std::move(program);
}

/// What explorations can disagree on: final states, and broken promises.
struct Findings {
  std::set<model::Fingerprint> states;
  std::set<std::string> promises;
  std::vector<std::string> unmet;
  bool complete = false;
};

Findings findings(const Scenario& scenario, std::string_view protocol,
                  model::ExploreOptions options) {
  const auto program = program_of(scenario, protocol);
  Findings found;
  options.stop_at_first_violation = false;
  options.executed = [&](const model::Program& ran, const model::Ending& ending) {
    found.states.insert(ran.final_fingerprint());
    for (const model::Violation& violation : ending.violations)
      found.promises.insert(violation.promise);
  };
  found.complete = model::explore(*program, options).complete;
  found.unmet = program->sometimes().unmet();
  return found;
}

template <class Set>
bool contains_all(const Set& set, const Set& part) {
  return std::includes(set.begin(), set.end(), part.begin(), part.end());
}

TEST_CASE("scenarios: what every step touched is what it announced", "[program]") {
  for (const auto* path : {"race/two-hops", "lifecycle/backup-and-prune-next-to-gc",
                           "lifecycle/forget-next-to-gc", "namespace/move-namespace-next-to-gc",
                           "namespace/remove-next-to-gc", "journal/two-collectors-two-processes"}) {
    INFO(path);
    const Scenario scenario = library(path);
    const auto program = program_of(scenario, "v8");
    program->world().set_checked(true);  // a difference ends the test program
    model::ExploreOptions options;
    options.strategy = model::Strategy::random;
    options.walks = 60;
    options.stop_at_first_violation = false;
    CHECK(model::explore(*program, options).steps > 1000);
  }
}

// The promises judged in mid-run, `sometimes` and the operations' results included: whatever a
// search without reduction comes across, the reduced one does too.
TEST_CASE("scenarios: reduction loses no final state, no violation and no condition met",
          "[program]") {
  const auto* path =
      GENERATE("race/move-next-to-gc", "lifecycle/prune-after-backup-next-to-gc",
               "lifecycle/forget-next-to-gc", "race/merge", "namespace/create-next-to-gc");
  const auto* protocol = GENERATE("none", "v8");
  INFO(path << " under " << protocol);
  const Scenario scenario = library(path);
  const Findings reduced = findings(scenario, protocol, {});
  REQUIRE(reduced.complete);
  model::ExploreOptions options;
  options.strategy = model::Strategy::naive;
  options.bounds.preemptions = 1;
  options.bounds.executions = 1500;
  const Findings bounded = findings(scenario, protocol, options);
  options = {};
  options.strategy = model::Strategy::random;
  options.walks = 500;
  const Findings walked = findings(scenario, protocol, options);
  CHECK(contains_all(reduced.states, bounded.states));
  CHECK(contains_all(reduced.states, walked.states));
  CHECK(contains_all(reduced.promises, bounded.promises));
  CHECK(contains_all(reduced.promises, walked.promises));
  CHECK(reduced.unmet.size() <= std::min(bounded.unmet.size(), walked.unmet.size()));
}

TEST_CASE("scenarios: the same trace gives the same run, step by step", "[program]") {
  const Scenario scenario = library("lifecycle/prune-after-backup-next-to-gc");
  const auto program = program_of(scenario, "v8");
  const auto found = model::explore(*program, {});
  REQUIRE(found.counterexample);
  const auto first = model::replay(*program, found.counterexample->trace);
  const auto fresh = program_of(scenario, "v8");
  const auto second = model::replay(*fresh, found.counterexample->trace);
  CHECK_FALSE(model::first_difference(first, second));
  CHECK(first.final_fingerprint == second.final_fingerprint);
  REQUIRE_FALSE(second.ending.violations.empty());
  CHECK(first.ending.violations.front().explanation ==
        second.ending.violations.front().explanation);
}

}  // namespace
}  // namespace unswept::scenarios
