#include "scenarios/check/failures.h"

#include "reports/console.h"

namespace unswept::scenarios {

void FailureTally::add(const OperationLog& run) {
  for (const OperationRun& operation : run.all()) {
    if (!operation.ended) continue;
    Failed& failed = failed_[{operation.actor, operation.index}];
    ++failed.ended;
    if (operation.succeeded) continue;
    ++failures_;
    failed.count(1, operation.message);
  }
}

void FailureTally::Failed::count(std::uint64_t more, const std::string& message) {
  if (more > 0 && (runs == 0 || message < example)) example = message;
  runs += more;
}

void FailureTally::add(const FailureTally& other) {
  for (const Row& row : other.rows()) add(row);
}

void FailureTally::add(const Row& row) {
  Failed& failed = failed_[{row.actor, row.operation}];
  failed.ended += row.ended;
  failed.count(row.runs, row.example);
  failures_ += row.runs;
}

std::vector<FailureTally::Row> FailureTally::rows() const {
  std::vector<Row> rows;
  for (const auto& [operation, failed] : failed_)
    rows.push_back({operation.first, operation.second, failed.ended, failed.runs, failed.example});
  return rows;
}

std::vector<std::string> FailureTally::remarks(const Scenario& scenario) const {
  std::vector<std::string> always;
  std::vector<std::string> sometimes;
  for (const auto& [operation, failed] : failed_) {
    if (failed.runs == 0) continue;
    const ActorSpec& actor = scenario.actors[operation.first];
    const std::string what =
        actor.name + ": " + actor.operations[operation.second].text + ": " + failed.example;
    if (failed.runs == failed.ended)
      always.push_back("warning: this says nothing of an operation that failed in every run: " +
                       what);
    else
      sometimes.push_back("refused or failed: " + what + " (in " +
                          reports::with_commas(failed.runs) + " of " +
                          reports::with_commas(failed.ended) + " runs)");
  }
  always.insert(always.end(), sometimes.begin(), sometimes.end());
  return always;
}

}  // namespace unswept::scenarios
