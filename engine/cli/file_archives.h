// engine/cli/file_archives.h: archives made from files, block devices and the standard input.
//
// A fixed index cuts its source into chunks of one size.  A dynamic index cuts
// where the content says so (engine/ops/chunker.h).  A ".blob" is the whole file.
// The source "-" is the standard input.
//
// A file is read up to the length it had when it was opened; one that turns out
// shorter is an error.
#pragma once

#include "engine/cli/run_command.h"
#include "engine/format/blob.h"
#include "engine/os/system.h"

namespace unswept::engine {

class FileArchives : public ArchiveOpener {
 public:
  /// Both must outlive the archives that are opened.
  FileArchives(os::System& system, BlobCodec& codec) : system_(system), codec_(codec) {}

  /// The chunk size is that of the command, or 4 MiB; of a dynamic index it is the average.
  Result<BackupArchive> open(const ArchiveSource& source, const Backup& backup) override;

 private:
  os::System& system_;
  BlobCodec& codec_;
};

}  // namespace unswept::engine
