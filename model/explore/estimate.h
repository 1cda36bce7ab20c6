// model/explore/estimate.h: how long a search will take, before it is at its end.
//
// Two sources.  A search that runs knows which share of its tree it has behind it, as far as the
// tree is known (model/explore/explored_share.h); and probes of the tree of schedules, unreduced or
// reduced, have its size as their expected value (model/explore/tree_probes.h).  Neither comes
// without an error, and the sizes of trees spread over many orders of magnitude: so an estimate is
// a value and a range, and the range is that of independent or later estimates, not a promise.
//
// Thread safety: values, as usual; estimate_cost() is like explore().
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/explore/explore.h"

namespace unswept::model {

/// A number that is not known yet.
struct Estimate {
  double value = 0;
  /// What other estimates of it said: low <= value <= high.  No bounds of it.  `high` is infinite
  /// if there were too few of them to tell.
  double low = 0;
  double high = 0;
  bool exact = false;  // it is known: all three are the same

  static Estimate of(std::uint64_t number) {
    const auto value = static_cast<double>(number);
    return {value, value, value, true};
  }
};

/// Follows a depth-first search and tells to how many executions it will come: those so far,
/// divided by the share of the tree that they are (weighted backtrack estimator).  The range is
/// that of what it would have told since half as many executions.
///
/// A reduction finds out as it goes where it has to try others, so early estimates are too low; and
/// where what is explored first is larger than what comes later, they are too high.
class SearchForecast {
 public:
  void add(std::uint64_t executions, double share);
  /// Nothing before the first execution.
  std::optional<Estimate> total() const;

 private:
  struct Told {
    std::uint64_t executions;
    double total;
  };
  Told last_{};
  std::vector<Told> told_;  // more and more seldom
};

/// What a search within given bounds will cost.
struct Cost {
  Estimate executions;  // of all kinds: complete, blocked, pruned and cut
  double seconds_per_execution = 0;
  /// Where `executions` comes from if it is not exact: what the search told, and what probes told
  /// (for all kinds: scaled by how many of the search's executions were complete).
  std::optional<Estimate> by_search = {};
  std::optional<Estimate> by_probes = {};
  std::uint64_t ran = 0;     // executions that were run to find out
  std::uint64_t probes = 0;  // of the tree of schedules
  /// The first execution of the search that broke a promise or deadlocked: a check would end there.
  std::optional<std::uint64_t> violation = {};
  /// A probe came to a broken promise or a deadlock.
  bool probe_violated = false;
  /// options.progress said no.
  bool interrupted = false;

  Estimate seconds() const;
};

/// Runs the search that `options` describe for some of the given seconds, and if it has not come to
/// its end, probes for the others.  Probes know nothing of states that are known: of stateful the
/// search alone tells.  Budgets in `options` do not count.
/// REQUIRES: options.clock; a strategy that is exhaustive.
Cost estimate_cost(Program& program, const ExploreOptions& options, double seconds);

}  // namespace unswept::model
