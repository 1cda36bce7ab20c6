// engine/store/manifest_file.h: a snapshot's manifest, read and changed where it lies.
#pragma once

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/manifest.h"
#include "engine/format/manifest_codec.h"
#include "engine/format/names.h"
#include "engine/function_ref.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Takes no lock.  A missing manifest is not_found, one that cannot be understood invalid.
Result<Manifest> load_manifest(const Datastore& store, ManifestCodec& codec, const Namespace& ns,
                               const SnapshotId& snapshot);
Result<Manifest> load_manifest(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                               const SnapshotId& snapshot);

/// Loads the manifest under its lock, lets `change` at it and replaces the file
/// atomically, without a sync.
Result<> update_manifest(const Datastore& store, ManifestCodec& codec, const Namespace& ns,
                         const SnapshotId& snapshot, FunctionRef<void(Manifest&)> change);
Result<> update_manifest(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                         const SnapshotId& snapshot, FunctionRef<void(Manifest&)> change);

}  // namespace unswept::engine
