#include "scenarios/cli/progress.h"

#include <ostream>

#include "reports/console.h"

namespace unswept::scenarios {

void ProgressLine::show(const RunningCases& running) {
  if (!terminal_.live_progress || running.count == 0) return;
  visible_ = true;
  const double seconds = terminal_.clock() - running.since;
  terminal_.err << "\r\x1b[K" << running.oldest->loaded->scenario.name << ' '
                << running.oldest->protocol;
  if (running.count > 1) terminal_.err << " and " << running.count - 1 << " more";
  terminal_.err << "   " << reports::with_commas(running.executions) << " runs   "
                << reports::with_commas(running.steps) << " steps   "
                << reports::with_commas(static_cast<std::uint64_t>(running.steps_per_second))
                << " steps/s   " << static_cast<std::uint64_t>(seconds) << " s" << std::flush;
}

void ProgressLine::clear() {
  if (visible_) terminal_.err << "\r\x1b[K" << std::flush;
  visible_ = false;
}

}  // namespace unswept::scenarios
