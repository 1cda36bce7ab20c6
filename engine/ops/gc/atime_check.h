// engine/ops/gc/atime_check.h: does the file system keep the access times it is told?
#pragma once

#include "engine/error.h"
#include "engine/format/digest.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Inserts the chunk of 4 MiB of zeros and touches it a second later.  Fails if
/// that does not show: a collection on such a file system would remove everything.
Result<> check_access_times(const Datastore& store);

/// The digest of that chunk.
Digest access_time_chunk();

}  // namespace unswept::engine
