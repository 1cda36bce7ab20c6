#include "scenarios/check/check.h"

#include "scenarios/builder.h"
#include "scenarios/parse/parse.h"
#include "scenarios/parse/write.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

ScenarioBuilder gc_and_move(const std::string& name) {
  ScenarioBuilder builder(name);
  builder.namespaces({"a", "b"})
      .snapshot("b:vm/100/2026-01-01T00:00:00Z", {{"drive.img.fidx", {"c1"}}})
      .orphans({"o1"})
      .actor("gc", {"gc"})
      .actor("mover", {"move-group vm/100 --ns b --to a"});
  return builder;
}

reports::CaseResult checked(const Scenario& scenario, std::string_view protocol = "v8") {
  auto result = check(scenario, protocol, {});
  REQUIRE(result);
  return *std::move(result);
}

TEST_CASE("check: a scenario made in C++ is the one a file would make", "[check]") {
  const Scenario scenario =
      gc_and_move("made").sometimes("move.renamed").expect("v8", "pass").build();
  const auto parsed = parse_scenario(write_scenario(scenario), "made.toml");
  REQUIRE(parsed);
  CHECK(write_scenario(*parsed) == write_scenario(scenario));
}

TEST_CASE("check: without an expectation the default protocol must pass", "[check]") {
  const Scenario scenario = gc_and_move("free").build();
  CHECK(protocols_of(scenario) == std::vector<std::string>{"v8"});
  CHECK(checked(scenario).as_expected);
  CHECK_FALSE(checked(scenario, "none").as_expected);
}

TEST_CASE("check: the counterexample is shown with the fewest interruptions", "[check]") {
  const auto result = checked(gc_and_move("fewest").build(), "none");
  REQUIRE(result.counterexample);
  CHECK(result.counterexample->promise == "no-referenced-chunk-unmarked");
  CHECK(result.counterexample->switches == 2);  // gc, mover, gc
  CHECK(result.counterexample->explanation.size() > 3);
}

TEST_CASE("check: an orphan is collected by a GC that meets nobody, and only that is promised",
          "[check]") {
  // In one and the same second nothing is older than the cutoff, and GC leaves the orphan alone.
  const auto young = checked(ScenarioBuilder("young")
                                 .orphans({"o1"})
                                 .gc_cutoff(std::chrono::hours{72})
                                 .actor("gc", {"gc"})
                                 .promises({"garbage-collected"})
                                 .build());
  CHECK(young.verdict == model::Verdict::pass);
  const auto alone = checked(ScenarioBuilder("alone")
                                 .orphans({"o1"})
                                 .actor("gc", {"gc"})
                                 .sometimes("gc.sweep.removed")
                                 .build());
  CHECK(alone.verdict == model::Verdict::pass);
}

TEST_CASE("check: an operation that must succeed and does not is a violation", "[check]") {
  ScenarioBuilder builder = gc_and_move("must");
  builder.actor("second", {"move-group vm/100 --ns b --to a"}).must_succeed();
  const auto result = checked(builder.build());
  REQUIRE(result.verdict == model::Verdict::violation);
  CHECK(result.counterexample->promise == "must-succeed");
}

constexpr const char* kFails = "forget vm/100/2020-01-01T00:00:00Z --ns b";

TEST_CASE("check: an actor starts after those it waits for, and stops on an error if told to",
          "[check]") {
  const auto result = checked(gc_and_move("after")
                                  .actor("late", {kFails, "ns create c"})
                                  .after({"gc", "mover"})
                                  .stop_on_error()
                                  .sometimes("namespace.created")
                                  .build());
  CHECK(result.verdict == model::Verdict::inconclusive);  // the first operation always fails
  CHECK(result.failed_operations.value() >= result.executions);
}

TEST_CASE("check: a pinned order is followed, and what is behind it explored", "[check]") {
  ScenarioBuilder builder = gc_and_move("pinned");
  const auto rest = checked(
      builder.pinned({"gc until gc.mark.namespace(b)", "mover until done"}).build(), "none");
  REQUIRE(rest.verdict == model::Verdict::violation);
  CHECK(rest.counterexample->execution == 1);
  const auto harmless =
      checked(gc_and_move("other").pinned({"mover until done", "gc until done"}).build(), "none");
  CHECK(harmless.verdict == model::Verdict::pass);
  CHECK(harmless.executions == 1);
}

TEST_CASE("check: a pinned order that cannot be followed is inconclusive", "[check]") {
  const auto result =
      checked(gc_and_move("lost").pinned({"gc until gc.mark.namespace(nowhere)"}).build());
  CHECK(result.verdict == model::Verdict::inconclusive);
  REQUIRE_FALSE(result.remarks.empty());
  CHECK(result.remarks[0] ==
        "the order could not be followed: gc ended without passing gc.mark.namespace(nowhere)");
}

TEST_CASE("check: a budget that runs out is named", "[check]") {
  Bounds bounds;
  bounds.executions = 5;
  const auto result = checked(gc_and_move("budget").bounds(bounds).build());
  CHECK(result.verdict == model::Verdict::inconclusive);
  CHECK(result.bounds_hit == std::vector<std::string>{"executions"});
}

TEST_CASE("check: random walks find the race, and tell that they are no proof", "[check]") {
  const auto found = checked(gc_and_move("walks").mode(SearchMode::random).build(), "none");
  CHECK(found.verdict == model::Verdict::violation);
  const auto sampled = checked(gc_and_move("walks").mode(SearchMode::random).build(), "v8");
  CHECK(sampled.verdict != model::Verdict::nondeterministic);
  CHECK_FALSE(sampled.complete);
}

TEST_CASE("check: auto finds the race by sampling, and proves by search", "[check]") {
  const auto found = checked(gc_and_move("soon").mode(SearchMode::automatic).build(), "none");
  CHECK(found.verdict == model::Verdict::violation);
  const auto proven = checked(gc_and_move("proof").mode(SearchMode::automatic).build());
  CHECK(proven.verdict == model::Verdict::pass);
  CHECK(proven.complete);
  REQUIRE(proven.parts.size() > 1);
  CHECK(proven.parts.back().name == "dpor");
  CHECK(proven.parts.back().complete);
}

TEST_CASE("check: a bound is raised until the race shows, and the report tells where", "[check]") {
  Scenario scenario = gc_and_move("raised").build();
  scenario.explore.raised = model::Raised::delays;
  const auto found = checked(scenario, "none");
  CHECK(found.verdict == model::Verdict::violation);
  REQUIRE(found.parts.size() > 1);
  CHECK(found.parts.front().name == "delays <= 0");
  CHECK(found.parts.front().executions == 1);
  CHECK(found.parts.back().violations == 1);
  scenario.explore.bounds.delays = 1;
  const auto passed = checked(scenario);
  CHECK(passed.verdict == model::Verdict::pass);
  CHECK(passed.bounds == std::vector<reports::Setting>{{"delays", "1"}});
}

TEST_CASE("check: an operation that fails in every run makes the pass say so", "[check]") {
  const auto result = checked(ScenarioBuilder("vacuous").actor("mover", {kFails}).build());
  CHECK(result.verdict == model::Verdict::pass);
  REQUIRE_FALSE(result.remarks.empty());
  CHECK(result.remarks[0].find("warning: this says nothing of an operation that failed in every "
                               "run: mover: " +
                               std::string(kFails)) == 0);
}

}  // namespace
}  // namespace unswept::scenarios
