// engine/ops/check.h: is everything in a datastore what it should be (an fsck)?
//
// Reads all there is: namespaces, groups, owners, manifests, indexes, blobs, the
// list of chunks, lock files, the move journal.  Compares indexes and blobs with
// their checksums and manifests, and references with the chunks that are there.
// On demand every chunk is read and compared with its name.
//
// Changes nothing and takes no locks.  Other operations may go on meanwhile: what
// vanishes under the check is passed over, and a chunk that appears late is found.
// What a moved group refers to may then be counted twice, or as unreferenced.
//
// Left out: whether a manifest's signature is right, and what encrypted data holds.
#pragma once

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/ops/check/findings.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct CheckOptions {
  /// Read every chunk.  Otherwise it is enough that one is there and not too short.
  bool read_chunks = false;
};

/// Fails only if it is interrupted; what cannot be read is a finding.
Result<CheckReport> check_store(const Datastore& store, BlobCodec& codec,
                                const CheckOptions& options = {});

}  // namespace unswept::engine
