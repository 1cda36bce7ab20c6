// model/explore/pending_footprints.h: what actors would touch next, remembered (internal).
//
// A prediction costs about as much as a step.  While nobody takes a step that
// conflicts with it, an actor's pending step keeps its footprint, so it is asked
// for once (docs/how-the-checker-works.md, "Why reduction misses nothing").
//
// Thread safety: none.
#pragma once

#include <array>
#include <bit>
#include <span>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

class PendingFootprints {
 public:
  explicit PendingFootprints(const Dependence& dependence) : dependence_(dependence) {}

  /// A new execution: nothing is known.
  void begin() { known_ = 0; }

  /// Of the next step of `actor`, who has one.
  std::span<const Access> of(ActorId actor, const Situation& situation) {
    if (!contains(known_, actor)) {
      situation.predict(actor, footprints_[actor]);
      known_ |= set_of(actor);
    }
    return footprints_[actor].accesses();
  }

  /// Those others, among the ones last asked about, whose step conflicts with the one that was
  /// just taken.  Forgets what that step may have changed.
  ActorSet conflicting(const Step& step) {
    ActorSet found = 0;
    known_ &= ~set_of(step.actor);
    for (ActorSet rest = known_; rest != 0; rest &= rest - 1) {
      const auto actor = static_cast<ActorId>(std::countr_zero(rest));
      if (dependence_.dependent(footprints_[actor].accesses(), step.footprint))
        found |= set_of(actor);
    }
    known_ &= ~found;
    return found;
  }

 private:
  const Dependence dependence_;
  ActorSet known_ = 0;
  std::array<Footprint, kActorsMax> footprints_;
};

}  // namespace unswept::model
