// Reductions against brute force: on thousands of generated programs they reach the
// same final states, break the same promises and find the same deadlocks; and dpor
// runs exactly one execution per Mazurkiewicz trace, as counted independently from
// the executions of brute force.
//
// UNSWEPT_CROSSCHECK_PROGRAMS=n checks n programs of each profile in place of 150.
#include <cstdlib>
#include <set>
#include <string>

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/property/toy_generator.h"

namespace unswept::tests {
namespace {

/// What must not depend on how the executions were enumerated.
struct Findings {
  std::set<model::Fingerprint> final_states;
  std::set<std::string> violations;
  bool deadlock = false;
  bool operator==(const Findings&) const = default;
};

struct Exploration {
  Findings findings;
  model::ExploreResult result;
};

constexpr std::uint64_t kExecutionsMax = 20'000;

Exploration explore_all(ToyProgram program, model::ExploreOptions options) {
  Exploration seen;
  options.stop_at_first_violation = false;
  options.bounds.executions = kExecutionsMax;
  options.executed = [&](const model::Program& run, const model::Ending& ending) {
    seen.findings.final_states.insert(run.final_fingerprint());
    for (const auto& violation : ending.violations)
      seen.findings.violations.insert(violation.explanation);
    seen.findings.deadlock |= ending.outcome == model::Outcome::deadlock;
  };
  seen.result = model::explore(program, options);
  return seen;
}

struct Comparison {
  bool affordable = true;
  bool same_findings = true;
  std::uint64_t executions = 0;
  std::uint64_t traces = 0;
  bool none_in_vain = true;  // optimal: no execution was given up
  bool gave_way = false;     // optimal gave way to dpor
  bool good(bool exact = true) const {
    return same_findings && none_in_vain && (exact ? executions == traces : executions >= traces);
  }
};

Comparison compare(const ToyProgram& program, const model::Dependence& dependence = {},
                   model::Strategy strategy = model::Strategy::dpor) {
  // Brute force counts traces under the true dependence; the reduction may be given
  // a spoilt one.
  model::ExploreOptions options;
  options.strategy = model::Strategy::naive;
  options.count_traces = true;
  const Exploration truth = explore_all(program, options);
  if (!truth.result.complete) return {.affordable = false};
  options.strategy = strategy;
  options.count_traces = false;
  options.dependence = dependence;
  const Exploration reduced = explore_all(program, options);
  return {.affordable = true,
          .same_findings = truth.findings == reduced.findings && reduced.result.complete &&
                           reduced.result.verdict != model::Verdict::nondeterministic,
          .executions = reduced.result.executions,
          .traces = truth.result.traces.value_or(0),
          .none_in_vain = strategy != model::Strategy::optimal || reduced.result.gave_way ||
                          reduced.result.blocked == 0,
          .gave_way = reduced.result.gave_way};
}

/// Removes steps while the comparison still fails, and prints what is left.
std::string smallest(ToyText text, model::Strategy strategy) {
  const auto fails = [&](const ToyText& candidate) {
    const Comparison comparison = compare(ToyProgram(candidate), {}, strategy);
    return comparison.affordable && !comparison.good();
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (auto& actor : text.actors)
      for (std::size_t i = 0; i < actor.size(); ++i) {
        const bool structural = actor[i].op == Op::lock || actor[i].op == Op::unlock ||
                                actor[i].op == Op::lock_shared ||
                                actor[i].op == Op::unlock_shared || actor[i].op == Op::try_lock ||
                                actor[i].op >= Op::first_local;
        if (structural) continue;
        const auto kept = actor;
        actor[i] = {Op::jump, static_cast<std::int32_t>(i) + 1};
        if (fails(text))
          smaller = true;
        else
          actor = kept;
      }
  }
  const Comparison comparison = compare(ToyProgram(text), {}, strategy);
  std::string lines = std::to_string(comparison.executions) + " executions, " +
                      std::to_string(comparison.traces) + " traces, variables";
  for (const std::int32_t value : text.initial) lines += " " + std::to_string(value);
  lines += "\n";
  for (const auto& actor : text.actors) {
    lines += "actor:";
    for (const Instruction& i : actor)
      lines += " {" + std::to_string(static_cast<int>(i.op)) + "," + std::to_string(i.a) + "," +
               std::to_string(i.b) + "," + std::to_string(i.c) + "}";
    lines += "\n";
  }
  return lines;
}

std::uint64_t programs_per_profile() {
  const char* text = std::getenv("UNSWEPT_CROSSCHECK_PROGRAMS");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 150;
}

void cross_check_with(model::Strategy strategy, const ToyProfile& profile) {
  const std::uint64_t programs = programs_per_profile();
  std::uint64_t compared = 0;
  std::uint64_t gave_way = 0;
  for (std::uint64_t seed = 1; seed <= programs; ++seed) {
    const ToyText text = ToyGenerator(seed * 7919, profile).text();
    const Comparison comparison = compare(ToyProgram(text), {}, strategy);
    if (!comparison.affordable) continue;
    ++compared;
    gave_way += comparison.gave_way ? 1 : 0;
    // Where an outcome decides what a step touches, an actor sleeps with all its
    // outcomes or with none, and some traces are run more than once.
    if (comparison.good(/*exact=*/!profile.scattered)) continue;
    FAIL(model::to_string(strategy)
         << ", seed " << seed << ": same findings " << comparison.same_findings << ", "
         << comparison.executions << " executions, " << comparison.traces << " traces\n"
         << smallest(text, strategy));
  }
  CHECK(compared * 2 > programs);
  // What has no choices and no locks that several hold is explored optimally to the end.
  const bool always = !profile.choices && !profile.scattered && !profile.locks && !profile.waits;
  CHECK(gave_way <= (always ? 0 : compared / 20));
}

void cross_check(const ToyProfile& profile) {
  cross_check_with(model::Strategy::dpor, profile);
  cross_check_with(model::Strategy::optimal, profile);
}

}  // namespace

TEST_CASE("dpor agrees with brute force: plain accesses, two actors", "[crosscheck]") {
  cross_check({.actors = 2, .steps = 5});
}

TEST_CASE("dpor agrees with brute force: plain accesses, three actors", "[crosscheck]") {
  cross_check({.actors = 3, .steps = 3});
}

TEST_CASE("dpor agrees with brute force: what a step touches depends on the store",
          "[crosscheck]") {
  cross_check({.indirect = true, .actors = 3, .steps = 3});
}

TEST_CASE("dpor agrees with brute force: nothing but indirect accesses", "[crosscheck]") {
  cross_check({.plain = false, .indirect = true, .actors = 4, .steps = 2});
}

TEST_CASE("dpor agrees with brute force: locks", "[crosscheck]") {
  cross_check({.locks = true, .actors = 3, .steps = 4});
}

TEST_CASE("dpor agrees with brute force: locks, two actors, longer", "[crosscheck]") {
  cross_check({.locks = true, .actors = 2, .steps = 7});
}

TEST_CASE("dpor agrees with brute force: choices", "[crosscheck]") {
  cross_check({.choices = true, .actors = 3, .steps = 3});
}

TEST_CASE("dpor agrees with brute force: choices that decide what a step touches", "[crosscheck]") {
  cross_check({.choices = true, .scattered = true, .actors = 3, .steps = 3});
}

TEST_CASE("dpor agrees with brute force: waiting and late actors", "[crosscheck]") {
  cross_check({.waits = true, .actors = 3, .steps = 3});
}

TEST_CASE("dpor agrees with brute force: everything", "[crosscheck]") {
  cross_check(
      {.indirect = true, .locks = true, .choices = true, .waits = true, .actors = 3, .steps = 3});
}

TEST_CASE("dpor agrees with brute force: everything, four actors", "[crosscheck]") {
  cross_check(
      {.indirect = true, .locks = true, .choices = true, .waits = true, .actors = 4, .steps = 2});
}

// The cross-check is only worth something if it would notice.
TEST_CASE("a forgotten dependence is noticed", "[crosscheck]") {
  const ToyProfile profile{
      .indirect = true, .locks = true, .choices = false, .waits = false, .actors = 3, .steps = 3};
  const auto is_noticed = [&](Mode a, Mode b) {
    model::Dependence spoilt;
    spoilt.forget(a, b);
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      const ToyProgram program(ToyGenerator(seed * 104729, profile).text());
      const Comparison comparison = compare(program, spoilt);
      if (comparison.affordable && !comparison.good()) return true;
    }
    return false;
  };
  CHECK(is_noticed(Mode::read, Mode::write));
  CHECK(is_noticed(Mode::write, Mode::write));
  CHECK(is_noticed(Mode::add, Mode::read));
  CHECK(is_noticed(Mode::add, Mode::write));
  CHECK(is_noticed(Mode::acquire, Mode::acquire));
  CHECK(is_noticed(Mode::acquire, Mode::acquire_shared));
  CHECK(is_noticed(Mode::acquire, Mode::read));   // a try that fails
  CHECK(is_noticed(Mode::acquire, Mode::write));  // a try that succeeds
}

TEST_CASE("an access left out of the footprints is noticed", "[crosscheck]") {
  const ToyProfile profile{.indirect = true, .actors = 3, .steps = 3};
  for (const Access access :
       {Access{0, Mode::write}, Access{1, Mode::read}, Access{2, Mode::add}}) {
    bool noticed = false;
    for (std::uint64_t seed = 1; seed <= 200 && !noticed; ++seed) {
      const ToyText text = ToyGenerator(seed * 15485863, profile).text();
      ToyProgram blind(text);
      blind.forget(access);
      model::ExploreOptions naive;
      naive.strategy = model::Strategy::naive;
      noticed = explore_all(ToyProgram(text), naive).findings != explore_all(blind, {}).findings;
    }
    CHECK(noticed);
  }
}

}  // namespace unswept::tests
