// scenarios/workload/pinned_order.h: "gc until gc.mark.namespace(b), mover until done, ...".
//
// While the script lasts, only the actor it names is shown to the explorer as
// enabled, so there is nothing to explore; behind it, everything is.  A script
// that cannot be followed (its actor is blocked, or ended without the point) is
// dropped, and the run tells so.
//
// Thread safety: none.
#pragma once

#include <string>
#include <vector>

#include "model/program.h"
#include "scenarios/scenario.h"
#include "scenarios/workload/points.h"

namespace unswept::scenarios {

class PinnedOrder {
 public:
  /// `names` are the actors of the scenario, by id.
  PinnedOrder(const std::vector<PinnedRun>& runs, const std::vector<std::string>& names);

  /// While an actor waits for its helpers, they go on in its place.
  void set_helpers(model::ActorId actor, model::ActorSet helpers);

  bool is_empty() const { return runs_.empty(); }
  void begin_run();
  void point(model::ActorId actor, std::string_view name, std::string_view detail);
  /// The actors that may go on; kept to `enabled` once the script is over.
  model::ActorSet allowed(model::ActorSet enabled, model::ActorSet pending);
  /// What could not be followed in any run so far; empty if all could.
  const std::string& failure() const { return failure_; }
  /// A number for how far the script is.
  std::uint64_t digest() const;

 private:
  struct Run {
    model::ActorId actor;
    bool until_done;
    PointMatcher until;
  };
  void fail(const Run& run, std::string_view why);

  std::vector<Run> runs_;
  std::vector<std::string> names_;
  std::vector<model::ActorSet> helpers_;  // by actor
  std::size_t at_ = 0;
  std::string failure_;
};

}  // namespace unswept::scenarios
