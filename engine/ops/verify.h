// engine/ops/verify.h: reading everything back and comparing.
//
// A snapshot is good when every file in its manifest is what the manifest says
// and every chunk of its indexes can be read and is what its name says.  The
// result is written into the manifest.  A damaged chunk is set aside under a bad
// name, so that the next backup uploads it again.  Within one run a chunk is
// read once.
//
// Verify touches no chunk and does not count as a writer of the store.
//
// Left out: more than one reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/names.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

enum class ChunkOrder : std::uint8_t {
  inode,  // quicker on a spinning disk, for one stat per chunk
  index,
};

struct VerifyOptions {
  ChunkOrder order = ChunkOrder::inode;
  /// Names the task in the manifests.
  std::string upid;
  /// Pass over snapshots that were verified before, with whatever result.
  bool ignore_verified = false;
  /// With ignore_verified: but not over those whose verification began longer ago, in seconds.
  std::optional<std::int64_t> outdated_after = std::nullopt;
};

struct VerifiedSnapshot {
  Namespace ns;
  SnapshotId snapshot;
  bool skipped = false;          // gone, or in use by somebody who changes it; counts as good
  bool verified_before = false;  // and passed over for that
  std::vector<std::string> problems;

  bool good() const { return problems.empty(); }
};

struct VerifyReport {
  std::vector<VerifiedSnapshot> snapshots;  // in the order in which they were looked at
  /// Groups that could not be listed, and why.
  std::vector<std::string> unlisted;
  std::uint64_t chunks_read = 0;
  std::uint64_t bytes_read = 0;  // of data
  std::uint64_t chunks_bad = 0;

  bool good() const;
  std::size_t failed() const;  // snapshots
};

Result<VerifyReport> verify_snapshot(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                     const SnapshotId& snapshot, const VerifyOptions& options = {});

/// Newest first.
Result<VerifyReport> verify_group(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                  const GroupId& group, const VerifyOptions& options = {});

/// The groups of a namespace and of those up to `max_depth` levels below it, in sorted order and
/// without host/benchmark.
Result<VerifyReport> verify_namespace(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                      std::size_t max_depth = Namespace::kMaxDepth,
                                      const VerifyOptions& options = {});

}  // namespace unswept::engine
