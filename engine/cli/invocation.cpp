#include "engine/cli/invocation.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/cli/arguments.h"
#include "engine/cli/command_values.h"
#include "engine/cli/nearest.h"

namespace unswept::engine {
namespace {

constexpr std::array kGlobalOptions{
    OptionHelp{"--store", "DIR", "the base directory of the datastore", true},
    OptionHelp{"--lock-dir", "DIR",
               "where lock files are kept, below a folder of the store's name"},
    OptionHelp{"--name", "NAME", "the name of the store (default: that of its directory)"},
    OptionHelp{"--protocol", "NAME",
               "how moves and gc keep apart: v8 (the default), or none, for experiments: "
               "next to each other they can then lose data"},
    OptionHelp{"--sync", "LEVEL", "what is flushed: none, file or filesystem (the default)"},
    OptionHelp{"--user", "AUTHID", "who runs the command (default: root@pam)"},
    OptionHelp{"--json", "", "write the result, the error or the help as one JSON object"},
    OptionHelp{"--quiet", "", "no progress, and no result but what was asked to be shown"},
    OptionHelp{"--verbose", "", "log what is done"},
    OptionHelp{"--help", "", "this text; behind a command, the help of that command"},
    OptionHelp{"--version", "", "the version of the program"},
};

constexpr OptionHelp kNs{"--ns", "NS", "namespace (default: the root)"};
constexpr std::array kListOptions{
    kNs,
    OptionHelp{"--max-depth", "N", "without GROUP: levels of child namespaces (default: all)"},
    OptionHelp{"--namespaces", "", "list namespaces only"},
    OptionHelp{"--groups", "", "list groups only"},
};
constexpr std::array kInfoOptions{kNs};
constexpr std::array kCheckOptions{
    OptionHelp{"--read-chunks", "", "read every chunk and compare it with its name"},
};
constexpr std::array kCreateExamples{
    CommandExample{"create"},
    CommandExample{"create --lock-dir /var/lib/locks --name main"},
};
constexpr std::array kListExamples{
    CommandExample{"ls"},
    CommandExample{"ls --groups --ns a"},
    CommandExample{"ls vm/100/2026-01-01T00:00:00Z"},
};
constexpr std::array kInfoExamples{
    CommandExample{"info"},
    CommandExample{"info vm/100"},
    CommandExample{"info vm/100/2026-01-01T00:00:00Z --ns a --json"},
};
constexpr std::array kCheckExamples{
    CommandExample{"check"},
    CommandExample{"check --read-chunks --json"},
};
constexpr std::array kJournalExamples{CommandExample{"journal show"}};
constexpr std::array kHelpExamples{
    CommandExample{"help backup"},
    CommandExample{"help ns"},
};
constexpr std::array kToolCommands{
    CommandHelp{"create", "", "make an empty datastore", {}, kCreateExamples},
    CommandHelp{"ls", "[GROUP|SNAPSHOT]", "list snapshots, or the archives of a snapshot",
                kListOptions, kListExamples},
    CommandHelp{"info", "[GROUP|SNAPSHOT]", "tell about the store, a group or a snapshot",
                kInfoOptions, kInfoExamples},
    CommandHelp{"check", "", "look through the whole store for damage and leftovers", kCheckOptions,
                kCheckExamples},
    CommandHelp{"journal show",
                "",
                "list moves that no garbage collection has seen yet",
                {},
                kJournalExamples},
    CommandHelp{"help", "[COMMAND...]", "explain a command", {}, kHelpExamples},
};

// --- global options ----------------------------------------------------------

Parsed<void> set_protocol(GlobalOptions& global, const Word& value) {
  global.protocol = find_protocol(value.text);
  if (global.protocol != nullptr) return {};
  return fail_at(value.column, "unknown protocol " + quoted(value.text),
                 nearest_match(value.text, protocol_names()));
}

Parsed<void> set_sync(GlobalOptions& global, const Word& value) {
  constexpr std::array<std::string_view, 3> kLevels{"none", "file", "filesystem"};
  const auto found = std::ranges::find(kLevels, value.text);
  if (found == kLevels.end()) {
    return fail_at(value.column, "unknown sync level " + quoted(value.text),
                   nearest_match(value.text, kLevels));
  }
  global.sync = static_cast<SyncLevel>(found - kLevels.begin());
  return {};
}

Parsed<void> set_user(GlobalOptions& global, const Word& value) {
  auto caller = AuthId::parse(value.text);
  if (!caller) return fail_at(value.column, caller.error().message);
  global.caller = *std::move(caller);
  return {};
}

Parsed<void> set_name(GlobalOptions& global, const Word& value) {
  if (!is_datastore_name(value.text)) {
    return fail_at(value.column, quoted(value.text) +
                                     " is not a store name: 3 to 32 letters, digits, '.', '_' "
                                     "and '-', the first of them a letter, digit or '_'");
  }
  global.name = value.text;
  return {};
}

Parsed<void> set_value(GlobalOptions& global, std::string_view option, const Word& value) {
  if (value.text.empty()) {
    return fail_at(value.column, std::string(option) + " must not be empty");
  }
  if (option == "--protocol") return set_protocol(global, value);
  if (option == "--sync") return set_sync(global, value);
  if (option == "--user") return set_user(global, value);
  if (option == "--name") return set_name(global, value);
  if (option == "--store") global.store = value.text;
  if (option == "--lock-dir") global.lock_dir = value.text;
  return {};
}

void set_switch(GlobalOptions& global, std::string_view option) {
  if (option == "--json") global.json = true;
  if (option == "--quiet") global.quiet = true;
  if (option == "--verbose") global.verbose = true;
  if (option == "--help") global.help = true;
  if (option == "--version") global.version = true;
}

const OptionHelp* find_global(std::string_view name) {
  if (name == "-h") name = "--help";
  const auto found = std::ranges::find(kGlobalOptions, name, &OptionHelp::name);
  return found == kGlobalOptions.end() ? nullptr : &*found;
}

bool takes_value(std::span<const CommandHelp> commands, std::string_view option) {
  return std::ranges::any_of(commands, [&](const CommandHelp& command) {
    const auto found = std::ranges::find(command.options, option, &OptionHelp::name);
    return found != command.options.end() && !found->value.empty();
  });
}

/// Takes the global options out of the words; what is left is the command.
class GlobalSplitter {
 public:
  explicit GlobalSplitter(std::span<const Word> words) : words_(words) {}

