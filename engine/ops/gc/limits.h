// engine/ops/gc/limits.h: how old a chunk's access time must be for the chunk to go.
#pragma once

#include "engine/ops/garbage_collection.h"
#include "engine/ops/gc/sweep.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// As of now; a collection samples them once, before anything else.
SweepLimits sample_limits(const Datastore& store, const GcOptions& options);

}  // namespace unswept::engine
