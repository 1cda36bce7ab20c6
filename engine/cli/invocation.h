// engine/cli/invocation.h: what was typed after unswept-store.
//
// Options that concern the store and the output may stand before or after the
// command.  The commands are those of command.h, and a few that make sense on a
// disk only: create, ls, info, check, journal show, help.
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

#include "engine/cli/command.h"
#include "engine/format/owner.h"
#include "engine/protocol/protocol.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct GlobalOptions {
  std::string store;  // as typed
  std::optional<std::string> lock_dir;
  std::optional<std::string> name;
  const Protocol* protocol = &default_protocol();
  SyncLevel sync = SyncLevel::filesystem;
  AuthId caller = AuthId::root();
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
};

/// Make an empty store.
struct CreateStore {};

/// What there is in a snapshot, in a group, or at and below the namespace.
struct ListStore {
  enum class What : std::uint8_t { namespaces, groups, snapshots, archives };

  What what = What::snapshots;
  Namespace ns;
  std::optional<GroupId> group;
  std::optional<SnapshotTime> time;  // given for archives
  std::optional<std::size_t> max_depth;
};

/// Figures of the store or of a group, or the manifest of a snapshot.
struct ShowInfo {
  Namespace ns;
  std::optional<GroupId> group;
  std::optional<SnapshotTime> time;  // only with a group
};

/// Read everything and compare.
struct CheckStore {
  bool read_chunks = false;
};

/// Records of the move journal.
struct ShowJournal {};

/// The help text of a command, or of the tool if there is none of that name.
struct ShowHelp {
  std::string command;
};

struct ShowVersion {};

using Action = std::variant<ShowHelp, ShowVersion, CreateStore, ListStore, ShowInfo, CheckStore,
                            ShowJournal, Command>;

struct Invocation {
  GlobalOptions global;
  Action action;
};

/// `words` are those behind the name of the program.
std::expected<Invocation, CommandError> parse_invocation(std::span<const std::string> words);

/// Whether the first of the words (there is one) are the name of a command that needs a disk.
bool is_tool_command(std::span<const Word> words);
/// create, ls, info, check, journal show, help.
std::span<const CommandHelp> tool_commands();
/// The command whose name these words begin with; else those whose names begin with these words
/// ("ns"); else none.
std::vector<const CommandHelp*> commands_called(std::string_view words);
/// --store, --lock-dir, ...
std::span<const OptionHelp> global_options();

}  // namespace unswept::engine
