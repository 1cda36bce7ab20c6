// model/explore/sampling.h: explorations that draw executions at random (internal).
// docs/sampling.md explains the samplers, and what automatic does.
#pragma once

#include <functional>
#include <memory>

#include "model/explore/explore.h"
#include "model/explore/search.h"

namespace unswept::model {

/// Strategy random, pct, pos or surw.
ExploreResult explore_sampled(Program& program, const ExploreOptions& options);

/// A search that ends when it has seen everything.
using ExhaustiveSearch = std::function<std::unique_ptr<Search>(const ExploreOptions&)>;

/// Strategy automatic.  Draws walks of all samplers and searches exhaustively by turns; when the
/// walks are used up, leaves the rest to explore() with Strategy::dpor.
ExploreResult explore_automatically(Program& program, const ExploreOptions& options,
                                    const ExhaustiveSearch& exhaustive);

}  // namespace unswept::model
