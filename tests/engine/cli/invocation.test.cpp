#include "engine/cli/invocation.h"

#include <algorithm>
#include <span>

#include "engine/cli/help.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

Invocation parsed(const std::vector<std::string>& words) {
  auto invocation = parse_invocation(words);
  REQUIRE(invocation.has_value());
  return *std::move(invocation);
}

std::string refusal(const std::vector<std::string>& words) {
  const auto invocation = parse_invocation(words);
  return invocation ? "accepted" : invocation.error().text();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("invocation: global options stand before or behind the command", "[invocation]") {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"--store", "s", "--json", "--lock-dir=l", "gc"},
                                             {"gc", "--json", "--store=s", "--lock-dir", "l"}}) {
    const auto invocation = parsed(words);
    CHECK(invocation.global.store == "s");
    CHECK(invocation.global.lock_dir == "l");
    CHECK(invocation.global.json);
    CHECK(std::holds_alternative<Gc>(std::get<Command>(invocation.action)));
  }
}

TEST_CASE("invocation: the value of a command's option may look like a global option",
          "[invocation]") {
  const auto invocation = parsed({"--store", "s", "notes", "vm/1", "--text", "--json"});
  CHECK_FALSE(invocation.global.json);
  CHECK(std::get<Notes>(std::get<Command>(invocation.action)).text == "--json");
}

TEST_CASE("invocation: create, ls and info belong to the tool", "[invocation]") {
  CHECK(std::holds_alternative<CreateStore>(parsed({"--store", "s", "create"}).action));
  const auto list = std::get<ListStore>(
      parsed({"--store", "s", "ls", "vm/100", "--ns", "a/b", "--max-depth", "2"}).action);
  CHECK(list.group == GroupId{BackupType::vm, "100"});
  CHECK(list.ns.text() == "a/b");
  CHECK(list.max_depth == 2);
  const auto info = std::get<ShowInfo>(
      parsed({"--store", "s", "info", "vm/1/2026-01-01T00:00:00Z", "--ns", "/"}).action);
  CHECK(info.group == GroupId{BackupType::vm, "1"});
  CHECK(info.time->text() == "2026-01-01T00:00:00Z");
  CHECK(info.ns.is_root());
}

TEST_CASE("invocation: values of global options are understood", "[invocation]") {
  const auto global = parsed({"--store", "s", "--protocol", "none", "--sync", "file", "--user",
                              "me@pbs", "--name", "abc", "gc"})
                          .global;
  CHECK(global.protocol->name() == "none");
  CHECK(global.sync == SyncLevel::file);
  CHECK(global.caller.text() == "me@pbs");
  CHECK(global.name == "abc");
}

TEST_CASE("invocation: help and version need neither command nor store", "[invocation]") {
  CHECK(std::get<ShowHelp>(parsed({"--help"}).action).command.empty());
  CHECK(std::get<ShowHelp>(parsed({"gc", "-h"}).action).command == "gc");
  CHECK(std::get<ShowHelp>(parsed({"help", "ns", "create"}).action).command == "ns create");
  CHECK(std::holds_alternative<ShowVersion>(parsed({"--version"}).action));
}

