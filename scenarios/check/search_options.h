// scenarios/check/search_options.h: what a scenario says of its search, as the explorer takes it.
#pragma once

#include "model/explore/explore.h"
#include "scenarios/check/check.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

model::ExploreOptions explore_options(const Scenario& scenario, const CheckOptions& options);

/// Whether there are directories in every order, and a search that can tell where that matters.
bool finds_contention(const ExploreSpec& explore);

}  // namespace unswept::scenarios
