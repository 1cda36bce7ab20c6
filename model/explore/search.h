// model/explore/search.h: what the strategies have in common (internal).
//
// A Search answers the questions of one execution after the other, and after each
// moves on to the next one.  run_search() drives it and keeps the books.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "model/explore/explore.h"
#include "model/explore/replay.h"
#include "model/explore/schedule_bounds.h"
#include "model/explore/trace.h"

namespace unswept::model {

/// How an execution came to its end.
enum class Close : std::uint8_t {
  ended,      // by itself
  blocked,    // given up: every way on was covered elsewhere
  known,      // given up: everything below this state was explored
  cut,        // given up: a bound
  elsewhere,  // given up: somebody else explores what follows
  probe,      // no execution: a look at what a step would touch somewhere
};

class Search : public Chooser {
 public:
  /// How many steps the next execution has in common with the last one.
  virtual std::size_t repeated() const { return 0; }
  /// Before each execution; its first `kept` steps, kept <= repeated(), are not run again.
  virtual void begin(std::size_t kept) = 0;
  /// After each execution: on to the next.  False when the space is exhausted.
  virtual bool advance() = 0;
  /// The answers given in the last execution.
  virtual Trace trace() const = 0;

  Close close() const { return close_; }
  std::uint64_t steps() const { return steps_; }
  std::uint64_t replayed() const { return replayed_; }
  const std::optional<Divergence>& divergence() const { return divergence_; }
  /// Which bounds on the schedule cut anything so far.
  const BoundsHit& bounds_hit() const { return bounds_hit_; }
  /// Executions of all kinds; counted by whoever runs them.
  std::uint64_t executions() const { return executions_; }
  void count_execution() { ++executions_; }
  virtual std::uint64_t races() const { return 0; }
  virtual std::optional<StateCacheFigures> state_cache() const { return std::nullopt; }
  /// Between two executions: what share of the search's tree lies behind it, as far as the tree is
  /// known (model/explore/explored_share.h); nothing if it walks no tree.  Costs as much as a look
  /// at each node of the path.
  virtual std::optional<double> explored_share() const { return std::nullopt; }

 protected:
  /// The execution is not what the same answers gave before.  Gives it up.
  ActorId diverge(std::string what) {
    divergence_ = Divergence{static_cast<std::size_t>(steps_), std::move(what),
                             "as in an earlier execution", "something else"};
    return kNoActor;
  }

  Close close_ = Close::ended;  // of the last execution
  std::uint64_t steps_ = 0;     // of the last execution
  std::uint64_t executions_ = 0;
  std::uint64_t replayed_ = 0;  // of those, steps that an earlier execution took too
  BoundsHit bounds_hit_;
  std::optional<Divergence> divergence_;
};

/// Runs `search` to its end or to the end of a budget.  A search whose budget ended may be run
/// on, even if `program` did something else in between.
/// `exhaustive`: whether a search that ends by itself has seen everything.
ExploreResult run_search(Program& program, Search& search, const ExploreOptions& options,
                         bool exhaustive);

}  // namespace unswept::model