TEST_CASE("invocation: refusals say what is wrong and what was meant", "[invocation]") {
  CHECK(refusal({}) == "there is no command: try unswept-store --help");
  CHECK(contains(refusal({"help", "gcc"}), "did you mean \"gc\"?"));
  CHECK(refusal({"gc"}) == "which store? write --store DIR");
  CHECK(refusal({"--store"}) == R"("--store" needs a value: --store DIR)");
  CHECK(refusal({"--store=", "gc"}) == "--store must not be empty");
  CHECK(refusal({"--json=1", "gc"}) == R"("--json" takes no value)");
  CHECK(refusal({"--stor", "s", "gc"}) == R"(unknown option "--stor", did you mean "--store"?)");
  CHECK(refusal({"--store", "s", "creat"}) == R"(unknown command "creat", did you mean "create"?)");
  CHECK(refusal({"--store", "s", "verfy"}) == R"(unknown command "verfy", did you mean "verify"?)");
  CHECK(refusal({"--store", "s", "--protocol", "v9", "gc"}) ==
        R"(unknown protocol "v9", did you mean "v8"?)");
  CHECK(contains(refusal({"--store", "s", "--sync", "disk", "gc"}), "unknown sync level"));
  CHECK(contains(refusal({"--store", "s", "--user", "myself", "gc"}), "expected user@realm"));
  CHECK(contains(refusal({"--store", "s", "--name", "a", "gc"}), "is not a store name"));
  CHECK(contains(refusal({"--store", "s", "create", "x"}), "one argument too many"));
  CHECK(contains(refusal({"--store", "s", "ls", "vm"}), "expected TYPE/ID"));
  CHECK(contains(refusal({"--store", "s", "ls", "--max-depth", "8"}), "0 to 7"));
  CHECK(contains(refusal({"--store", "s", "ls", "--ns", "a//b"}), "invalid namespace"));
  CHECK(contains(refusal({"--store", "s", "info", "vm/1/then"}), "expected YYYY"));
  CHECK(refusal({"--store", "s", "ns"}) == R"("ns" needs another word: "ns create" "ns remove")");
  CHECK(refusal({"--store", "s", "journal"}) == R"("journal" needs another word: "journal show")");
  CHECK(refusal({"help", "ns", "crate"}) ==
        R"(unknown command "ns crate", did you mean "ns create"?)");
  CHECK(contains(refusal({"--store", "s", "journal", "shw"}), R"(did you mean "journal show"?)"));
}

TEST_CASE("help: every command is named, and explained on demand", "[invocation]") {
  const std::string all = help_text("");
  for (const CommandHelp& command : all_commands()) {
    CHECK(contains(all, "  " + std::string(command.name) + " "));
    CHECK(contains(help_text(command.name), usage(command)));
  }
  for (const CommandHelp& command : tool_commands()) {
    CHECK(contains(all, "  " + std::string(command.name) + " "));
  }
  for (const OptionHelp& option : global_options()) CHECK(contains(all, option.name));
  CHECK(help_text("no such command") == all);
}

/// The words of an example as a shell would hand them over.
std::vector<std::string> example_words(const CommandExample& example) {
  const std::string line = example_line(example);
  constexpr std::string_view kProgram = "unswept-store ";
  const auto words = split_words(line.substr(line.find(kProgram) + kProgram.size()));
  REQUIRE(words.has_value());
  std::vector<std::string> texts;
  for (const Word& word : *words) texts.push_back(word.text);
  return texts;
}

bool reads_standard_input(const Invocation& invocation) {
  const auto* command = std::get_if<Command>(&invocation.action);
  const auto* backup = command == nullptr ? nullptr : std::get_if<Backup>(command);
  return backup != nullptr && std::ranges::find(backup->archives, kStandardStream,
                                                &ArchiveSource::file) != backup->archives.end();
}

TEST_CASE("help: each command is shown with examples, and they are accepted as that command",
          "[invocation]") {
  for (const std::span<const CommandHelp> commands : {all_commands(), tool_commands()}) {
    for (const CommandHelp& help : commands) {
      INFO(help.name);
      CHECK_FALSE(help.examples.empty());
      for (const CommandExample& example : help.examples) {
        INFO(example.words);
        CHECK(contains(help_text(help.name), "\n  " + example_line(example) + '\n'));
        const auto invocation = parse_invocation(example_words(example));
        INFO((invocation ? "" : invocation.error().text()));
        REQUIRE(invocation.has_value());
        CHECK(commands_called(example.words) == std::vector{&help});
        if (const auto* command = std::get_if<Command>(&invocation->action)) {
          CHECK(command_name(*command) == help.name);
        }
        CHECK(reads_standard_input(*invocation) == !example.piped_from.empty());
      }
    }
  }
}

TEST_CASE("help: the first word of several commands explains all of them", "[invocation]") {
  const std::string ns = help_text(std::get<ShowHelp>(parsed({"help", "ns"}).action).command);
  CHECK(contains(ns, "ns create NS"));
  CHECK(contains(ns, "ns remove NS"));
  CHECK_FALSE(contains(ns, "move-group"));
  const auto journal = std::get<ShowHelp>(parsed({"help", "journal"}).action);
  CHECK(contains(help_text(journal.command), "usage: unswept-store --store DIR journal show"));
}

}  // namespace
}  // namespace unswept::engine
