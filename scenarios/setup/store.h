// scenarios/setup/store.h: the datastore a scenario starts with, in a simulated world.
//
// Exactly the files that the operations of the engine would have left behind, in
// the real format; but only those chunk subdirectories that the scenario's chunks
// need, and no lock files, as after a reboot.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "scenarios/scenario.h"
#include "scenarios/setup/chunks.h"
#include "sim/world.h"

namespace unswept::scenarios {

inline constexpr std::string_view kStoreName = "store";
inline constexpr std::string_view kStoreBase = "/store";
inline constexpr std::string_view kLockDirectory = "/run/unswept/locks";
inline constexpr std::string_view kOwner = "root@pam";
/// When scenarios start: 2026-02-01T00:00:00Z.
inline constexpr os::Timestamp kStart{1'769'904'000, 0};

/// Every chunk that the store or an actor's operation names.
ChunkCatalogue chunks_of(const Scenario& scenario);

/// Builds the store in an unsealed world.  Fails with a sentence when an import does not work.
std::expected<void, std::string> set_up_store(sim::World& world, os::System& system,
                                              const Scenario& scenario,
                                              const ChunkCatalogue& chunks);

}  // namespace unswept::scenarios
