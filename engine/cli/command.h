// engine/cli/command.h: the one grammar for telling a datastore what to do.
//
// The same line may stand in a scenario and after `unswept-store`:
//
//   gc --cutoff 48h
//   move-group vm/100 --ns a --to b
//   backup vm/200 --ns a --time 2026-01-02T00:00:00Z drive.img.fidx=@c2,+c3
//
// Only the source of an archive differs: "@" and names of chunks, or the name of
// a file; and what makes no sense in a scenario is refused there.  Parsing is pure: it looks at no
// store and no disk.  The root namespace is the default of every --ns; where a namespace must be
// named it is "/".
//
// run_command.h carries commands out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/cli/words.h"
#include "engine/format/names.h"
#include "engine/ops/prune_selection.h"

namespace unswept::engine {

/// Collect garbage.  What is not given stays as the caller of run_command() has it.
struct Gc {
  std::optional<std::int64_t> cutoff;  // seconds
  std::optional<std::uint64_t> cache_capacity;
  std::optional<bool> atime_safety_check;
  bool dry_run = false;
  std::optional<unsigned> jobs;  // 1 .. kGcJobsMax
};

struct MoveGroup {
  GroupId group;
  Namespace from;
  Namespace to;
  bool merge = true;
};

struct MoveNamespace {
  Namespace from;
  Namespace to;
  std::optional<std::size_t> max_depth;
  bool delete_source = true;
  bool merge = true;
};

/// A chunk of an archive by its name in a scenario.
struct ChunkName {
  std::string name;
  bool upload_although_known = false;  // written "+name"
};

/// What an archive of a backup is made from: exactly one of the two is given.
struct ArchiveSource {
  std::string name;  // of the archive, with its extension
  std::vector<ChunkName> chunks;
  std::string file;  // kStandardStream for the standard input
};

/// Written for the standard input, and for the standard output.
inline constexpr std::string_view kStandardStream = "-";

struct Backup {
  GroupId group;
  Namespace ns;
  std::optional<SnapshotTime> time;         // default: now
  std::optional<std::string> owner;         // default: who runs the command
  std::optional<std::uint64_t> chunk_size;  // bytes; default: as the source has it
  bool incremental = false;  // fixed indexes start as copies of those in the previous snapshot
  bool dry_run = false;
  std::vector<ArchiveSource> archives;
};

/// Remove one snapshot.
struct Forget {
  Namespace ns;
  SnapshotId snapshot;
};

struct RemoveGroup {
  Namespace ns;
  GroupId group;
};

/// Prune one group, or every group at and below the namespace.
struct Prune {
  Namespace ns;
  std::optional<GroupId> group;
  std::optional<std::size_t> max_depth;
  PruneKeep keep;
  bool dry_run = false;
};

/// Verify a snapshot, a group, or everything at and below the namespace.
struct Verify {
  Namespace ns;
  std::optional<GroupId> group;
  std::optional<SnapshotTime> time;  // only with a group
  std::optional<std::size_t> max_depth;
  bool ignore_verified = false;                // pass over what was verified before
  std::optional<std::int64_t> outdated_after;  // but for what was longer ago; seconds
};

struct Protect {
  Namespace ns;
  SnapshotId snapshot;
  bool on = true;
};

/// Set the notes of a snapshot (in its manifest) or of a group (a file of its own).
struct Notes {
  Namespace ns;
  GroupId group;
  std::optional<SnapshotTime> time;
  std::string text;
};

struct ChangeOwner {
  Namespace ns;
  GroupId group;
  std::string owner;
};

struct NamespaceCreate {
  Namespace ns;
};

struct NamespaceRemove {
  Namespace ns;
  bool delete_groups = false;
};

struct Restore {
  Namespace ns;
  SnapshotId snapshot;
  std::string archive;    // empty: all of them
  std::string file;       // of one archive; empty: the standard output, or nowhere in a scenario
  std::string directory;  // of all archives
};

using Command =
    std::variant<Gc, MoveGroup, MoveNamespace, Backup, Forget, RemoveGroup, Prune, Verify, Protect,
                 Notes, ChangeOwner, NamespaceCreate, NamespaceRemove, Restore>;

struct CommandError {
  std::size_t column = 1;  // of the word at fault; from 1; see parse_command()
  std::string message;
  std::string nearest;  // what was probably meant; empty if nothing is near

  /// message, did you mean "nearest"?
  std::string text() const;
};

/// Where a command is to be carried out.
enum class Setting : std::uint8_t { real_store, scenario };

/// Columns of errors count bytes of the line, from 1.
std::expected<Command, CommandError> parse_command(std::string_view line,
                                                   Setting setting = Setting::real_store);

/// The same for words that were split elsewhere; errors carry the column of a word as given.
std::expected<Command, CommandError> parse_command(std::span<const Word> words,
                                                   Setting setting = Setting::real_store);

/// "gc", "move-group", "ns create", ...
std::string_view command_name(const Command& command);

/// Whether it only says what it would do.
bool is_dry_run(const Command& command);

struct OptionHelp {
  std::string_view name;   // "--keep-last"
  std::string_view value;  // "N"; empty for a switch
  std::string_view about;
  bool required = false;
  bool real_store_only = false;  // refused in a scenario
};

/// What may be typed after `unswept-store --store DIR`.
struct CommandExample {
  std::string_view words;
  std::string_view piped_from = {};  // what writes the command's standard input, if that is read
};

struct CommandHelp {
  std::string_view name;       // "ns create"
  std::string_view arguments;  // "GROUP", "SNAPSHOT ARCHIVE [FILE]"
  std::string_view about;
  std::span<const OptionHelp> options;
  std::span<const CommandExample> examples;  // at least one
};

/// All commands, in the order in which a help text should list them.
std::span<const CommandHelp> all_commands();

/// "move-group GROUP --to NS [--ns NS] [--no-merge]".
std::string usage(const CommandHelp& command);

}  // namespace unswept::engine
