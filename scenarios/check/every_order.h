// scenarios/check/every_order.h: exploring with directories in every order that can matter.
//
// Rounds of model::explore(), with the entries found to be contended so far
// (workload/entry_contention.h), until a round finds no more of them.  A violation is one in
// whichever round it is found; a pass is that of the last round.
//
// Thread safety: as the program's.
#pragma once

#include <cstdint>

#include "model/explore/explore.h"
#include "scenarios/workload/program.h"

namespace unswept::scenarios {

struct OrdersResult {
  model::ExploreResult found;  // of the last round
  std::uint32_t rounds = 1;
  std::size_t entries = 0;    // of directories read in every order, with more than one
  std::size_t contended = 0;  // of those, the ones that came in every place
};

/// Random walks that look for contended entries before the first round.
inline constexpr std::uint64_t kContentionWalks = 128;

/// Takes those walks: the entries that they find contended are those of the first round.
void look_around(ScenarioProgram& program, const model::ExploreOptions& options);

/// Afterwards all entries of `program` vary, and so they do in the trace of a counterexample.
OrdersResult explore_orders(ScenarioProgram& program, const model::ExploreOptions& options);

}  // namespace unswept::scenarios
