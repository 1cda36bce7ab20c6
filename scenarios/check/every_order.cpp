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

OrdersResult explore_orders(ScenarioProgram& program, const model::ExploreOptions& options) {
  EntryContention& entries = program.entry_contention();
  look_around(program, options);
  OrdersResult result;
  entries.vary_all(false);
  for (;; ++result.rounds) {
    result.found = model::explore(program, options);
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
