#include "scenarios/cli/progress.h"

#include <ostream>

#include "reports/console.h"

namespace unswept::scenarios {

bool ProgressLine::operator()(const model::Progress& progress) {
  constexpr double kEvery = 0.2;
  if (terminal_.interrupted && terminal_.interrupted()) return false;
  const double now = terminal_.clock();
  if (!terminal_.live_progress || now - shown_ < kEvery) return true;
  shown_ = now;
  visible_ = true;
  const double seconds = now - start_;
  const auto rate = seconds > 0 ? static_cast<double>(progress.steps) / seconds : 0;
  terminal_.err << "\r\x1b[K" << what_ << "   " << reports::with_commas(progress.executions)
                << " runs   " << reports::with_commas(progress.steps) << " steps   "
                << reports::with_commas(static_cast<std::uint64_t>(rate)) << " steps/s   "
                << static_cast<std::uint64_t>(seconds) << " s" << std::flush;
  return true;
}

void ProgressLine::clear() {
  if (visible_) terminal_.err << "\r\x1b[K" << std::flush;
  visible_ = false;
}

}  // namespace unswept::scenarios
