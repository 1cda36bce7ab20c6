#include "scenarios/check/failures.h"

#include "reports/console.h"

namespace unswept::scenarios {

void FailureTally::add(const OperationLog& run) {
  ++runs_;
  for (const OperationRun& operation : run.all()) {
    if (!operation.ended || operation.succeeded) continue;
    ++failures_;
    Failed& failed = failed_[{operation.actor, operation.index}];
    if (failed.runs++ == 0) failed.example = operation.message;
  }
}

std::vector<std::string> FailureTally::remarks(const Scenario& scenario) const {
  std::vector<std::string> always;
  std::vector<std::string> sometimes;
  for (const auto& [operation, failed] : failed_) {
    const ActorSpec& actor = scenario.actors[operation.first];
    const std::string what =
        actor.name + ": " + actor.operations[operation.second].text + ": " + failed.example;
    if (failed.runs == runs_)
      always.push_back("warning: this says nothing of an operation that failed in every run: " +
                       what);
    else
      sometimes.push_back("refused or failed: " + what + " (in " +
                          reports::with_commas(failed.runs) + " of " + reports::with_commas(runs_) +
                          " runs)");
  }
  always.insert(always.end(), sometimes.begin(), sometimes.end());
  return always;
}

}  // namespace unswept::scenarios
