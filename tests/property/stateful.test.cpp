// Exploration that remembers states, against brute force: on thousands of generated programs it
// reaches the same final states, breaks the same promises and finds the same deadlocks; and it
// does not when what its soundness rests on is taken away.
//
// UNSWEPT_CROSSCHECK_PROGRAMS=n checks n programs of each profile in place of 150.
#include "model/explore/stateful.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/model/literature.h"
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
constexpr std::size_t kPlenty = std::size_t{1} << 28;

model::ExploreOptions options_for(Findings& findings) {
  model::ExploreOptions options;
  options.stop_at_first_violation = false;
  options.bounds.executions = kExecutionsMax;
  options.executed = [&](const model::Program& run, const model::Ending& ending) {
    findings.final_states.insert(run.final_fingerprint());
    for (const auto& violation : ending.violations)
      findings.violations.insert(violation.explanation);
    findings.deadlock |= ending.outcome == model::Outcome::deadlock;
  };
  options.pruned = [&](const model::Program&, const model::Ending& ending) {
    for (const auto& violation : ending.violations)
      findings.violations.insert(violation.explanation);
  };
  return options;
}

Exploration explore_with(model::Strategy strategy, ToyProgram program) {
  Exploration seen;
  model::ExploreOptions options = options_for(seen.findings);
  options.strategy = strategy;
  seen.result = model::explore(program, options);
  return seen;
}

Exploration explore_stateful(ToyProgram program, const model::StatefulFaults& faults = {},
                             std::size_t memory = kPlenty) {
  Exploration seen;
  const model::ExploreOptions options = options_for(seen.findings);
  model::StatefulSearch search(options.bounds, options.dependence, memory, faults);
  seen.result = model::run_search(program, search, options, /*exhaustive=*/true);
  return seen;
}

bool agrees(const Exploration& truth, const Exploration& stateful) {
  return truth.findings == stateful.findings && stateful.result.complete &&
         stateful.result.verdict == truth.result.verdict;
}

std::uint64_t programs_per_profile() {
  const char* text = std::getenv("UNSWEPT_CROSSCHECK_PROGRAMS");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 150;
}

const ToyProfile kProfiles[] = {
    {.actors = 2, .steps = 5},
    {.actors = 3, .steps = 3},
    {.indirect = true, .actors = 3, .steps = 3},
    {.plain = false, .indirect = true, .actors = 4, .steps = 2},
    {.locks = true, .actors = 3, .steps = 4},
    {.locks = true, .actors = 2, .steps = 7},
    {.choices = true, .actors = 3, .steps = 3},
    {.choices = true, .scattered = true, .actors = 3, .steps = 3},
    {.waits = true, .actors = 3, .steps = 3},
    {.indirect = true, .locks = true, .choices = true, .waits = true, .actors = 3, .steps = 3},
    {.indirect = true, .locks = true, .choices = true, .waits = true, .actors = 4, .steps = 2},
};

/// Removes steps while the two still disagree, and prints what is left.
std::string smallest(ToyText text) {
  const auto fails = [](const ToyText& candidate) {
    const Exploration truth = explore_with(model::Strategy::naive, ToyProgram(candidate));
    return truth.result.complete && !agrees(truth, explore_stateful(ToyProgram(candidate)));
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (auto& actor : text.actors)
      for (std::size_t i = 0; i < actor.size(); ++i) {
        const bool structural = (actor[i].op >= Op::lock && actor[i].op <= Op::unlock_slot) ||
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
  std::string lines = "variables";
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

/// The generated program number `seed`; every second one has results that nobody looks at again.
ToyText generated(std::uint64_t seed, const ToyProfile& profile) {
  ToyText text = ToyGenerator(seed * 7919, profile).text();
  bool uses_registers = false;
  for (const auto& actor : text.actors)
    for (const Instruction& i : actor)
      uses_registers |= i.op == Op::jump_if || i.op == Op::jump_unless || i.op == Op::check ||
                        i.op == Op::store_sum;
  text.registers_dead = !uses_registers;
  return text;
}

}  // namespace

TEST_CASE("stateful: agrees with brute force", "[crosscheck][stateful]") {
  const std::uint64_t programs = programs_per_profile();
  std::uint64_t executions = 0;
  std::uint64_t stateful_executions = 0;
  std::uint64_t hits = 0;
  std::uint64_t partial_hits = 0;
  for (const ToyProfile& profile : kProfiles) {
    std::uint64_t compared = 0;
    for (std::uint64_t seed = 1; seed <= programs; ++seed) {
      const ToyText text = generated(seed, profile);
      const Exploration truth = explore_with(model::Strategy::naive, ToyProgram(text));
      if (!truth.result.complete) continue;
      ++compared;
      const Exploration stateful = explore_stateful(ToyProgram(text));
      executions += truth.result.executions;
      stateful_executions += stateful.result.executions + stateful.result.pruned;
      hits += stateful.result.state_cache->hits;
      partial_hits += stateful.result.state_cache->partial_hits;
      if (agrees(truth, stateful)) continue;
      FAIL("profile " << &profile - kProfiles << ", seed " << seed << "\n" << smallest(text));
    }
    CHECK(compared * 2 > programs);
  }
  CHECK(hits > programs);
  CHECK(partial_hits > 0);
  WARN(executions << " executions by brute force, " << stateful_executions << " with " << hits
                  << " hits and " << partial_hits << " partial ones");
}

// The cross-check is only worth something if it would notice.
TEST_CASE("stateful: what makes it sound is needed", "[crosscheck][stateful]") {
  const auto is_noticed = [](const ToyProfile& profile, const model::StatefulFaults& faults) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      const ToyProgram program(generated(seed, profile));
      const Exploration truth = explore_with(model::Strategy::naive, program);
      if (truth.result.complete && !agrees(truth, explore_stateful(program, faults))) return true;
    }
    return false;
  };
  CHECK(is_noticed(kProfiles[0], {.no_summaries = true}));
  CHECK(std::ranges::any_of(kProfiles, [&](const ToyProfile& profile) {
    return is_noticed(profile, {.sleep_ignored = true});
  }));
  // Who waits and gets what he waits for races then as well: only deadlocks tell.
  CHECK(is_noticed({.waits = true, .actors = 3, .steps = 4}, {.no_waiters = true}));
}

TEST_CASE("stateful: agrees with brute force when memory runs out", "[crosscheck][stateful]") {
  for (std::uint64_t seed = 1; seed <= programs_per_profile(); ++seed) {
    const ToyText text = generated(seed, kProfiles[1]);
    const Exploration truth = explore_with(model::Strategy::naive, ToyProgram(text));
    if (!truth.result.complete) continue;
    const Exploration stateful = explore_stateful(ToyProgram(text), {}, 1 << 14);
    INFO("seed " << seed);
    CHECK(agrees(truth, stateful));
    CHECK(stateful.result.state_cache->bytes < (1 << 15));
  }
}

TEST_CASE("stateful: shared(2,9) with results that nobody looks at has few states",
          "[stateful][literature]") {
  ToyText text = shared(2, 9);
  text.registers_dead = true;
  const Exploration seen = explore_stateful(ToyProgram(text));
  CHECK(seen.result.complete);
  CHECK(seen.result.state_cache->states < 500);
  CHECK(seen.result.executions + seen.result.pruned < 500);
  CHECK(seen.findings.final_states.size() == 1);
  WARN(seen.result.state_cache->states << " states, " << seen.result.executions << " executions, "
                                       << seen.result.pruned << " given up");
}

}  // namespace unswept::tests
