// engine/ops/gc/sweep.h: phase 2 of garbage collection: removing what was not marked.
#pragma once

#include <cstdint>

#include "engine/error.h"
#include "engine/format/gc_status.h"
#include "engine/os/knowledge.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Which access times, in whole seconds, keep a chunk.
struct SweepLimits {
  std::int64_t min_access_time;  // below: removed
  std::int64_t oldest_writer;    // below: kept, but may go as soon as that writer has ended
};

/// Removes unmarked chunk files and adds what it found to `status`.  Chunk
/// subdirectories that are there are visited in ascending order; they stay.  `caller` tells limits
/// and status.
Result<> sweep(const Datastore& store, const SweepLimits& limits, GcStatus& status,
               const os::Knows& caller);

}  // namespace unswept::engine
