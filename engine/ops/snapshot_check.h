// engine/ops/snapshot_check.h: comparing a snapshot's files and chunks with its manifest.
//
// A SnapshotCheck serves one verify run: it remembers which chunks it has read.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/format/manifest.h"
#include "engine/ops/verify.h"
#include "engine/store/index_file.h"

namespace unswept::engine {

class SnapshotCheck {
 public:
  SnapshotCheck(const Datastore& store, BlobCodec& codec, const VerifyOptions& options)
      : store_(store), codec_(codec), options_(options) {}

  /// Appends to the report.  Fails only when the run is to end.
  Result<> check(const Namespace& ns, const SnapshotId& snapshot, VerifyReport& report);

 private:
  using Problems = std::vector<std::string>;

  bool is_up_to_date(const Manifest& manifest) const;
  Result<> check_files(const Manifest& manifest, VerifiedSnapshot& verified);
  Result<> check_file(const ManifestFile& file, Problems& problems);
  void check_blob(const ManifestFile& file, Problems& problems);
  Result<> check_index(const ManifestFile& file, Problems& problems);
  Result<> check_chunks(const IndexView& index, bool encrypted, Problems& problems);
  void check_chunk(const IndexView& index, std::size_t i, bool encrypted, Problems& problems);
  void set_aside(const Digest& digest, Problems& problems);
  std::vector<std::size_t> reading_order(const IndexView& index);

  const Datastore& store_;
  BlobCodec& codec_;
  const VerifyOptions& options_;
  std::string directory_;  // of the snapshot being checked, absolute
  std::string phase_;      // for progress: what is being read
  VerifyReport* report_ = nullptr;
  // Asked for membership only.
  std::unordered_set<Digest, DigestHash> good_;
  std::unordered_set<Digest, DigestHash> bad_;
};

}  // namespace unswept::engine
