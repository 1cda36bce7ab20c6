// engine/cli/restore_files.h: archives of a snapshot as files on disk.
//
// A file appears under its name when all of it has been read and found right; until
// then it is "NAME.part", which is removed when the restore fails or is interrupted; one that is
// there already may be anybody's, and is left alone.
// Devices and pipes are written in place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/cli/command.h"
#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Where an archive goes for which no file is named.
enum class Unnamed : bool { nowhere, output };

struct RestoredArchive {
  std::string archive;
  std::string file;  // empty without one
  std::uint64_t bytes = 0;
};

struct RestoreResult {
  std::vector<RestoredArchive> archives;

  std::uint64_t bytes() const;
};

/// One archive or all of them.  An archive that cannot be restored because it is encrypted is an
/// error before anything is written.
Result<RestoreResult> restore_files(const Datastore& store, BlobCodec& codec,
                                    const Restore& restore, Unnamed unnamed);

}  // namespace unswept::engine
