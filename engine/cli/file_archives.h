// engine/cli/file_archives.h: archives made from files on disk.
//
// A file is cut into chunks of one size, also where its index is a dynamic one:
// there is no content-defined cutting here.  A ".blob" is the whole file.
#pragma once

#include "engine/cli/run_command.h"
#include "engine/format/blob.h"
#include "engine/os/system.h"

namespace unswept::engine {

class FileArchives : public ArchiveOpener {
 public:
  /// Both must outlive the archives that are opened.
  FileArchives(os::System& system, BlobCodec& codec) : system_(system), codec_(codec) {}

  /// The chunk size is that of the command, or 4 MiB.
  Result<BackupArchive> open(const ArchiveSource& source, const Backup& backup) override;

 private:
  os::System& system_;
  BlobCodec& codec_;
};

}  // namespace unswept::engine
