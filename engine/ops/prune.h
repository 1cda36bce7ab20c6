// engine/ops/prune.h: removing the snapshots that no rule keeps.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/ops/prune_selection.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

enum class DryRun : bool { no, yes };

struct PrunedSnapshot {
  Namespace ns;
  SnapshotId snapshot;
  PruneMark mark = PruneMark::keep_all;
  std::string failure;  // why a snapshot marked for removal is still there
};

/// Every snapshot that was looked at; those of a group oldest first.
struct PruneReport {
  std::vector<PrunedSnapshot> snapshots;
  std::size_t removed = 0;
  std::size_t failed = 0;
};

/// Decides without any lock, then removes oldest first, each snapshot under its
/// locks.  One that cannot be removed is reported and left.
Result<PruneReport> prune_group(const Datastore& store, const Namespace& ns, const GroupId& group,
                                const PruneKeep& keep, DryRun dry_run = DryRun::no);

/// Every group of a namespace and of those up to `max_depth` levels below it.
Result<PruneReport> prune_namespace(const Datastore& store, const Namespace& ns,
                                    std::size_t max_depth, const PruneKeep& keep,
                                    DryRun dry_run = DryRun::no);

}  // namespace unswept::engine
