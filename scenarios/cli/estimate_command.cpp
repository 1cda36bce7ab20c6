#include <ostream>

#include "scenarios/check/estimate.h"
#include "scenarios/cli/commands.h"
#include "scenarios/cli/exit_codes.h"
#include "scenarios/cli/files.h"

namespace unswept::scenarios {
namespace {

bool stopped(const Terminal& terminal) { return terminal.interrupted && terminal.interrupted(); }

/// False, with a message, if there is nothing to estimate.
bool can_be_explored(const LoadedScenario& one, const Terminal& terminal) {
  if (!one.scenario.trace) return true;
  terminal.err << one.file << ": is one run, with a [trace]; `unswept replay` takes no time\n";
  return false;
}

}  // namespace

int run_estimate(const CommandLine& line, const Terminal& terminal) {
  const auto loaded = load_scenarios(line.paths);
  if (!loaded) {
    terminal.err << to_string(loaded.error());
    return kBadInput;
  }
  EstimateOptions options;
  options.clock = terminal.clock;
  options.go_on = [&] { return !stopped(terminal); };
  if (line.bounds.time) options.seconds = static_cast<double>(line.bounds.time->count());
  std::vector<reports::CaseEstimate> estimates;
  for (const LoadedScenario& one : *loaded) {
    if (!can_be_explored(one, terminal)) return kBadInput;
    const Scenario scenario = overridden(one.scenario, line);
    for (const std::string& protocol : protocols_for(scenario, line)) {
      auto result = estimate(scenario, protocol, options);
      if (!result) {
        terminal.err << one.file << ": " << result.error() << '\n';
        return kBadInput;
      }
      if (stopped(terminal)) return kInconclusive;
      result->file = one.file;
      if (!line.json) terminal.out << reports::render_estimate(*result) << '\n' << std::flush;
      estimates.push_back(*std::move(result));
    }
  }
  if (line.json) terminal.out << reports::render_estimates_json(estimates);
  return kAsExpected;
}

}  // namespace unswept::scenarios
