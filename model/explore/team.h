// model/explore/team.h: one space, several workers (internal).
#pragma once

#include "model/explore/explore.h"

namespace unswept::model {

/// Explores (dpor or stateful) with options.team or options.peers, and writes down and goes on as
/// options.checkpoint says.
ExploreResult explore_together(Program& program, const ExploreOptions& options);

}  // namespace unswept::model
