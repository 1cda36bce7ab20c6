// tests/property/brute_force.h: what generated programs do, enumerated in one way or another.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "model/explore/explore.h"
#include "model/explore/search.h"
#include "model/explore/stateful.h"
#include "tests/property/toy_generator.h"

namespace unswept::tests {

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

/// Brute force counts on being cheap: what has more executions is left out.
inline constexpr std::uint64_t kExecutionsMax = 4'000;

inline model::ExploreOptions options_for(Findings& findings) {
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

/// By brute force, with the traces counted; not complete if there is too much of it.
inline Exploration enumerate(ToyProgram program, std::uint64_t executions_max = kExecutionsMax) {
  Exploration seen;
  model::ExploreOptions options = options_for(seen.findings);
  options.strategy = model::Strategy::naive;
  options.count_traces = true;
  options.bounds.executions = executions_max;
  seen.result = model::explore(program, options);
  return seen;
}

inline Exploration explore_reduced(ToyProgram program, model::Strategy strategy,
                                   const model::Dependence& dependence = {}) {
  Exploration seen;
  model::ExploreOptions options = options_for(seen.findings);
  options.strategy = strategy;
  options.dependence = dependence;
  seen.result = model::explore(program, options);
  return seen;
}

inline constexpr std::size_t kPlentyOfMemory = std::size_t{1} << 28;

inline Exploration explore_stateful(ToyProgram program, const model::StatefulFaults& faults = {},
                                    std::size_t memory = kPlentyOfMemory,
                                    const model::Dependence& dependence = {}) {
  Exploration seen;
  model::ExploreOptions options = options_for(seen.findings);
  options.dependence = dependence;
  model::StatefulSearch search(options.bounds, options.dependence, memory, faults);
  seen.result = model::run_search(program, search, options, /*exhaustive=*/true);
  return seen;
}

/// Whether it found what brute force found, to the end.
inline bool agrees(const Exploration& truth, const Exploration& reduced) {
  return truth.findings == reduced.findings && reduced.result.complete &&
         reduced.result.verdict != model::Verdict::nondeterministic;
}

/// Removes steps while `fails` still holds, and says what is left.
inline std::string smallest(ToyText text, const std::function<bool(const ToyText&)>& fails) {
  const auto structural = [](Op op) {
    return (op >= Op::lock && op <= Op::unlock_slot) || op >= Op::first_local;
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (auto& actor : text.actors)
      for (std::size_t i = 0; i < actor.size(); ++i) {
        if (structural(actor[i].op)) continue;
        const Instruction kept =
            std::exchange(actor[i], {Op::jump, static_cast<std::int32_t>(i) + 1});
        if (fails(text))
          smaller = true;
        else
          actor[i] = kept;
      }
  }
  std::string lines = "variables";
  for (const std::int32_t value : text.initial) lines += " " + std::to_string(value);
  for (const auto& actor : text.actors) {
    lines += "\nactor:";
    for (const Instruction& i : actor)
      lines += " {" + std::to_string(static_cast<int>(i.op)) + "," + std::to_string(i.a) + "," +
               std::to_string(i.b) + "," + std::to_string(i.c) + "}";
  }
  return lines + "\n";
}

}  // namespace unswept::tests