  Parsed<GlobalOptions> split(std::vector<Word>& command) {
    GlobalOptions global;
    while (next_ < words_.size()) {
      const Word& word = words_[next_++];
      const std::string_view name = std::string_view(word.text).substr(0, word.text.find('='));
      if (const OptionHelp* option = find_global(name)) {
        if (auto taken = take(global, *option, word); !taken) {
          return std::unexpected(std::move(taken.error()));
        }
        continue;
      }
      command.push_back(word);
      // The value of a command's option may look like anything.
      const bool with_value =
          takes_value(all_commands(), word.text) || takes_value(kToolCommands, word.text);
      if (with_value && next_ < words_.size()) command.push_back(words_[next_++]);
    }
    return global;
  }

 private:
  Parsed<void> take(GlobalOptions& global, const OptionHelp& option, const Word& word) {
    const std::size_t equals = word.text.find('=');
    if (option.value.empty()) {
      if (equals != std::string::npos) {
        return fail_at(word.column, quoted(option.name) + " takes no value");
      }
      set_switch(global, option.name);
      return {};
    }
    if (equals != std::string::npos) {
      return set_value(global, option.name,
                       {word.text.substr(equals + 1), word.column + equals + 1});
    }
    if (next_ == words_.size()) {
      return fail_at(word.column, quoted(option.name) + " needs a value: " +
                                      std::string(option.name) + ' ' + std::string(option.value));
    }
    return set_value(global, option.name, words_[next_++]);
  }

