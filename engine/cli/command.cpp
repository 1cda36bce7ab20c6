#include "engine/cli/command.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "engine/cli/arguments.h"
#include "engine/cli/command_values.h"
#include "engine/cli/invocation.h"
#include "engine/cli/nearest.h"
#include "engine/ops/chunker.h"

namespace unswept::engine {
namespace {

// Stores the value of `option`, if it is given, as `read` understands it.
template <class T, class Reader>
Parsed<void> take(const Arguments& arguments, std::string_view option, Reader read, T& out) {
  const Argument* const argument = arguments.find(option);
  if (argument == nullptr) return {};
  auto value = read(*argument);
  if (!value) return pass_on(value);
  out = *std::move(value);
  return {};
}

template <class T, class Reader>
Parsed<void> take_positional(const Arguments& arguments, std::size_t index, Reader read, T& out) {
  const Argument* const argument = arguments.positional(index);
  if (argument == nullptr) return {};
  auto value = read(*argument);
  if (!value) return pass_on(value);
  out = *std::move(value);
  return {};
}

// The command, unless one of the steps that filled it failed: the first failure is told.
template <class C, class... Steps>
Parsed<Command> finish(C& command, Steps... steps) {
  std::optional<CommandError> error;
  const auto run = [&](auto& step) {
    if (Parsed<void> done = step(); !done) error = std::move(done.error());
    return !error;
  };
  (run(steps) && ...);
  if (error) return std::unexpected(*std::move(error));
  return std::move(command);
}

// --- archives --------------------------------------------------------------

Parsed<void> take_archives(const Arguments& arguments, std::vector<ArchiveSource>& archives) {
  for (std::size_t i = 1; i < arguments.positional().size(); ++i) {
    const Argument& argument = arguments.positional()[i];
    auto archive = read_archive(argument);
    if (!archive) return pass_on(archive);
    if (std::ranges::find(archives, archive->name, &ArchiveSource::name) != archives.end()) {
      return fail_at(argument.column, quoted(archive->name) + " is given twice");
    }
    if (archive->file == kStandardStream &&
        std::ranges::find(archives, kStandardStream, &ArchiveSource::file) != archives.end()) {
      return fail_at(argument.column, "the standard input can be read for one archive only");
    }
    archives.push_back(*std::move(archive));
  }
  return {};
}

/// The longest chunk of a stream has four times the average, and no chunk more than 16 MiB.
Parsed<void> check_chunk_size(const Arguments& arguments, const Backup& backup) {
  if (backup.chunk_size.value_or(0) <= kDynamicChunkSize) return {};
  const auto stream = std::ranges::find_if(backup.archives, [](const ArchiveSource& archive) {
    return archive_kind(archive.name) == ArchiveKind::dynamic;
  });
  if (stream == backup.archives.end()) return {};
  return fail_at(arguments.find("--chunk-size")->column,
                 "the average chunk of a .didx has at most 4M: " + quoted(stream->name));
}

// --- commands ----------------------------------------------------------------

Parsed<Command> parse_gc(const Arguments& arguments) {
  Gc gc;
  gc.dry_run = arguments.has("--dry-run");
  if (arguments.has("--atime-check")) gc.atime_safety_check = true;
  if (const Argument* off = arguments.find("--no-atime-check")) {
    if (gc.atime_safety_check) {
      return fail_at(off->column, "--no-atime-check contradicts --atime-check");
    }
    gc.atime_safety_check = false;
  }
  return finish(
      gc, [&] { return take(arguments, "--cutoff", read_duration, gc.cutoff); },
      [&] { return take(arguments, "--cache-capacity", read_unsigned, gc.cache_capacity); },
      [&] { return take(arguments, "--jobs", read_gc_jobs, gc.jobs); });
}

Parsed<Command> parse_move_group(const Arguments& arguments) {
  MoveGroup move;
  move.merge = !arguments.has("--no-merge");
  return finish(
      move, [&] { return take_positional(arguments, 0, read_group, move.group); },
      [&] { return take(arguments, "--ns", read_namespace, move.from); },
      [&] { return take(arguments, "--to", read_namespace, move.to); });
}

Parsed<Command> parse_move_namespace(const Arguments& arguments) {
  MoveNamespace move;
  move.delete_source = !arguments.has("--keep-source");
  move.merge = !arguments.has("--no-merge");
  return finish(
      move, [&] { return take_positional(arguments, 0, read_namespace, move.from); },
      [&] { return take(arguments, "--to", read_namespace, move.to); },
      [&] { return take(arguments, "--max-depth", read_depth, move.max_depth); });
}

Parsed<Command> parse_backup(const Arguments& arguments) {
  Backup backup;
  backup.incremental = arguments.has("--incremental");
  backup.dry_run = arguments.has("--dry-run");
  return finish(
      backup, [&] { return take_positional(arguments, 0, read_group, backup.group); },
      [&] { return take(arguments, "--ns", read_namespace, backup.ns); },
      [&] { return take(arguments, "--time", read_time, backup.time); },
      [&] { return take(arguments, "--owner", read_text, backup.owner); },
      [&] { return take(arguments, "--chunk-size", read_chunk_size, backup.chunk_size); },
      [&] { return take_archives(arguments, backup.archives); },
      [&] { return check_chunk_size(arguments, backup); });
}

Parsed<Command> parse_forget(const Arguments& arguments) {
  Forget forget;
  return finish(
      forget, [&] { return take_positional(arguments, 0, read_snapshot, forget.snapshot); },
      [&] { return take(arguments, "--ns", read_namespace, forget.ns); });
}

Parsed<Command> parse_remove_group(const Arguments& arguments) {
  RemoveGroup remove;
  return finish(
      remove, [&] { return take_positional(arguments, 0, read_group, remove.group); },
      [&] { return take(arguments, "--ns", read_namespace, remove.ns); });
}

Parsed<Command> parse_prune(const Arguments& arguments) {
  Prune prune;
  prune.dry_run = arguments.has("--dry-run");
  PruneKeep& keep = prune.keep;
  const auto rule = [&](std::string_view option, std::uint64_t& number) {
    return [&arguments, option, &number] { return take(arguments, option, read_unsigned, number); };
  };
  return finish(
      prune, [&] { return take_positional(arguments, 0, read_group, prune.group); },
      [&] { return take(arguments, "--ns", read_namespace, prune.ns); },
      [&] { return take(arguments, "--max-depth", read_depth, prune.max_depth); },
      rule("--keep-last", keep.last), rule("--keep-hourly", keep.hourly),
      rule("--keep-daily", keep.daily), rule("--keep-weekly", keep.weekly),
      rule("--keep-monthly", keep.monthly), rule("--keep-yearly", keep.yearly));
}

Parsed<Command> parse_verify(const Arguments& arguments) {
  Verify verify;
  verify.ignore_verified = arguments.has("--ignore-verified");
  GroupOrSnapshot what;
  auto done = finish(
      verify, [&] { return take_positional(arguments, 0, read_group_or_snapshot, what); },
      [&] { return take(arguments, "--ns", read_namespace, verify.ns); },
      [&] { return take(arguments, "--max-depth", read_depth, verify.max_depth); },
      [&] { return take(arguments, "--outdated-after", read_duration, verify.outdated_after); });
  if (done && arguments.positional(0) != nullptr) {
    Verify& parsed = std::get<Verify>(*done);
    parsed.group = std::move(what.group);
    parsed.time = what.time;
  }
  return done;
}

Parsed<Command> parse_protect(const Arguments& arguments) {
  Protect protect;
  protect.on = !arguments.has("--off");
  return finish(
      protect, [&] { return take_positional(arguments, 0, read_snapshot, protect.snapshot); },
      [&] { return take(arguments, "--ns", read_namespace, protect.ns); });
}

Parsed<Command> parse_notes(const Arguments& arguments) {
  Notes notes;
  GroupOrSnapshot what;
  auto done = finish(
      notes, [&] { return take_positional(arguments, 0, read_group_or_snapshot, what); },
      [&] { return take(arguments, "--ns", read_namespace, notes.ns); },
      [&] { return take(arguments, "--text", read_text, notes.text); });
  if (done) {
    Notes& parsed = std::get<Notes>(*done);
    parsed.group = std::move(what.group);
    parsed.time = what.time;
  }
  return done;
}

Parsed<Command> parse_change_owner(const Arguments& arguments) {
  ChangeOwner change;
  return finish(
      change, [&] { return take_positional(arguments, 0, read_group, change.group); },
      [&] { return take_positional(arguments, 1, read_text, change.owner); },
      [&] { return take(arguments, "--ns", read_namespace, change.ns); });
}

Parsed<Command> parse_namespace_create(const Arguments& arguments) {
  NamespaceCreate create;
  return finish(create, [&] { return take_positional(arguments, 0, read_namespace, create.ns); });
}

Parsed<Command> parse_namespace_remove(const Arguments& arguments) {
  NamespaceRemove remove;
  remove.delete_groups = arguments.has("--delete-groups");
  return finish(remove, [&] { return take_positional(arguments, 0, read_namespace, remove.ns); });
}

Parsed<void> check_restore(const Arguments& arguments) {
  const Argument* const archive = arguments.positional(1);
  const bool all = arguments.has("--into");
  if (all && archive != nullptr) {
    return fail_at(archive->column, "--into is for all archives: name one, or write --into DIR");
  }
  if (!all && archive == nullptr) {
    return fail_at(arguments.column(),
                   "restore needs ARCHIVE, or --into DIR to restore all archives");
  }
  return {};
}

Parsed<Command> parse_restore(const Arguments& arguments) {
  Restore restore;
  return finish(
      restore, [&] { return take_positional(arguments, 0, read_snapshot, restore.snapshot); },
      [&] { return take_positional(arguments, 1, read_text, restore.archive); },
      [&] { return take_positional(arguments, 2, read_text, restore.file); },
      [&] { return take(arguments, "--into", read_text, restore.directory); },
      [&] { return check_restore(arguments); },
      [&] { return take(arguments, "--ns", read_namespace, restore.ns); });
}

using Parser = Parsed<Command> (*)(const Arguments&);

// In the order of all_commands() and of the alternatives of Command.
constexpr std::array<Parser, std::variant_size_v<Command>> kParsers{parse_gc,
                                                                    parse_move_group,
                                                                    parse_move_namespace,
                                                                    parse_backup,
                                                                    parse_forget,
                                                                    parse_remove_group,
                                                                    parse_prune,
                                                                    parse_verify,
                                                                    parse_protect,
                                                                    parse_notes,
                                                                    parse_change_owner,
                                                                    parse_namespace_create,
                                                                    parse_namespace_remove,
                                                                    parse_restore};

std::unexpected<CommandError> only_on_a_real_store(std::size_t column, std::string_view what) {
  return fail_at(column, quoted(what) + " is for unswept-store only, not for a scenario");
}

Parsed<void> check_fits_a_scenario(const CommandHelp& command, const Arguments& arguments) {
  for (const OptionHelp& option : command.options) {
    if (!option.real_store_only || !arguments.has(option.name)) continue;
    return only_on_a_real_store(arguments.column_of(option.name), option.name);
  }
  for (const Argument& argument : arguments.positional()) {
    if (argument.text == kStandardStream || argument.text.ends_with("=-")) {
      return only_on_a_real_store(argument.column, "-");
    }
  }
  return {};
}

Parsed<Command> unknown_command(const Word& word, std::span<const CommandHelp> commands) {
  std::vector<std::string_view> names;
  for (const CommandHelp& command : commands) names.push_back(command.name);
  return fail_at(word.column, "unknown command " + quoted(word.text),
                 nearest_match(word.text, names));
}

}  // namespace

std::string CommandError::text() const {
  if (nearest.empty()) return message;
  return message + ", did you mean " + quoted(nearest) + "?";
}

std::expected<Command, CommandError> parse_command(std::string_view line, Setting setting) {
  const auto words = split_words(line);
  if (!words) return fail_at(words.error().column, words.error().message);
  return parse_command(*words, setting);
}

std::expected<Command, CommandError> parse_command(std::span<const Word> words, Setting setting) {
  if (words.empty()) return fail_at(1, "there is no command");
  Word name = words[0];
  std::size_t name_words = 1;
  if (name.text == "ns" && words.size() > 1) {
    name.text += ' ' + words[1].text;
    name_words = 2;
  }
  const auto commands = all_commands();
  const auto found = std::ranges::find(commands, name.text, &CommandHelp::name);
  if (found == commands.end()) {
    if (is_tool_command(words)) return only_on_a_real_store(words[0].column, name.text);
    return unknown_command(name, commands);
  }
  const auto arguments = Arguments::sort(*found, words.subspan(name_words), name.column);
  if (!arguments) return std::unexpected(arguments.error());
  if (setting == Setting::scenario) {
    if (auto fits = check_fits_a_scenario(*found, *arguments); !fits) return pass_on(fits);
  }
  return kParsers[static_cast<std::size_t>(found - commands.begin())](*arguments);
}

std::string_view command_name(const Command& command) {
  return all_commands()[command.index()].name;
}

bool is_dry_run(const Command& command) {
  return std::visit(
      [](const auto& parsed) {
        if constexpr (requires { parsed.dry_run; }) {
          return parsed.dry_run;
        } else {
          return false;
        }
      },
      command);
}

}  // namespace unswept::engine
