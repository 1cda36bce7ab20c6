// engine/ops/annotate.h: what can be said about groups and snapshots: protected, notes, owner.
#pragma once

#include <string_view>

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/names.h"
#include "engine/format/owner.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Forbids the removal of a snapshot, or allows it again.
Result<> set_protected(const Datastore& store, const Namespace& ns, const SnapshotId& snapshot,
                       bool is_protected);

/// The notes of a snapshot are in its manifest.
Result<> set_snapshot_notes(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                            const SnapshotId& snapshot, std::string_view notes);

Result<> set_group_notes(const Datastore& store, const Namespace& ns, const GroupId& group,
                         std::string_view notes);

Result<> change_owner(const Datastore& store, const Namespace& ns, const GroupId& group,
                      const AuthId& owner);

}  // namespace unswept::engine
