// model/explore/schedule_bounds.h: how far a schedule may stray (internal).
//
// Two measures of a schedule, each with a bound of its own:
//   preemptions  times an actor is interrupted that could have gone on (Musuvathi, Qadeer,
//                Iterative Context Bounding, PLDI 2007);
//   delays       times the actor whose turn it is is passed over (Emmi, Qadeer, Rakamaric,
//                Delay-Bounded Scheduling, POPL 2011).  Whose turn it is, a deterministic
//                scheduler says: whoever took the last step, as long as he can; then the next
//                one who can, by number and round again.  No delay: one schedule.
//
// Thread safety: values, as usual.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "model/explore/explore.h"

namespace unswept::model {

/// What a schedule has used up so far.
struct Deviations {
  std::uint32_t preemptions = 0;
  std::uint32_t delays = 0;
};

/// Which of the bounds ever forbade a step.
struct BoundsHit {
  bool preemptions = false;
  bool delays = false;
};

class ScheduleBounds {
 public:
  explicit ScheduleBounds(const Bounds& bounds)
      : preemptions_max_(bounds.preemptions.value_or(kNone)),
        delays_max_(bounds.delays.value_or(kNone)) {}

  bool unbounded() const { return preemptions_max_ == kNone && delays_max_ == kNone; }

  /// Those of `enabled` who may take the next step after a schedule that ended with a step of
  /// `last` (kNoActor: the empty one).  Never empty if `enabled` is not.
  ActorSet allowed(ActorSet enabled, ActorId last, const Deviations& spent, BoundsHit& hit) const {
    ActorSet rest = enabled;
    if (preemptions_max_ != kNone && spent.preemptions >= preemptions_max_ &&
        interrupts(enabled, last) && enabled != set_of(last)) {
      hit.preemptions = true;
      rest = set_of(last);
    }
    if (delays_max_ == kNone) return rest;
    const ActorSet punctual = within_delays(enabled, last, delays_max_ - spent.delays);
    if ((rest & ~punctual) != 0) hit.delays = true;
    return rest & punctual;
  }

  /// What is used up after a step of `picked`, one of allowed().
  static Deviations after(ActorSet enabled, ActorId last, ActorId picked, Deviations spent) {
    if (picked != last && interrupts(enabled, last)) ++spent.preemptions;
    spent.delays += delays_of(enabled, last, picked);
    return spent;
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  static bool interrupts(ActorSet enabled, ActorId last) {
    return last != kNoActor && contains(enabled, last);
  }

  /// How many in `enabled` come before `picked`, counted from `last` on and round again.
  static std::uint32_t delays_of(ActorSet enabled, ActorId last, ActorId picked) {
    const ActorId first = last == kNoActor ? 0 : last;
    const ActorSet below_picked = set_of(picked) - 1;
    const ActorSet below_first = set_of(first) - 1;
    const ActorSet passed =
        picked >= first ? below_picked & ~below_first : below_picked | ~below_first;
    return static_cast<std::uint32_t>(std::popcount(enabled & passed));
  }

  static ActorSet within_delays(ActorSet enabled, ActorId last, std::uint32_t delays) {
    ActorSet set = 0;
    for (ActorSet rest = enabled; rest != 0; rest &= rest - 1) {
      const auto actor = static_cast<ActorId>(std::countr_zero(rest));
      if (delays_of(enabled, last, actor) <= delays) set |= set_of(actor);
    }
    return set;
  }

  std::uint32_t preemptions_max_;
  std::uint32_t delays_max_;
};

}  // namespace unswept::model
