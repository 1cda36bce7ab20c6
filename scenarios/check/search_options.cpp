#include "scenarios/check/search_options.h"

#include "scenarios/workload/directory_orders.h"

namespace unswept::scenarios {
namespace {

model::Strategy strategy_of(SearchMode mode) {
  switch (mode) {
    case SearchMode::optimal:
      return model::Strategy::optimal;
    case SearchMode::stateful:
      return model::Strategy::stateful;
    case SearchMode::naive:
      return model::Strategy::naive;
    case SearchMode::automatic:
      return model::Strategy::automatic;
    case SearchMode::random:
      return model::Strategy::random;
    case SearchMode::pct:
      return model::Strategy::pct;
    case SearchMode::pos:
      return model::Strategy::pos;
    case SearchMode::surw:
      return model::Strategy::surw;
    case SearchMode::exhaustive:
    case SearchMode::pinned:
      break;
  }
  return model::Strategy::dpor;
}

/// Executions of an engine take long enough to tell of so many.
constexpr std::uint64_t kProgressEvery = 200;

}  // namespace

model::ExploreOptions explore_options(const Scenario& scenario, const CheckOptions& options) {
  const ExploreSpec& explore = scenario.explore;
  model::ExploreOptions result;
  result.bounds.executions = explore.bounds.executions;
  result.bounds.steps = explore.bounds.steps;
  result.bounds.preemptions = explore.bounds.preemptions;
  result.bounds.delays = explore.bounds.delays;
  result.raised = explore.raised;
  if (explore.bounds.time && options.clock)
    result.bounds.seconds = static_cast<double>(explore.bounds.time->count());
  result.seed = explore.seed;
  result.memory_budget = explore.memory;
  result.pct_depth = explore.pct_depth;
  result.verify_every = options.verify_every;
  result.clock = options.clock;
  result.progress = options.progress;
  result.progress_every = kProgressEvery;
  result.strategy = strategy_of(explore.mode);
  return result;
}

bool finds_contention(const ExploreSpec& explore) {
  const bool searches = explore.mode == SearchMode::exhaustive ||
                        explore.mode == SearchMode::optimal || explore.mode == SearchMode::pinned ||
                        explore.mode == SearchMode::automatic ||
                        explore.mode == SearchMode::stateful;
  // What is handled elsewhere in the order may be interrupted more or less often.
  const bool bounded =
      explore.bounds.preemptions || explore.bounds.delays || explore.raised != model::Raised::none;
  return searches && !bounded && varies_orders(explore);
}

}  // namespace unswept::scenarios
