// scenarios/cli/progress.h: one line on a terminal that says how far a search is.
#pragma once

#include <string>

#include "model/explore/explore.h"
#include "scenarios/cli/commands.h"

namespace unswept::scenarios {

class ProgressLine {
 public:
  ProgressLine(const Terminal& terminal, std::string what)
      : terminal_(terminal), what_(std::move(what)), start_(terminal.clock()) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// False when the user asked to stop.
  bool operator()(const model::Progress& progress);
  void clear();

 private:
  const Terminal& terminal_;
  std::string what_;
  double start_;
  double shown_ = 0;
  bool visible_ = false;
};

}  // namespace unswept::scenarios
