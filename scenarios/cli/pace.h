// scenarios/cli/pace.h: how quickly a check gets on, and how much is left of its search.
//
// A check may be a search that is gone on with, or several searches, one after the other, and the
// number of executions in all is known of the one that runs now only.  So what counts is what
// happened between two reports of one search.
//
// Thread safety: values, as usual.
#pragma once

#include <optional>

#include "model/explore/estimate.h"

namespace unswept::scenarios {

class Pace {
 public:
  /// `now`: seconds since some moment.
  void note(const model::Progress& progress, double now);

  const model::Progress& last() const { return last_; }
  /// Zero before there are two reports.
  double steps_per_second() const;
  /// Executions that the search comes to, if it tells.
  std::optional<model::Estimate> total() const;
  std::optional<model::Estimate> seconds_left() const;

 private:
  struct Moment {
    double when = 0;
    model::Progress progress = {};
  };

  model::Progress last_;
  double when_ = 0;
  std::optional<Moment> began_;     // the first report of this series
  std::optional<Moment> searched_;  // the first report of the search that told its share
  model::SearchForecast forecast_;  // of that search
};

}  // namespace unswept::scenarios
