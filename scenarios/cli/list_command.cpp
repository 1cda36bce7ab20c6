#include <expected>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <span>

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

using Json = nlohmann::ordered_json;

Json scenario_entries(const std::vector<LoadedScenario>& loaded) {
  Json entries = Json::array();
  for (const LoadedScenario& one : loaded) {
    Json expected = Json::object();
    for (const auto& [protocol, expectation] : one.scenario.expect)
      expected[protocol] = to_string(expectation);
    entries.push_back({{"file", one.file},
                       {"name", one.scenario.name},
                       {"about", one.scenario.about},
                       {"expect", std::move(expected)}});
  }
  return entries;
}

std::expected<Json, Diagnostics> scenarios_in(const CommandLine& line) {
  const auto loaded = load_scenarios(line.paths);
  if (!loaded) return std::unexpected(loaded.error());
  return scenario_entries(*loaded);
}

std::expected<Json, Diagnostics> protocols(const CommandLine&) {
  Json entries = Json::array();
  for (const ProtocolInfo& protocol : all_protocols())
    entries.push_back({{"name", protocol.name}, {"about", protocol.about}});
  return entries;
}

std::expected<Json, Diagnostics> promises(const CommandLine&) {
  Json entries = Json::array();
  for (const PromiseInfo& promise : kPromises)
    entries.push_back({{"name", promise.name}, {"judged", promise.when}, {"says", promise.says}});
  return entries;
}

std::expected<Json, Diagnostics> points(const CommandLine&) {
  Json entries = Json::array();
  for (const os::Point& point : engine::all_points()) entries.push_back({{"name", point.name}});
  return entries;
}

std::expected<Json, Diagnostics> operations(const CommandLine&) {
  Json entries = Json::array();
  for (const engine::CommandHelp& command : engine::all_commands())
    entries.push_back(
        {{"name", command.name}, {"usage", engine::usage(command)}, {"about", command.about}});
  return entries;
}

std::string word(const Json& entry, const char* key) { return entry[key].get<std::string>(); }

std::string scenario_text(const Json& entry) {
  std::string text = fmt::format("{}\n    {}\n", word(entry, "file"), word(entry, "about"));
  for (const auto& [protocol, expectation] : entry["expect"].items())
    text += fmt::format("    {}: {}\n", protocol, expectation.get<std::string>());
  return text;
}

std::string protocol_text(const Json& entry) {
  return fmt::format("{:<24} {}\n", word(entry, "name"), word(entry, "about"));
}

std::string promise_text(const Json& entry) {
  return fmt::format("{}\n    {}: {}\n", word(entry, "name"), word(entry, "judged"),
                     word(entry, "says"));
}

std::string point_text(const Json& entry) { return word(entry, "name") + '\n'; }

std::string operation_text(const Json& entry) {
  return fmt::format("{}\n    {}\n", word(entry, "usage"), word(entry, "about"));
}

struct Topic {
  std::string_view name;
  std::expected<Json, Diagnostics> (*entries)(const CommandLine&);
  std::string (*text)(const Json& entry);
};
constexpr Topic kTopics[] = {{"protocols", protocols, protocol_text},
                             {"promises", promises, promise_text},
                             {"points", points, point_text},
                             {"operations", operations, operation_text},
                             {"scenarios", scenarios_in, scenario_text}};

int list(std::span<const Topic> topics, const CommandLine& line, const Terminal& terminal) {
  Json all = Json::object();
  int code = kAsExpected;
  for (const Topic& topic : topics) {
    if (!line.json && topics.size() > 1) terminal.out << "== " << topic.name << '\n';
    const auto entries = topic.entries(line);
    if (!entries) {
      terminal.err << to_string(entries.error());
      code = kBadInput;
    } else if (line.json) {
      all[std::string(topic.name)] = *entries;
    } else {
      for (const Json& entry : *entries) terminal.out << topic.text(entry);
    }
    if (!line.json && topics.size() > 1) terminal.out << '\n';
  }
  if (line.json) terminal.out << all.dump(2) << '\n';
  return code;
}

}  // namespace

int run_list(const CommandLine& line, const Terminal& terminal) {
  if (!line.topic) return list(kTopics, line, terminal);
  std::vector<std::string_view> names;
  for (const Topic& topic : kTopics) {
    if (topic.name == *line.topic) return list({&topic, 1}, line, terminal);
    names.push_back(topic.name);
  }
  terminal.err << "unswept: " << unknown_word("topic", *line.topic, names) << '\n';
  return kBadInput;
}

}  // namespace unswept::scenarios
