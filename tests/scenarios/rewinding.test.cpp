// Scenarios explored in executions that go on in the middle of the last one: the same as if each
// began at the start.
#include "model/explore/explore.h"
#include "model/explore/mix.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"
#include "tests/catch.h"
#include "tests/property/witness.h"

namespace unswept::scenarios {
namespace {

using tests::Witness;

struct Explored {
  std::vector<std::uint64_t> executions;
  std::vector<std::uint64_t> operations;  // how they went, by execution
  std::vector<std::string> unmet;
  model::ExploreResult result;
  std::size_t kept = 0;
};

Explored explore(const Scenario& scenario, std::string_view protocol, model::Strategy strategy,
                 Witness::Rewinding rewinding) {
  const auto program = ScenarioProgram::make(scenario, *find_protocol(protocol));
  REQUIRE(program);
  Witness witness(**program, rewinding);
  Explored explored;
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.bounds.executions = 150;
  options.executed = [&](const model::Program&, const model::Ending&) {
    std::uint64_t digest = (*program)->operations().digest();
    for (const OperationRun& run : (*program)->operations().all())
      for (const Moment moment : {run.begin, run.end})
        digest = model::mix(digest ^ moment.actor) + moment.steps;
    explored.operations.push_back(digest);
  };
  explored.result = model::explore(witness, options);
  explored.executions = witness.executions();
  explored.unmet = (*program)->sometimes().unmet();
  explored.kept = witness.kept();
  return explored;
}

TEST_CASE("rewinding: a scenario cannot tell it from starting over", "[rewinding]") {
  std::size_t kept = 0;
  for (const auto* path :
       {"race/move-next-to-gc", "race/two-jobs-next-to-a-move",
        "lifecycle/two-jobs-next-to-a-backup", "race/every-directory-order", "race/two-hops",
        "journal/append-while-draining", "journal/two-collectors-one-daemon",
        "journal/two-collectors-two-processes", "journal/gc-after-gc",
        "lifecycle/backup-next-to-gc", "lifecycle/backup-and-prune-next-to-gc",
        "lifecycle/prune-after-backup-next-to-gc", "lifecycle/forget-next-to-move",
        "lifecycle/verify-next-to-gc", "lifecycle/upload-of-an-orphan",
        "namespace/remove-next-to-gc", "namespace/move-namespace-next-to-gc"})
    for (const auto* protocol : {"none", "v8"})
      for (const auto strategy : {model::Strategy::naive, model::Strategy::dpor}) {
        INFO(path << " under " << protocol << ", strategy " << static_cast<int>(strategy));
        const auto scenario =
            load_scenario(UNSWEPT_SOURCE_DIR "/scenarios/" + std::string(path) + ".toml");
        REQUIRE(scenario);
        const auto from_start = explore(*scenario, protocol, strategy, Witness::Rewinding::no);
        const auto rewinding = explore(*scenario, protocol, strategy, Witness::Rewinding::yes);
        CHECK(rewinding.executions == from_start.executions);
        CHECK(rewinding.operations == from_start.operations);
        CHECK(rewinding.unmet == from_start.unmet);
        CHECK(rewinding.result.violations == from_start.result.violations);
        CHECK(rewinding.result.steps == from_start.result.steps);
        CHECK(rewinding.result.verdict == from_start.result.verdict);
        kept += rewinding.kept;
      }
  CHECK(kept > 100'000);
}

}  // namespace
}  // namespace unswept::scenarios
