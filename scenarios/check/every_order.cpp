#include "scenarios/check/every_order.h"

namespace unswept::scenarios {

/// What is contended in some order is so in all: walks through all of them save rounds.
void look_around(ScenarioProgram& program, const model::ExploreOptions& options) {
  EntryContention& entries = program.entry_contention();
  model::ExploreOptions walks;
  walks.strategy = model::Strategy::random;
  walks.seed = options.seed;
  walks.walks = kContentionWalks;
  walks.stop_at_first_violation = false;
  walks.deadlock_allowed = true;
  walks.bounds.steps = options.bounds.steps;
  entries.record_certain(true);
  (void)model::explore(program, walks);
  entries.record_certain(false);
  (void)entries.settle();
}

OrdersResult explore_orders(CheckTeam& team, model::ExploreOptions options) {
  ScenarioProgram& program = team.first();
  EntryContention& entries = program.entry_contention();
  const bool resumed = options.checkpoint.resume != nullptr;
  if (!resumed) look_around(program, options);
  OrdersResult result;
  entries.vary_all(false);
  for (;; ++result.rounds) {
    if (!resumed || result.rounds > 1) team.forget_failures();
    result.found = model::explore(program, options);
    team.gather();
    options.checkpoint.resume = nullptr;  // of the first round here
    const bool more = entries.settle();
    if (result.found.counterexample || !result.found.complete || !more) break;
  }
  result.entries = entries.entries();
  result.contended = entries.contended();
  if (auto& example = result.found.counterexample)
    example->trace = program.with_all_orders(example->trace);
  entries.vary_all(true);
  return result;
}

}  // namespace unswept::scenarios
