// engine/ops/snapshot_move.h: one snapshot to another group of the same store.
#pragma once

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Announces where the snapshot's indexes will be, and renames its directory.
/// REQUIRES: the caller holds the locks of both groups and of the snapshot.
Result<> move_snapshot(const Datastore& store, const SnapshotId& snapshot, const Namespace& source,
                       const Namespace& target);

}  // namespace unswept::engine
