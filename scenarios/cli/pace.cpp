#include "scenarios/cli/pace.h"

#include <algorithm>

namespace unswept::scenarios {

void Pace::note(const model::Progress& progress, double now) {
  if (!began_ || progress.executions < last_.executions) began_ = {now, progress};
  if (progress.share) {
    if (!searched_ || progress.searched < searched_->progress.searched) {
      searched_ = {now, progress};
      forecast_ = {};
    }
    forecast_.add(progress.searched, *progress.share);
  }
  last_ = progress;
  when_ = now;
}

double Pace::steps_per_second() const {
  if (!began_ || when_ <= began_->when) return 0;
  return static_cast<double>(last_.steps - began_->progress.steps) / (when_ - began_->when);
}

std::optional<model::Estimate> Pace::total() const {
  if (!last_.share) return std::nullopt;
  return forecast_.total();
}

std::optional<model::Estimate> Pace::seconds_left() const {
  const auto all = total();
  if (!all || last_.searched <= searched_->progress.searched) return std::nullopt;
  const double seconds = (when_ - searched_->when) /
                         static_cast<double>(last_.searched - searched_->progress.searched);
  const auto left = [&](double executions) {
    return std::max(0.0, executions - static_cast<double>(last_.searched)) * seconds;
  };
  return model::Estimate{left(all->value), left(all->low), left(all->high)};
}

}  // namespace unswept::scenarios
