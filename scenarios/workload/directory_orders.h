// scenarios/workload/directory_orders.h: in which orders directories show their names.
#pragma once

#include "scenarios/scenario.h"
#include "sim/world.h"

namespace unswept::scenarios {

/// Directories are named below the store; the lock directory counts as "not named".
void set_directory_orders(sim::World& world, const ExploreSpec& explore);

}  // namespace unswept::scenarios
