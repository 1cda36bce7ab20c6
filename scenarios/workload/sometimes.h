// scenarios/workload/sometimes.h: conditions that some run must meet, or a pass is vacuous.
//
// Judged over the partial order of each run: "P between Q and R" is met when some
// order of the run's trace has Q, P, R in this order.  Once met in a run, a
// condition is met for good and costs nothing further.
//
// Thread safety: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/workload/happens_before.h"
#include "scenarios/workload/points.h"

namespace unswept::scenarios {

class SometimesJudge {
 public:
  explicit SometimesJudge(const std::vector<SometimesSpec>& conditions);

  /// Conditions no run has met so far.
  std::vector<std::string> unmet() const;
  /// Those not in `unmet`, which are the unmet() of runs elsewhere, are met.
  void meet_all_but(const std::vector<std::string>& unmet);
  bool all_met() const { return open_ == 0; }

  void begin_run();
  void point(Moment moment, std::string_view name, std::string_view detail);
  void end_run(const StepLog& log);

 private:
  struct Role {
    PointMatcher matcher;
    std::vector<Moment> moments;
  };
  struct Condition {
    std::string text;
    Role point;
    std::vector<Role> bounds;  // none, or: after, before
    bool met = false;

    bool holds(const HappensBefore& order) const;
  };

  std::vector<Condition> conditions_;
  std::size_t open_ = 0;
};

}  // namespace unswept::scenarios
