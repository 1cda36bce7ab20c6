// Interchangeable actors that take their turns in one order: reductions of the program that is left
// still reach whatever brute force reaches with every actor told apart, up to exchanging actors,
// and run each of its Mazurkiewicz traces once.
#include "model/symmetry.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/property/small_programs.h"

namespace unswept::tests {
namespace {

using model::Interchangeable;
using model::Strategy;
using model::TakenInTurn;

constexpr std::uint64_t kExecutionsMax = 4'000;
constexpr std::uint64_t kProgramsOfAKind = 120;

/// What does not change when interchangeable actors are exchanged.
struct Ends {
  /// The variables, whether a promise broke, and whether somebody was left waiting.
  std::set<std::tuple<std::vector<std::int32_t>, bool, bool>> all;
  model::ExploreResult result;
};

Ends explore_by(Strategy strategy, const ToyText& text,
                const std::vector<Interchangeable>& classes) {
  ToyProgram inner(text);
  TakenInTurn program(inner, classes);
  Ends ends;
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.count_traces = strategy == Strategy::naive;
  options.bounds.executions = kExecutionsMax;
  options.executed = [&](const model::Program&, const model::Ending& ending) {
    // All that could have gone on were waiting for a turn that nobody will take.
    if (ending.outcome == model::Outcome::stopped) return;
    std::vector<std::int32_t> variables;
    for (std::size_t v = 0; v < text.variables; ++v) variables.push_back(inner.variable(v));
    ends.all.emplace(std::move(variables), !ending.violations.empty(),
                     ending.outcome == model::Outcome::deadlock);
  };
  ends.result = model::explore(program, options);
  return ends;
}

/// A program in which the first two or three actors have the same code.
ToyText with_twins(const ProgramKind& kind, std::uint64_t number, std::size_t twins) {
  ToyText text = small_program(kind, number);
  // Nobody is told apart by being waited for, or by coming late.
  text.spawned = 0;
  for (auto& actor : text.actors)
    for (Instruction& i : actor)
      if (i.op == Op::spawn || i.op == Op::join || i.op == Op::exit) i = {Op::bump, 0, 1};
  while (text.actors.size() < twins) text.actors.push_back(text.actors.back());
  for (std::size_t twin = 1; twin < twins; ++twin) text.actors[twin] = text.actors.front();
  return text;
}

/// They take turns where they first get into each other's way, or right at the beginning.
Interchangeable first(std::size_t count, std::uint32_t turn = 0) {
  Interchangeable same{{}, turn};
  for (model::ActorId actor = 0; actor < count; ++actor) same.actors.push_back(actor);
  return same;
}

struct Tally {
  std::uint64_t compared = 0;
  std::uint64_t apart = 0;     // traces with every actor told apart
  std::uint64_t together = 0;  // and without
  std::uint64_t later_turns = 0;
};

/// A sentence if something is wrong with the search.
std::string objection(const Ends& truth, const Ends& reference, const Ends& found,
                      Strategy strategy, bool exact) {
  if (!found.result.complete) return "not complete";
  if (found.all != truth.all) return "other ends";
  const bool deadlocks = std::ranges::any_of(truth.all, [](auto& end) { return get<2>(end); });
  const bool violations = std::ranges::any_of(truth.all, [](auto& end) { return get<1>(end); });
  if ((found.result.deadlocks != 0) != deadlocks) return "deadlocks";
  if ((found.result.violations != 0) != violations) return "violations";
  const std::uint64_t traces = reference.result.traces.value_or(0);
  if (exact && strategy != Strategy::stateful && found.result.executions != traces)
    return std::to_string(found.result.executions) + " executions, " + std::to_string(traces) +
           " traces";
  return {};
}

Tally compare(const ProgramKind& kind, std::size_t twins) {
  Tally tally;
  for (std::uint64_t number = 1; number <= kProgramsOfAKind; ++number) {
    const ToyText text = with_twins(kind, number, twins);
    const Ends truth = explore_by(Strategy::naive, text, {});
    if (!truth.result.complete) continue;
    ToyProgram alone(text);
    const std::uint32_t turn = number % 2 == 0 ? model::first_rivalry(alone, 0, 1)
                                               : static_cast<std::uint32_t>(number % 5);
    if (turn != 0) ++tally.later_turns;
    const std::vector<Interchangeable> classes = {first(twins, turn)};
    const Ends reference = explore_by(Strategy::naive, text, classes);
    ++tally.compared;
    tally.apart += truth.result.traces.value_or(0);
    tally.together += reference.result.traces.value_or(0);
    INFO(kind.name << ", program " << number << ", twins " << twins);
    REQUIRE(objection(truth, reference, reference, Strategy::naive, false).empty());
    for (const Strategy strategy : {Strategy::dpor, Strategy::optimal, Strategy::stateful}) {
      INFO(to_string(strategy));
      const Ends found = explore_by(strategy, text, classes);
      REQUIRE(objection(truth, reference, found, strategy, !kind.profile.scattered) == "");
    }
  }
  return tally;
}

}  // namespace

TEST_CASE("symmetry: with interchangeable actors in one order every end is still reached",
          "[symmetry]") {
  for (const ProgramKind& kind : kKinds)
    for (const std::size_t twins : {std::size_t{2}, std::size_t{3}}) {
      const Tally tally = compare(kind, twins);
      INFO(kind.name << ": " << tally.compared << " programs, traces " << tally.apart << " and "
                     << tally.together);
      CHECK(tally.compared > kProgramsOfAKind / 3);
      CHECK(tally.together < tally.apart);
      CHECK(tally.later_turns > tally.compared / 20);
    }
}

TEST_CASE("symmetry: of n actors that write one variable one order in n! is left", "[symmetry]") {
  ToyText text;
  text.actors.assign(5, {{Op::store, 0, 7}});
  for (const Strategy strategy : {Strategy::dpor, Strategy::optimal}) {
    INFO(to_string(strategy));
    CHECK(explore_by(strategy, text, {}).result.executions == 120);
    CHECK(explore_by(strategy, text, {first(5)}).result.executions == 1);
    CHECK(explore_by(strategy, text, {{{0, 1}, 0}, {{2, 3, 4}, 0}}).result.executions == 10);
  }
}

// An actor that was kept waiting when a race was noted may conflict with what comes later.
TEST_CASE("symmetry: what nothing was foretold of is supposed to conflict", "[symmetry]") {
  ToyText text = with_twins(kKinds[7], 5034, 2);
  const Ends truth = explore_by(Strategy::naive, text, {});
  REQUIRE(truth.result.complete);
  for (const Strategy strategy : {Strategy::dpor, Strategy::stateful}) {
    const Ends found = explore_by(strategy, text, {first(2, 1)});
    CHECK(found.result.complete);
    CHECK(found.all == truth.all);
  }
}

// Both have no memory at their jumps: how often they have taken a step only the turns know.
TEST_CASE("symmetry: states in which other actors are kept waiting are told apart", "[symmetry]") {
  ToyText text;
  text.variables = 3;
  text.registers_dead = true;
  text.actors.assign(2, {{Op::load, 0, 0},
                         {Op::jump_if, 3, 0, 1},
                         {Op::store, 2, 0},
                         {Op::fetch_add, 1, 0, 1},
                         {Op::store, 0, 1}});
  const Ends truth = explore_by(Strategy::naive, text, {});
  REQUIRE(truth.result.complete);
  for (const std::uint32_t turn : {1U, 2U, 3U})
    CHECK(explore_by(Strategy::stateful, text, {first(2, turn)}).all == truth.all);
}

TEST_CASE("symmetry: a turn is where actors first get into each other's way", "[symmetry]") {
  ToyText text;
  text.variables = 2;
  text.actors.assign(3, {{Op::load, 0, 0}, {Op::load, 0, 1}, {Op::store, 1, 7}});
  ToyProgram program(text);
  CHECK(model::first_rivalry(program, 0, 2) == 2);
  // At their first steps, which commute, nothing would be gained.
  CHECK(explore_by(Strategy::dpor, text, {first(3, 0)}).result.executions >
        explore_by(Strategy::dpor, text, {first(3, 2)}).result.executions);
  const auto apart = explore_by(Strategy::dpor, text, {}).result.executions;
  CHECK(explore_by(Strategy::dpor, text, {first(3, 2)}).result.executions * 6 == apart);
}

TEST_CASE("symmetry: actors that are wrongly taken for interchangeable are noticed", "[symmetry]") {
  std::uint64_t noticed = 0;
  for (std::uint64_t number = 1; number <= kProgramsOfAKind; ++number) {
    ToyText text = with_twins(kKinds[0], number, 2);
    text.actors[1].insert(text.actors[1].begin(), {Op::store, 3, 5});
    for (Instruction& i : text.actors[1])
      if (i.op == Op::jump_if || i.op == Op::jump_unless) ++i.a;
    const Ends truth = explore_by(Strategy::naive, text, {});
    if (!truth.result.complete) continue;
    if (explore_by(Strategy::dpor, text, {first(2)}).all != truth.all) ++noticed;
  }
  CHECK(noticed > 0);
}

}  // namespace unswept::tests
