// engine/ops/check/snapshot_inspection.h: the files of one snapshot.
#pragma once

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/ops/check/inspection.h"

namespace unswept::engine {

/// Everything in the directory of a snapshot: the manifest, what it lists and what it does not.
Result<> inspect_snapshot(Inspection& inspection, const Namespace& ns, const SnapshotId& snapshot);

/// Something at an absolute path where nothing belongs.  Indexes in it, however deep, are looked
/// at as garbage collection would.
Result<> inspect_stray(Inspection& inspection, const std::string& path, const os::DirEntry& entry);

}  // namespace unswept::engine
