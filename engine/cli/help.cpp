#include "engine/cli/help.h"

#include <fmt/format.h>

#include "engine/cli/invocation.h"

namespace unswept::engine {
namespace {

constexpr std::string_view kIntroduction =
    R"(unswept-store: a deduplicating datastore on disk, in the format of Proxmox Backup Server

usage: unswept-store --store DIR COMMAND [ARGUMENTS]

)";

constexpr std::string_view kEnding = R"(
Groups are written vm/100, snapshots vm/100/2026-01-01T00:00:00Z, namespaces a/b ("/" is the root).

exit codes: 0 done, 1 the command failed, 2 bad input, 130 interrupted

examples:
  unswept-store --store /backup/store create
  unswept-store --store /backup/store ns create a
  unswept-store --store /backup/store backup vm/100 --ns a drive.img.fidx=disk.raw
  tar -c /etc | unswept-store --store /backup/store backup host/web etc.tar.didx=-
  unswept-store --store /backup/store move-group vm/100 --ns a --to b
  unswept-store --store /backup/store restore vm/100/2026-01-01T00:00:00Z drive.img.fidx disk.raw
  unswept-store --store /backup/store gc
)";

std::string option_line(const OptionHelp& option) {
  const std::string name = option.value.empty() ? std::string(option.name)
                                                : fmt::format("{} {}", option.name, option.value);
  return fmt::format("  {:<22} {}\n", name, option.about);
}

std::string command_lines(std::span<const CommandHelp> commands) {
  std::string text;
  for (const CommandHelp& command : commands) {
    text += fmt::format("  {:<15} {}\n", command.name, command.about);
  }
  return text;
}

std::string help_of(const CommandHelp& command) {
  std::string text =
      fmt::format("usage: unswept-store --store DIR {}\n\n{}\n", usage(command), command.about);
  if (!command.options.empty()) text += "\noptions:\n";
  for (const OptionHelp& option : command.options) text += option_line(option);
  text += "\nexamples:\n";
  for (const CommandExample& example : command.examples) {
    text += "  " + example_line(example) + '\n';
  }
  return text;
}

/// Of commands that begin with the same word.
std::string help_of(std::span<const CommandHelp* const> commands) {
  std::string text;
  for (const CommandHelp* command : commands) {
    if (!text.empty()) text += '\n';
    text += help_of(*command);
  }
  return text;
}

}  // namespace

std::string example_line(const CommandExample& example) {
  std::string line;
  if (!example.piped_from.empty()) line = fmt::format("{} | ", example.piped_from);
  return line + fmt::format("unswept-store --store /backup/store {}", example.words);
}

std::string help_text(std::string_view command) {
  if (const auto commands = commands_called(command); !commands.empty()) return help_of(commands);
  std::string text(kIntroduction);
  text += "commands:\n" + command_lines(tool_commands()) + command_lines(all_commands());
  text += "\noptions, before or after the command:\n";
  for (const OptionHelp& option : global_options()) text += option_line(option);
  return text += kEnding;
}

}  // namespace unswept::engine
