// engine/ops/restore.h: reading the archives of a snapshot.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/manifest.h"
#include "engine/format/names.h"
#include "engine/function_ref.h"
#include "engine/store/datastore.h"
#include "engine/store/lock_file.h"

namespace unswept::engine {

/// Takes the data of an archive piece by piece, in order.  An error ends the restore.
using RestoreSink = FunctionRef<Result<>(ByteView data)>;

/// A snapshot that is being read.  It is locked, shared, so that nobody removes or moves it
/// meanwhile; it stays readable even if somebody does.
///
/// Thread safety: none.
class SnapshotReader {
 public:
  /// lock_conflict while somebody changes the snapshot.
  static Result<SnapshotReader> open(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                     const SnapshotId& snapshot);

  const Manifest& manifest() const { return manifest_; }

  /// Fails for what the snapshot does not have, and for what is encrypted.
  Result<> check_restorable(std::string_view archive) const;

  /// Hands the data of an archive to `sink`: the image or stream of an index, the content of a
  /// blob.  Everything is checked against manifest, index and digests on the way; data that was
  /// handed over before an error is not to be trusted as a whole.  Returns the number of bytes.
  ///
  /// The client's log can be named too, though no manifest lists it: it is checked against the
  /// sum in its header only.
  Result<std::uint64_t> restore(std::string_view archive, RestoreSink sink);

 private:
  SnapshotReader(const Datastore& store, BlobCodec& codec, LockFile lock, os::File directory,
                 Manifest manifest);
  Result<const ManifestFile*> find_restorable(std::string_view archive) const;
  Result<std::uint64_t> restore_index(const ManifestFile& file, RestoreSink sink);
  Result<std::uint64_t> restore_blob(const ManifestFile& file, RestoreSink sink);
  bool is_client_log(std::string_view archive) const;
  Result<Bytes> read_client_log() const;

  const Datastore* store_;
  BlobCodec* codec_;
  LockFile lock_;
  os::File directory_;
  Manifest manifest_;
};

}  // namespace unswept::engine
