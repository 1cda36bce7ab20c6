// Directories in every order: what is explored, and what it costs.
#include "scenarios/check/every_order.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string>

#include "model/explore/random_walk.h"
#include "scenarios/check/check.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

/// The flagship, every directory in every order, with things that nobody but GC looks at.
struct Added {
  std::size_t namespaces = 0;  // with a snapshot each
  std::size_t groups = 0;      // next to the one that moves
  bool actor_elsewhere = false;
};

Scenario flagship(const Added& added) {
  std::string namespaces = R"("a", "b")";
  std::string snapshots =
      R"({ at = "a:vm/100/2026-01-01T00:00:00Z", archives = { "x.fidx" = ["c1", "c2"] } },)";
  constexpr std::string_view kSnapshot =
      R"({{ at = "{}/2026-01-01T00:00:00Z", archives = {{ "x.fidx" = ["{}{}"] }} }},)";
  for (std::size_t i = 0; i < added.namespaces; ++i) {
    namespaces += fmt::format(R"(, "s{}")", i);
    snapshots += fmt::format(kSnapshot, fmt::format("s{}:vm/1", i), "s", i);
  }
  for (std::size_t i = 0; i < added.groups; ++i)
    snapshots += fmt::format(kSnapshot, fmt::format("a:vm/{}", 200 + i), "g", i);
  std::string text = fmt::format(
      "format = 1\nname = \"flagship\"\nabout = \"a move next to a GC\"\n"
      "[store]\nnamespaces = [{}]\nsnapshots = [{}]\norphans = [\"o1\"]\n"
      "[[actor]]\nname = \"gc\"\ndo = [\"gc\"]\n"
      "[[actor]]\nname = \"mover\"\ndo = [\"move-group vm/100 --ns a --to b\"]\n",
      namespaces, snapshots);
  // Who locks something first makes the directories for it; so the writer comes after the mover.
  if (added.actor_elsewhere)
    text +=
        "[[actor]]\nname = \"writer\"\nafter = [\"mover\"]\n"
        "do = [\"notes vm/1/2026-01-01T00:00:00Z --ns s0 --text hello\"]\n";
  text += "[explore]\nmode = \"exhaustive\"\nreaddir = \"all\"\nbounds = { timeouts = 0 }\n";
  auto scenario = parse_scenario(text, "flagship.toml");
  REQUIRE(scenario.has_value());
  return *scenario;
}

struct Explored {
  OrdersResult orders;
  std::set<model::Fingerprint> ends;
};

std::unique_ptr<ScenarioProgram> program_of(const Scenario& scenario, std::string_view protocol) {
  return *ScenarioProgram::make(scenario, *find_protocol(protocol));
}

model::ExploreOptions options_collecting(std::set<model::Fingerprint>& ends) {
  model::ExploreOptions options;
  options.stop_at_first_violation = false;
  options.executed = [&](const model::Program& run, const model::Ending& ending) {
    model::Fingerprint end = run.final_fingerprint();
    // What an operation that failed had done by then depends on the order, and nobody looks at it.
    const OperationLog& operations = static_cast<const ScenarioProgram&>(run).operations();
    if (std::ranges::any_of(operations.all(), [](const auto& one) { return !one.succeeded; }))
      end = {operations.digest(), 0};
    for (const model::Violation& violation : ending.violations)
      end.high += std::hash<std::string>{}(violation.promise);
    ends.insert(end);
  };
  return options;
}

Explored explore_relevant(const Scenario& scenario, std::string_view protocol,
                          model::Strategy strategy = model::Strategy::dpor) {
  const auto program = program_of(scenario, protocol);
  Explored explored;
  auto options = options_collecting(explored.ends);
  options.strategy = strategy;
  CheckTeam team(scenario, *find_protocol(protocol), *program, Helpers{});
  explored.orders = explore_orders(team, options);
  REQUIRE(explored.orders.found.complete);
  REQUIRE(program->entry_contention().varies_all());
  return explored;
}

}  // namespace

TEST_CASE("every order: entries whose place cannot matter are not paid for", "[orders]") {
  const Explored plain = explore_relevant(flagship({}), "v8");
  CHECK(plain.orders.contended < plain.orders.entries);
  for (const std::size_t count : {1U, 2U, 4U, 8U}) {
    INFO(count << " more");
    const Explored wider = explore_relevant(flagship({.namespaces = count}), "v8");
    CHECK(wider.orders.found.executions == plain.orders.found.executions);
    CHECK(wider.orders.entries > plain.orders.entries);
    const Explored fuller = explore_relevant(flagship({.groups = count}), "v8");
    CHECK(fuller.orders.found.executions == plain.orders.found.executions);
  }
}

