#include "model/explore/minimize.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/explore/naive.h"
#include "model/explore/relinearize.h"

namespace unswept::model {
namespace {

RecordedRun quiet_replay(Program& program, const Trace& trace) {
  return replay(program, trace, {.describe = false, .afterwards = Afterwards::go_on});
}

/// What a search with a bound on preemptions came to.
struct Attempt {
  std::optional<Trace> found;
  bool exhausted = false;
  std::uint64_t executions = 0;
};

Attempt search_with(Program& program, std::uint32_t preemptions_max, const SameViolation& same,
                    const MinimizeOptions& options, std::uint64_t executions_max) {
  Bounds bounds;
  bounds.preemptions = preemptions_max;
  NaiveSearch search(bounds);
  Attempt attempt;
  while (attempt.executions < executions_max && (!options.go_on || options.go_on())) {
    search.begin(program.rewind(search.repeated()));
    const Ending ending = program.run(search);
    ++attempt.executions;
    if (search.divergence()) break;
    if (same(ending)) {
      attempt.found = search.trace();
      break;
    }
    if (!search.advance()) {
      attempt.exhausted = !search.divergence();
      break;
    }
  }
  return attempt;
}

}  // namespace

SameViolation breaks(std::string promise) {
  return [promise = std::move(promise)](const Ending& ending) {
    if (ending.outcome == Outcome::deadlock && promise == kNoDeadlock) return true;
    return std::ranges::any_of(ending.violations, [&](const Violation& violation) {
      return violation.promise == promise;
    });
  };
}

Minimized minimize_preemptions(Program& program, const Trace& trace, const SameViolation& same,
                               const MinimizeOptions& options) {
  RecordedRun run = quiet_replay(program, trace);
  Minimized best;
  best.trace = run.trace;
  best.preemptions_before = preemptions(run);
  best.preemptions = best.preemptions_before;
  ++best.executions;

  const auto adopt = [&](const Trace& candidate) {
    RecordedRun other = quiet_replay(program, candidate);
    ++best.executions;
    if (other.divergence || !same(other.ending)) return;
    const auto cost = [](const RecordedRun& r) { return std::pair(preemptions(r), switches(r)); };
    if (cost(other) >= cost(run)) return;
    run = std::move(other);
    best.trace = run.trace;
    best.preemptions = preemptions(run);
  };
  adopt(relinearize(run, options.dependence));

  std::uint64_t budget = options.executions_max;
  for (std::uint32_t bound = 0; bound < best.preemptions; ++bound) {
    const Attempt attempt = search_with(program, bound, same, options, budget);
    budget -= attempt.executions;
    best.executions += attempt.executions;
    if (attempt.found) adopt(*attempt.found);
    if (!attempt.exhausted && !attempt.found) return best;
  }
  best.proven = true;
  return best;
}

}  // namespace unswept::model
