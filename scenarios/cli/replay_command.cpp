#include <ostream>

#include "reports/console.h"
#include "reports/json.h"
#include "scenarios/check/check.h"
#include "scenarios/cli/commands.h"
#include "scenarios/cli/exit_codes.h"
#include "scenarios/cli/files.h"

namespace unswept::scenarios {
namespace {

/// The one scenario with a trace that a command line names.
std::optional<LoadedScenario> load_trace(const CommandLine& line, const Terminal& terminal) {
  auto loaded = load_scenarios(line.paths);
  if (!loaded) {
    terminal.err << to_string(loaded.error());
    return std::nullopt;
  }
  if (loaded->size() != 1 || !loaded->front().scenario.trace) {
    terminal.err << loaded->front().file
                 << ": has no [trace]; `unswept check` explores it and writes one if it fails\n";
    return std::nullopt;
  }
  return std::move(loaded->front());
}

std::optional<reports::CaseResult> replay_file(const CommandLine& line, const Terminal& terminal) {
  const auto loaded = load_trace(line, terminal);
  if (!loaded) return std::nullopt;
  CheckOptions options;
  options.clock = terminal.clock;
  auto result = replay(loaded->scenario, options);
  if (!result) {
    terminal.err << loaded->file << ": " << result.error() << '\n';
    return std::nullopt;
  }
  result->file = loaded->file;
  if (result->counterexample) result->counterexample->file = loaded->file;
  return *std::move(result);
}

int exit_code(const reports::CaseResult& result) {
  if (result.verdict == model::Verdict::nondeterministic) return kNondeterministic;
  return result.as_expected ? kAsExpected : kNotAsExpected;
}

/// Replaying and explaining print the same document.
void print_json(const reports::CaseResult& result, const Terminal& terminal) {
  reports::Report report;
  report.cases.push_back(result);
  terminal.out << reports::render_json(report);
}

}  // namespace

int run_replay(const CommandLine& line, const Terminal& terminal) {
  const auto result = replay_file(line, terminal);
  if (!result) return kBadInput;
  reports::ConsoleStyle style;
  style.colours = terminal.colours;
  style.all_steps = line.all_steps;
  if (line.json) {
    print_json(*result, terminal);
  } else {
    terminal.out << reports::render_verdict(*result, style)
                 << reports::render_counterexample(*result, style);
  }
  return exit_code(*result);
}

int run_explain(const CommandLine& line, const Terminal& terminal) {
  const auto result = replay_file(line, terminal);
  if (!result) return kBadInput;
  if (line.json) {
    print_json(*result, terminal);
    return exit_code(*result);
  }
  if (!result->counterexample) {
    terminal.out << "The run breaks no promise.\n";
    return exit_code(*result);
  }
  terminal.out << result->counterexample->claim << "\n\n"
               << reports::render_explanation(*result->counterexample);
  return exit_code(*result);
}

}  // namespace unswept::scenarios
