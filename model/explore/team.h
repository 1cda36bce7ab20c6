// model/explore/team.h: one space, several workers (internal).
#pragma once

#include <functional>
#include <memory>

#include "model/explore/dpor.h"
#include "model/explore/explore.h"

namespace unswept::model {

/// Explores with options.team, and writes down and goes on as options.checkpoint says.
/// `make_search` is called on the threads of several workers at once.
ExploreResult explore_together(Program& program, const ExploreOptions& options,
                               const std::function<std::unique_ptr<DporSearch>()>& make_search);

}  // namespace unswept::model