// What entries lead to is noted on the way, and a search that remembers states does not go every
// way.
TEST_CASE("every order: remembering states finds the same entries to matter", "[orders]") {
  for (const char* protocol : {"none", "v8"})
    for (const Added& added : {Added{}, Added{.namespaces = 2}, Added{.groups = 2},
                               Added{.namespaces = 1, .actor_elsewhere = true}}) {
      INFO(protocol << ", " << added.namespaces << " namespaces, " << added.groups << " groups");
      const Scenario scenario = flagship(added);
      const Explored truth = explore_relevant(scenario, protocol);
      const Explored found = explore_relevant(scenario, protocol, model::Strategy::stateful);
      CHECK(found.orders.entries == truth.orders.entries);
      CHECK(found.orders.contended == truth.orders.contended);
      CHECK(found.orders.found.verdict == truth.orders.found.verdict);
      CHECK(std::ranges::includes(truth.ends, found.ends));
    }
}

TEST_CASE("every order: an actor that works elsewhere is not paid for", "[orders]") {
  const Explored alone = explore_relevant(flagship({.namespaces = 1}), "v8");
  const Explored beside =
      explore_relevant(flagship({.namespaces = 1, .actor_elsewhere = true}), "v8");
  CHECK(beside.orders.found.executions == alone.orders.found.executions);
}

TEST_CASE("every order: all orders of all entries end as those that are explored", "[orders]") {
  for (const char* protocol : {"none", "v8"}) {
    INFO(protocol);
    const Scenario scenario = flagship({});
    const Explored relevant = explore_relevant(scenario, protocol);
    const auto program = program_of(scenario, protocol);
    std::set<model::Fingerprint> ends;
    const auto all = model::explore(*program, options_collecting(ends));
    REQUIRE(all.complete);
    CHECK(all.executions > 2 * relevant.orders.found.executions);
    CHECK(ends == relevant.ends);
  }
}

// The comparison above is only worth something if it would notice.
TEST_CASE("every order: entries that are wrongly kept in their places are noticed", "[orders]") {
  for (const char* protocol : {"none", "v8"}) {
    INFO(protocol);
    const Scenario scenario = flagship({});
    const Explored relevant = explore_relevant(scenario, protocol);
    const auto program = program_of(scenario, protocol);
    std::set<model::Fingerprint> ends;
    const auto options = options_collecting(ends);
    program->entry_contention().vary_all(false);  // a first round, with no entry known to matter
    REQUIRE(model::explore(*program, options).complete);
    // Under v8 the flagship ends in the same ways, whichever namespace comes first.
    CHECK((ends == relevant.ends) == (std::string_view(protocol) == "v8"));
    CHECK(std::ranges::includes(relevant.ends, ends));
    CHECK(program->entry_contention().settle());  // and it says that there must be another
  }
}

TEST_CASE("every order: random walks in all orders end as some run that was explored", "[orders]") {
  for (const Added& added : {Added{.namespaces = 2}, Added{.groups = 2}})
    for (const char* protocol : {"none", "v8"}) {
      const Scenario scenario = flagship(added);
      const Explored relevant = explore_relevant(scenario, protocol);
      const auto program = program_of(scenario, protocol);
      std::set<model::Fingerprint> ends;
      auto options = options_collecting(ends);
      options.strategy = model::Strategy::random;
      options.walks = 2'000;
      (void)model::explore(*program, options);
      CHECK(ends.size() > 1);
      INFO(added.namespaces << " namespaces, " << added.groups << " groups, " << protocol);
      for (const model::Fingerprint& end : ends) CHECK(relevant.ends.contains(end));
    }
}

TEST_CASE("every order: a counterexample is a trace in which every entry varies", "[orders]") {
  const Scenario scenario = flagship({.namespaces = 2});
  const auto program = program_of(scenario, "none");
  CheckTeam team(scenario, *find_protocol("none"), *program, Helpers{});
  const OrdersResult result = explore_orders(team, {});
  REQUIRE(result.found.counterexample.has_value());
  const model::RecordedRun run = model::replay(*program, result.found.counterexample->trace);
  CHECK_FALSE(run.divergence.has_value());
  REQUIRE_FALSE(run.ending.violations.empty());
  CHECK(run.ending.violations.front().promise == result.found.counterexample->violation.promise);
}

}  // namespace unswept::scenarios
