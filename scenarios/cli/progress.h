// scenarios/cli/progress.h: one line on a terminal that says how far the searches are.
#pragma once

#include "scenarios/cli/case_runner.h"
#include "scenarios/cli/commands.h"

namespace unswept::scenarios {

class ProgressLine {
 public:
  explicit ProgressLine(const Terminal& terminal) : terminal_(terminal) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const RunningCases& running);
  void clear();

 private:
  const Terminal& terminal_;
  bool visible_ = false;
};

}  // namespace unswept::scenarios
