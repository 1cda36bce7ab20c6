// scenarios/cli/progress.h: how far the searches are, while they run.
//
// On a terminal one line is written over and over; elsewhere, in a log, a line of its own comes
// now and then, and none at all for what is quick.  Or, for programs, a line of JSON about once a
// second.  docs/user-guide.md has its fields.
//
// How much there is in all is an estimate, made from the share of the search's tree that is behind
// it (model/explore/estimate.h).  Its error is not known; what stands beside it is the range of
// what was estimated since the search had made half as many executions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "scenarios/cli/case_runner.h"
#include "scenarios/cli/commands.h"

namespace unswept::scenarios {

/// Without a line break.  `seconds`: how long the oldest case has been running.
std::string progress_text(const RunningCases& running, double seconds);
/// An object on one line.
std::string progress_json(const RunningCases& running, double seconds);

class ProgressLine {
 public:
  /// `terminal` must outlive it.
  ProgressLine(const Terminal& terminal, ProgressForm form) : terminal_(terminal), form_(form) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const RunningCases& running);
  void clear();

 private:
  bool is_due(double now);
  void write_over(std::string text);

  const Terminal& terminal_;
  const ProgressForm form_;
  bool visible_ = false;
  std::optional<double> printed_;  // when the last line was, or the first might have been
};

}  // namespace unswept::scenarios
