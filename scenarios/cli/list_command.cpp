#include <fmt/format.h>
#include <ostream>

#include "engine/cli/command.h"
#include "engine/points.h"
#include "scenarios/cli/commands.h"
#include "scenarios/cli/exit_codes.h"
#include "scenarios/cli/files.h"
#include "scenarios/parse/parse.h"
#include "scenarios/parse/suggest.h"
#include "scenarios/parse/words.h"
#include "scenarios/promises/names.h"
#include "scenarios/variants/protocols.h"

namespace unswept::scenarios {
namespace {

int list_scenarios(const CommandLine& line, const Terminal& terminal) {
  const auto loaded = load_scenarios(line.paths);
  if (!loaded) {
    terminal.err << to_string(loaded.error());
    return kBadInput;
  }
  for (const LoadedScenario& one : *loaded) {
    terminal.out << fmt::format("{}\n    {}\n", one.file, one.scenario.about);
    for (const auto& [protocol, expectation] : one.scenario.expect)
      terminal.out << fmt::format("    {}: {}\n", protocol, to_string(expectation));
  }
  return kAsExpected;
}

int list_protocols(const CommandLine&, const Terminal& terminal) {
  for (const ProtocolInfo& protocol : all_protocols())
    terminal.out << fmt::format("{:<24} {}\n", protocol.name, protocol.about);
  return kAsExpected;
}

int list_promises(const CommandLine&, const Terminal& terminal) {
  for (const PromiseInfo& promise : kPromises)
    terminal.out << fmt::format("{}\n    {}: {}\n", promise.name, promise.when, promise.says);
  return kAsExpected;
}

int list_points(const CommandLine&, const Terminal& terminal) {
  for (const os::Point& point : engine::all_points()) terminal.out << point.name << '\n';
  return kAsExpected;
}

int list_operations(const CommandLine&, const Terminal& terminal) {
  for (const engine::CommandHelp& command : engine::all_commands())
    terminal.out << fmt::format("{}\n    {}\n", engine::usage(command), command.about);
  return kAsExpected;
}

struct Topic {
  std::string_view name;
  int (*list)(const CommandLine&, const Terminal&);
};
constexpr Topic kTopics[] = {{"protocols", list_protocols},
                             {"promises", list_promises},
                             {"points", list_points},
                             {"operations", list_operations},
                             {"scenarios", list_scenarios}};

}  // namespace

int run_list(const CommandLine& line, const Terminal& terminal) {
  if (line.topic) {
    std::vector<std::string_view> names;
    for (const Topic& topic : kTopics) {
      if (topic.name == *line.topic) return topic.list(line, terminal);
      names.push_back(topic.name);
    }
    terminal.err << "unswept: " << unknown_word("topic", *line.topic, names) << '\n';
    return kBadInput;
  }
  int code = kAsExpected;
  for (const Topic& topic : kTopics) {
    terminal.out << "== " << topic.name << '\n';
    code = std::max(code, topic.list(line, terminal));
    terminal.out << '\n';
  }
  return code;
}

}  // namespace unswept::scenarios
