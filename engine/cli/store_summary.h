// engine/cli/store_summary.h: what ls and info tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/invocation.h"
#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/gc_status.h"
#include "engine/format/manifest.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct SnapshotSummary {
  Namespace ns;
  SnapshotId snapshot;
  bool is_protected = false;
  bool finished = false;
  std::optional<Manifest> manifest;  // of a finished one
  std::string problem;               // why the manifest of a finished one cannot be read

  std::uint64_t size() const;  // of the data
};

struct GroupSummary {
  Namespace ns;
  GroupId group;
  std::string owner;  // empty if it cannot be read
  std::size_t snapshots = 0;
  std::optional<SnapshotTime> newest;
  std::optional<std::string> notes;  // empty too if they cannot be read
};

struct NamespaceSummary {
  Namespace ns;
  std::size_t groups = 0;
};

/// At and below the namespace, sorted.
Result<std::vector<NamespaceSummary>> summarize_namespaces(const Datastore& store,
                                                           const ListStore& what);
/// Sorted by namespace and group.
Result<std::vector<GroupSummary>> summarize_groups(const Datastore& store, const ListStore& what);

/// Sorted by namespace, group and time.
Result<std::vector<SnapshotSummary>> list_store(const Datastore& store, BlobCodec& codec,
                                                const ListStore& what);

struct StoreSummary {
  StoreConfig config;
  std::string protocol;
  std::size_t namespaces = 0;  // the root included
  std::size_t groups = 0;
  std::size_t snapshots = 0;
  std::optional<GcStatus> last_gc;
};

Result<StoreSummary> summarize_store(const Datastore& store);

/// A group that must exist.
Result<GroupSummary> describe_group(const Datastore& store, const Namespace& ns,
                                    const GroupId& group);

/// A snapshot that must exist.
struct SnapshotDetails {
  SnapshotSummary summary;
  std::string owner;  // of the group; empty if it cannot be read
};

Result<SnapshotDetails> describe_snapshot(const Datastore& store, BlobCodec& codec,
                                          const Namespace& ns, const SnapshotId& snapshot);

}  // namespace unswept::engine
