// scenarios/check/every_order.h: exploring with directories in every order that can matter.
//
// Rounds of model::explore(), with the entries found to be contended so far
// (workload/entry_contention.h), until a round finds no more of them.  A violation is one in
// whichever round it is found; a pass is that of the last round.
//
// Thread safety: as the team's.
#pragma once

#include <cstdint>

#include "model/explore/explore.h"
#include "scenarios/check/check_team.h"

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

/// `options` are those of the team's employ(); if they say where to go on from, the program's
/// contended entries are as they were then.  Afterwards all entries of the team's programs vary,
/// and so they do in the trace of a counterexample; the team's books are those of the last round.
OrdersResult explore_orders(CheckTeam& team, model::ExploreOptions options);

}  // namespace unswept::scenarios
