// scenarios/setup/import.h: a real datastore as the state a scenario starts from.
//
// Read from disk: the layout, indexes, manifests and other small files, lock
// files if a lock directory is given, and of chunks the name, size and access
// time.  The contents of chunks stay on the disk: a chunk is a sparse file of its
// length here, and checks that would read it take the file on disk for good.
#pragma once

#include <expected>
#include <string>

#include "scenarios/scenario.h"
#include "scenarios/setup/chunks.h"
#include "sim/world.h"

namespace unswept::scenarios {

/// The world's clock is set to the newest access time seen, or the start of scenarios if that is
/// later.  Missing chunk subdirectories for `chunks` are made.
std::expected<void, std::string> import_store(sim::World& world, os::System& system,
                                              const Scenario& scenario,
                                              const ChunkCatalogue& chunks);

}  // namespace unswept::scenarios