  std::span<const Word> words_;
  std::size_t next_ = 0;
};

/// Whether the first words are the name of a command.
bool starts_with_words(std::string_view name, std::span<const Word> words) {
  const std::size_t blank = name.find(' ');
  if (words[0].text != name.substr(0, blank)) return false;
  if (blank == std::string_view::npos) return true;
  return words.size() > 1 && words[1].text == name.substr(blank + 1);
}

const CommandHelp* find_tool_command(std::span<const Word> words) {
  const auto found = std::ranges::find_if(kToolCommands, [&](const CommandHelp& command) {
    return starts_with_words(command.name, words);
  });
  return found == kToolCommands.end() ? nullptr : &*found;
}

// --- commands of the tool ------------------------------------------------------

Parsed<Namespace> namespace_of(const Arguments& arguments) {
  const Argument* argument = arguments.find("--ns");
  return argument == nullptr ? Namespace() : read_namespace(*argument);
}

Parsed<ListStore::What> read_listed(const Arguments& arguments) {
  const bool namespaces = arguments.has("--namespaces");
  const bool groups = arguments.has("--groups");
  const Argument* const place = arguments.positional(0);
  if (place != nullptr && (namespaces || groups)) {
    return fail_at(place->column, "--namespaces and --groups list what lies above a group");
  }
  if (namespaces && groups) {
    return fail_at(arguments.column_of("--groups"), "--groups contradicts --namespaces");
  }
  if (namespaces) return ListStore::What::namespaces;
  return groups ? ListStore::What::groups : ListStore::What::snapshots;
}

Parsed<Action> parse_list(const Arguments& arguments) {
  ListStore list;
  auto ns = namespace_of(arguments);
  if (!ns) return pass_on(ns);
  list.ns = *std::move(ns);
  const auto what = read_listed(arguments);
  if (!what) return std::unexpected(what.error());
  list.what = *what;
  if (const Argument* argument = arguments.positional(0)) {
    auto place = read_group_or_snapshot(*argument);
    if (!place) return pass_on(place);
    list.group = std::move(place->group);
    list.time = place->time;
    if (list.time) list.what = ListStore::What::archives;
  }
  if (const Argument* argument = arguments.find("--max-depth")) {
    const auto depth = read_depth(*argument);
    if (!depth) return std::unexpected(depth.error());
    list.max_depth = *depth;
  }
  return list;
}

Parsed<Action> parse_info(const Arguments& arguments) {
  ShowInfo info;
  auto ns = namespace_of(arguments);
  if (!ns) return std::unexpected(ns.error());
  info.ns = *std::move(ns);
  if (const Argument* argument = arguments.positional(0)) {
    auto place = read_group_or_snapshot(*argument);
    if (!place) return pass_on(place);
    info.group = std::move(place->group);
    info.time = place->time;
  }
  return info;
}

std::string joined(std::span<const Word> words) {
  std::string text;
  for (const Word& word : words) {
    if (!text.empty()) text += ' ';
    text += word.text;
  }
  return text;
}

Parsed<Action> parse_tool_command(const CommandHelp& help, std::span<const Word> words) {
  const auto name_words = static_cast<std::size_t>(std::ranges::count(help.name, ' ')) + 1;
  const auto arguments = Arguments::sort(help, words.subspan(name_words), words[0].column);
  if (!arguments) return std::unexpected(arguments.error());
  if (help.name == "check") return CheckStore{arguments->has("--read-chunks")};
  if (help.name == "journal show") return ShowJournal{};
  if (help.name == "ls") return parse_list(*arguments);
  if (help.name == "info") return parse_info(*arguments);
  return CreateStore{};
}

bool is_command(std::string_view name) {
  return std::ranges::any_of(all_commands(), [&](const CommandHelp& command) {
    return command.name == name || command.name.starts_with(std::string(name) + ' ');
  });
}

CommandError unknown_command(std::span<const Word> words) {
  // The first of two may be right.
  const bool two = words.size() > 1 && !commands_called(words[0].text).empty();
  const Word word = two ? Word{words[0].text + ' ' + words[1].text, words[0].column} : words[0];
  std::vector<std::string_view> names;
  for (const CommandHelp& command : all_commands()) names.push_back(command.name);
  for (const CommandHelp& command : kToolCommands) names.push_back(command.name);
  const bool is_option = word.text.starts_with('-');
  if (is_option) {
    names.clear();
    for (const OptionHelp& option : kGlobalOptions) names.push_back(option.name);
  }
  return {word.column,
          std::string(is_option ? "unknown option " : "unknown command ") + quoted(word.text),
          std::string(nearest_match(word.text, names))};
}

/// Of a command, of those that begin with the same word, or of the tool when no word is given.
Parsed<Action> parse_help(std::span<const Word> words) {
  if (words.empty() || !commands_called(joined(words)).empty()) return ShowHelp{joined(words)};
  return std::unexpected(unknown_command(words));
}

/// "ns" or "journal" alone.
CommandError incomplete_command(const Word& word, std::span<const CommandHelp* const> commands) {
  std::string message = quoted(word.text) + " needs another word:";
  for (const CommandHelp* command : commands) (message += ' ') += quoted(command->name);
  return {word.column, std::move(message), {}};
}

Parsed<Action> parse_action(std::span<const Word> words) {
  if (words[0].text == "help") return parse_help(words.subspan(1));
  if (const CommandHelp* tool = find_tool_command(words)) return parse_tool_command(*tool, words);
  if (words.size() == 1) {
    const auto commands = commands_called(words[0].text);
    const bool complete = commands.empty() || commands[0]->name == words[0].text;
    if (!complete) return std::unexpected(incomplete_command(words[0], commands));
  }
  if (!is_command(words[0].text)) return std::unexpected(unknown_command(words));
  auto command = parse_command(words);
  if (!command) return std::unexpected(command.error());
  return Action(*std::move(command));
}

/// Words of a command line that was split by a shell; columns as if joined with blanks.
std::vector<Word> with_columns(std::span<const std::string> texts) {
  std::vector<Word> words;
  std::size_t column = 1;
  for (const std::string& text : texts) {
    words.push_back({text, column});
    column += text.size() + 1;
  }
  return words;
}

bool needs_store(const Action& action) {
  return !std::holds_alternative<ShowHelp>(action) && !std::holds_alternative<ShowVersion>(action);
}

}  // namespace

bool is_tool_command(std::span<const Word> words) { return find_tool_command(words) != nullptr; }

std::span<const CommandHelp> tool_commands() { return kToolCommands; }

std::vector<const CommandHelp*> commands_called(std::string_view words) {
  std::vector<const CommandHelp*> begun;
  for (const std::span<const CommandHelp> commands : {all_commands(), tool_commands()}) {
    for (const CommandHelp& command : commands) {
      if (words == command.name || words.starts_with(std::string(command.name) + ' ')) {
        return {&command};
      }
      if (command.name.starts_with(std::string(words) + ' ')) begun.push_back(&command);
    }
  }
  return begun;
}

std::span<const OptionHelp> global_options() { return kGlobalOptions; }

std::expected<Invocation, CommandError> parse_invocation(std::span<const std::string> texts) {
  const std::vector<Word> all = with_columns(texts);
  std::vector<Word> words;
  auto global = GlobalSplitter(all).split(words);
  if (!global) return std::unexpected(std::move(global.error()));
  if (global->version) return Invocation{*std::move(global), ShowVersion{}};
  if (global->help) return Invocation{*std::move(global), ShowHelp{joined(words)}};
  if (words.empty()) return fail_at(1, "there is no command: try unswept-store --help");
  auto action = parse_action(words);
  if (!action) return std::unexpected(std::move(action.error()));
  if (needs_store(*action) && global->store.empty()) {
    return fail_at(1, "which store? write --store DIR");
  }
  return Invocation{*std::move(global), *std::move(action)};
}

}  // namespace unswept::engine
