// engine/ops/backup_estimate.h: what a backup would come to, without making it.
#pragma once

#include <cstdint>

#include "engine/error.h"
#include "engine/ops/backup.h"

namespace unswept::engine {

struct BackupEstimate {
  Namespace ns;
  SnapshotId snapshot;
  std::size_t archives = 0;
  std::uint64_t bytes = 0;       // of all archives
  std::uint64_t chunks = 0;      // different ones
  std::uint64_t new_chunks = 0;  // of them, those that the store does not have
  std::uint64_t new_bytes = 0;   // of data in those
};

/// Reads and cuts all archives and looks which chunks the store has.  Changes and locks nothing.
/// Fails where the backup would be refused: no namespace, another owner, a newer snapshot.
Result<BackupEstimate> estimate_backup(const Datastore& store, const BackupTarget& target,
                                       std::size_t archive_count, OpenArchive open_archive);

}  // namespace unswept::engine
