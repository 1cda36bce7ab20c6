// scenarios/cli/files.h: the scenario files that paths on a command line stand for.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "scenarios/diagnostic.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

struct LoadedScenario {
  std::string file;
  Scenario scenario;
};

/// Files as given, folders with all .toml files below them, sorted.  No path at all: the folder
/// `scenarios`.
std::expected<std::vector<std::string>, Diagnostics> scenario_files(
    const std::vector<std::string>& paths);

/// Makes the folder unless it is there, or it is "".  A sentence if no file can be written to it.
std::string make_writable_folder(const std::string& path);

/// All of them, or what is wrong with any of them.
std::expected<std::vector<LoadedScenario>, Diagnostics> load_scenarios(
    const std::vector<std::string>& paths);

}  // namespace unswept::scenarios
