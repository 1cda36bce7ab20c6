// engine/cli/run_command.h: carrying out a parsed command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "engine/cli/command.h"
#include "engine/cli/restore_files.h"
#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/manifest_codec.h"
#include "engine/format/owner.h"
#include "engine/ops/backup.h"
#include "engine/ops/backup_estimate.h"
#include "engine/ops/chunk_stream.h"
#include "engine/ops/garbage_collection.h"
#include "engine/ops/move_group.h"
#include "engine/ops/move_namespace.h"
#include "engine/ops/namespaces.h"
#include "engine/ops/prune.h"
#include "engine/ops/remove.h"
#include "engine/ops/verify.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Where the archives of a backup come from: files (file_archives.h), or the named chunks of a
/// scenario.
class ArchiveOpener {
 public:
  virtual ~ArchiveOpener() = default;
  virtual Result<BackupArchive> open(const ArchiveSource& source, const Backup& backup) = 0;
};

/// What a command needs beside the store.  One context serves one task, command after command.
struct CommandContext {
  BlobCodec& codec;
  ArchiveOpener& archives;
  AuthId caller = AuthId::root();
  GcOptions gc{};                // what a gc command does not say
  std::size_t lock_batch = 512;  // snapshots that a move locks at a time
  std::string upid{};            // names the task where it leaves its name
  bool has_output = false;       // an archive without a file goes to the standard output
  ManifestCodec manifests{codec};
};

/// What the operation answered; std::monostate where there is nothing to tell.
using CommandReport = std::variant<std::monostate, GcResult, MoveGroupResult, MoveNamespaceResult,
                                   BackupResult, BackupEstimate, GroupRemoval, PruneReport,
                                   VerifyReport, NamespaceRemoval, RestoreResult>;

/// What the operation did, which may be less than it was asked for: see shortfall().
Result<CommandReport> carry_out(const Datastore& store, const Command& command,
                                CommandContext& context);

/// Why a report is not all that the command asked for: what the operation left, or the damage that
/// a verify found, for a person in lines below the first.  Nothing if all is well.  Snapshots that
/// a prune could not remove are only reported.
std::optional<Error> shortfall(const Command& command, const CommandReport& report);

/// carry_out(), where a shortfall is an error.
Result<CommandReport> run_command(const Datastore& store, const Command& command,
                                  CommandContext& context);

}  // namespace unswept::engine
