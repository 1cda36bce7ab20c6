// engine/ops/backup.h: a backup from the client's side, start to end.
//
// For each archive: if the previous snapshot has it, its index is downloaded, so
// that its chunks are known; chunks that are known are appended, others uploaded.
// Then comes the manifest, and the snapshot is finished.
#pragma once

#include <vector>

#include "engine/error.h"
#include "engine/function_ref.h"
#include "engine/ops/backup_session.h"
#include "engine/ops/chunk_stream.h"

namespace unswept::engine {

struct BackupOptions {
  /// Start fixed indexes as copies of those in the previous snapshot and append what changed.
  bool incremental = false;
};

struct BackupResult {
  Namespace ns;
  SnapshotId snapshot;
  std::vector<ManifestFile> files;
  UploadStatistics uploads;
  std::size_t chunks_reused = 0;  // appended without an upload
};

/// Opens archive `i`; called for each in order, when the ones before are done.
using OpenArchive = FunctionRef<Result<BackupArchive>(std::size_t i)>;

/// On an error the new snapshot has been removed again, as far as that was possible.
Result<BackupResult> run_backup(const Datastore& store, ManifestCodec& codec,
                                const BackupTarget& target, std::size_t archive_count,
                                OpenArchive open_archive, const BackupOptions& options = {});

}  // namespace unswept::engine
