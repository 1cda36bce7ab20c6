#include "scenarios/cli/files.h"

#include <algorithm>
#include <filesystem>
#include <unistd.h>

#include "scenarios/parse/parse.h"

namespace unswept::scenarios {

namespace fs = std::filesystem;

std::expected<std::vector<std::string>, Diagnostics> scenario_files(
    const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  Diagnostics wrong;
  for (const std::string& path : paths.empty() ? std::vector<std::string>{"scenarios"} : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      if (fs::exists(path, error))
        files.push_back(path);
      else
        wrong.push_back({path, {}, "there is no such file or folder"});
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file() && entry.path().extension() == ".toml")
        found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    if (found.empty()) wrong.push_back({path, {}, "there is no scenario in this folder"});
    files.insert(files.end(), found.begin(), found.end());
  }
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  return files;
}

std::string make_writable_folder(const std::string& path) {
  if (path.empty()) return {};
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return path + ": cannot be made: " + error.message();
  if (!fs::is_directory(path, error)) return path + ": is no folder";
  if (::access(path.c_str(), W_OK | X_OK) != 0) return path + ": cannot be written to";
  return {};
}

std::expected<std::vector<LoadedScenario>, Diagnostics> load_scenarios(
    const std::vector<std::string>& paths) {
  const auto files = scenario_files(paths);
  if (!files) return std::unexpected(files.error());
  std::vector<LoadedScenario> loaded;
  Diagnostics wrong;
  for (const std::string& file : *files) {
    if (auto scenario = load_scenario(file))
      loaded.push_back({file, *std::move(scenario)});
    else
      wrong.insert(wrong.end(), scenario.error().begin(), scenario.error().end());
  }
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  return loaded;
}

}  // namespace unswept::scenarios
