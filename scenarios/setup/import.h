// scenarios/setup/import.h: a real datastore as the state a scenario starts from.
//
// Read from disk: the layout, all files outside of .chunks, lock files if a lock
// directory is given, and of chunks the name and access time.  What is in a chunk
// is read only if an operation of the scenario may look at it: of every chunk if
// somebody verifies or restores, else of those that a backup of the scenario may
// bring.  Any other chunk is a short file of zeros here.
//
// Refused, in words: what does not fit in memory, damaged indexes, and files of a
// kind that no datastore has.
#pragma once

#include <expected>
#include <string>

#include "scenarios/scenario.h"
#include "scenarios/setup/chunks.h"
#include "sim/world.h"

namespace unswept::scenarios {

/// Whether an operation of the scenario may read any chunk of the store.
bool reads_every_chunk(const Scenario& scenario);

/// The world's clock is set to the newest access time seen, or the start of scenarios if that is
/// later.  Missing chunk subdirectories for `chunks` are made.
std::expected<void, std::string> import_store(sim::World& world, os::System& system,
                                              const Scenario& scenario,
                                              const ChunkCatalogue& chunks);

}  // namespace unswept::scenarios
