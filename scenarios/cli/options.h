// scenarios/cli/options.h: what the command line of `unswept` says.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/check/check.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

enum class Action : std::uint8_t { check, estimate, replay, explain, list };

/// How progress is shown: for people, as lines of JSON for programs, or not at all.
enum class ProgressForm : std::uint8_t { line, json, none };

struct CommandLine {
  Action action = Action::check;
  std::vector<std::string> paths;      // files and folders
  std::vector<std::string> protocols;  // empty: those each scenario expects something of

  // What overrides the scenario.
  std::optional<SearchMode> mode;
  std::optional<DirectoryOrder> readdir;
  Bounds bounds;
  std::optional<model::Raised> raised;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> memory;  // bytes
  std::optional<std::uint32_t> pct_depth;
  bool no_symmetry = false;
  std::optional<std::uint64_t> verify_every;  // executions
  std::string store;
  std::string lock_dir;

  std::optional<std::uint32_t> jobs;  // cores to use; all there are
  bool coordinate = false;            // of several processes, the first only deals out
  ShardOf shard;
  std::string checkpoint;
  double checkpoint_every = 60;  // seconds
  std::string resume;
  std::string out = "out";
  bool json = false;
  std::string junit;
  bool statistics = false;
  ProgressForm progress = ProgressForm::line;
  bool all_steps = false;
  std::optional<std::string> topic;  // of list
};

/// What to print and which exit code to end with, when there is nothing to do.
struct EarlyExit {
  int code = 0;
  std::string text;
};

/// `built`: how this program was, for --version.
std::expected<CommandLine, EarlyExit> parse_command_line(int argc, const char* const* argv,
                                                         const std::string& built);

/// The scenario with what the command line overrides.
Scenario overridden(Scenario scenario, const CommandLine& line);

/// Those that the command line asks for; if it does not say, those that the scenario speaks of.
std::vector<std::string> protocols_for(const Scenario& scenario, const CommandLine& line);

}  // namespace unswept::scenarios
