// How soon each strategy finds what is wrong: the table "First violation" of bench/README.md.
//
//     unswept-first-violation [SEEDS [FOLDER...]]
//
// Every scenario of the folders (canary, race, regress) and every protocol under which
// it says that a promise breaks.  A cell: executions and milliseconds until the first
// run that breaks one, the median over the seeds.  The last column: what auto needs, by
// the least that any of the others needs.
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "model/explore/explore.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"

namespace unswept {
namespace {

using model::Strategy;

constexpr Strategy kStrategies[] = {Strategy::dpor, Strategy::random, Strategy::pct,
                                    Strategy::pos,  Strategy::surw,   Strategy::automatic};
/// Where a search gives up.
constexpr std::uint64_t kExecutionsMax = 5'000;

/// Of this process's time on a core: other work on the machine does not count.
double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

struct Finding {
  double executions = 0;
  double milliseconds = 0;
};

std::optional<Finding> find(scenarios::ScenarioProgram& program, Strategy strategy,
                            std::uint64_t seed) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.seed = seed;
  options.bounds.executions = kExecutionsMax;
  const double start = milliseconds();
  double found = 0;
  options.executed = [&](const model::Program&, const model::Ending& ending) {
    if (!ending.violations.empty() && found == 0) found = milliseconds();
  };
  const auto result = model::explore(program, options);
  if (!result.counterexample) return std::nullopt;
  return Finding{static_cast<double>(result.counterexample->execution), found - start};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The median, if more than half of the seeds found something.
std::optional<Finding> median_finding(scenarios::ScenarioProgram& program, Strategy strategy,
                                      std::uint64_t seeds) {
  std::vector<double> executions;
  std::vector<double> times;
  // A search without chance is repeated for its time only.
  if (strategy == Strategy::dpor) seeds = std::min<std::uint64_t>(seeds, 5);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto found = find(program, strategy, seed);
    executions.push_back(found ? found->executions : static_cast<double>(kExecutionsMax) + 1);
    times.push_back(found ? found->milliseconds : 1e9);
  }
  const Finding middle{median(executions), median(times)};
  if (middle.executions > static_cast<double>(kExecutionsMax)) return std::nullopt;
  return middle;
}

void print_case(const std::string& name, scenarios::ScenarioProgram& program, std::uint64_t seeds) {
  std::string row = fmt::format("| {} |", name);
  Finding best{1e18, 1e18};
  Finding automatic{1e18, 1e18};
  for (const Strategy strategy : kStrategies) {
    const auto found = median_finding(program, strategy, seeds);
    row +=
        found ? fmt::format(" {:.0f} / {:.2f} |", found->executions, found->milliseconds) : " - |";
    if (!found) continue;
    if (strategy == Strategy::automatic) {
      automatic = *found;
      continue;
    }
    best.executions = std::min(best.executions, found->executions);
    best.milliseconds = std::min(best.milliseconds, found->milliseconds);
  }
  fmt::print("{} {:.1f} / {:.1f} |\n", row, automatic.executions / best.executions,
             automatic.milliseconds / best.milliseconds);
  std::fflush(stdout);
}

void print_file(const std::filesystem::path& file, std::uint64_t seeds) {
  const auto scenario = scenarios::load_scenario(file.string());
  if (!scenario) return fmt::print(stderr, "{} cannot be read\n", file.string());
  for (const auto& [protocol, expectation] : scenario->expect) {
    if (expectation.verdict != scenarios::ExpectedVerdict::violation) continue;
    const auto program =
        scenarios::ScenarioProgram::make(*scenario, *scenarios::find_protocol(protocol));
    if (!program) return fmt::print(stderr, "{}: {}\n", file.string(), program.error());
    const std::string name = fmt::format("{}/{}, {}", file.parent_path().filename().string(),
                                         file.stem().string(), protocol);
    print_case(name, **program, seeds);
  }
}

int run(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 21;
  std::vector<std::string> folders(argv + std::min(argc, 2), argv + argc);
  if (folders.empty())
    for (const char* name : {"canary", "race", "regress"})
      folders.push_back(std::string(UNSWEPT_SOURCE_DIR "/scenarios/") + name);
  std::string rule = "|---|";
  fmt::print("| scenario, protocol |");
  for (const Strategy strategy : kStrategies) {
    fmt::print(" {} |", to_string(strategy));
    rule += "---|";
  }
  fmt::print(" auto / best |\n{}---|\n", rule);
  for (const std::string& folder : folders) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) print_file(file, seeds);
  }
  return 0;
}

}  // namespace
}  // namespace unswept

int main(int argc, char** argv) { return unswept::run(argc, argv); }
