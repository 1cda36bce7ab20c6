// engine/cli/run_command.h: carrying out a parsed command.
#pragma once

#include <cstddef>
#include <cstdint>
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

/// An operation that did only part of what it was asked is an Error that says what it left; so
/// is a verify that found damage.  Snapshots that a prune could not remove are only reported.
Result<CommandReport> run_command(const Datastore& store, const Command& command,
                                  CommandContext& context);

}  // namespace unswept::engine
