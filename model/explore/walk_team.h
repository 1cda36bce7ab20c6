// model/explore/walk_team.h: several workers draw the walks of one seed (internal).
//
// Walk number n is the same walk whoever draws it.  Portions of consecutive numbers are taken from
// a counter, and their books closed in the order of the numbers; behind the first portion that
// ends the exploration none counts.  So what comes out depends neither on the number of workers
// nor on who was faster, except where seconds or progress() end it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "model/explore/explore.h"
#include "model/explore/sampled_walks.h"

namespace unswept::model {

/// Draws walks 0 to `count` - 1 with options.team.  `first` draws on the caller's thread, and has
/// the figures of all in the end; `make_walks` makes others like it, on the threads of workers.
/// Walks behind the one that ended the exploration may have been shown to `executed` as well.
ExploreResult walk_together(Program& program, SampledWalks& first, const ExploreOptions& options,
                            std::uint64_t count,
                            const std::function<std::unique_ptr<SampledWalks>()>& make_walks);

}  // namespace unswept::model
