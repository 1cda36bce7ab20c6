// model/explore/raising.h: explore with a bound at 0, 1, 2, ... (internal).
#pragma once

#include "model/explore/explore.h"

namespace unswept::model {

/// REQUIRES: options.raised is not none.
ExploreResult explore_raising(Program& program, const ExploreOptions& options);

}  // namespace unswept::model
