// scenarios/workload/directory_orders.h: in which orders directories show their names.
#pragma once

#include <expected>
#include <string>

#include "scenarios/scenario.h"
#include "sim/world.h"

namespace unswept::scenarios {

/// Whether there are directories in every order.
bool varies_orders(const ExploreSpec& explore);

/// `orders` says what "in every order" comes to, and must outlive the world's runs.
///
/// Directories are named below the store; the lock directory counts as "not named".  The store must
/// have been set up: a name for what neither is there nor can come to be is an error, as the order
/// asked for would be of nothing.
std::expected<void, std::string> set_directory_orders(sim::World& world, const Scenario& scenario,
                                                      sim::EntryOrders& orders);

}  // namespace unswept::scenarios
