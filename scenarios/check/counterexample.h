// scenarios/check/counterexample.h: a run that broke a promise, made readable and kept as a file.
#pragma once

#include <expected>
#include <string>

#include "model/explore/trace.h"
#include "reports/result.h"
#include "scenarios/scenario.h"
#include "scenarios/workload/program.h"

namespace unswept::scenarios {

/// Runs the program along `trace` and tells what happened.  `violation` is the promise to explain,
/// or empty for the first that breaks.
reports::Counterexample tell(ScenarioProgram& program, const Scenario& scenario,
                             const model::Trace& trace, const std::string& promise,
                             std::optional<model::Divergence>& divergence);

/// The same scenario, pinned to the run.
Scenario pinned_to(const Scenario& scenario, std::string_view protocol, const model::Trace& trace,
                   const reports::Counterexample& example);

/// Writes it to `directory`/<name>.<protocol>.toml and returns that path, or a sentence.
std::expected<std::string, std::string> write_counterexample(const Scenario& pinned,
                                                             const reports::Counterexample& example,
                                                             const std::string& directory);

}  // namespace unswept::scenarios
