// scenarios/workload/archives.h: archives made of named chunks: drive.img.fidx=@c1,+c2.
#pragma once

#include "engine/cli/run_command.h"
#include "scenarios/setup/chunks.h"

namespace unswept::scenarios {

class NamedArchives final : public engine::ArchiveOpener {
 public:
  /// `chunks` knows every chunk that a backup of the scenario names, and outlives this.
  explicit NamedArchives(const ChunkCatalogue& chunks) : chunks_(chunks) {}
  engine::Result<engine::BackupArchive> open(const engine::ArchiveSource& source,
                                             const engine::Backup& backup) override;

 private:
  const ChunkCatalogue& chunks_;
};

}  // namespace unswept::scenarios
