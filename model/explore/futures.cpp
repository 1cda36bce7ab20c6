#include "model/explore/futures.h"

#include <algorithm>
#include <bit>

namespace unswept::model {

void Futures::note(ActorId actor, std::uint32_t ordinal, std::span<const Access> step) {
  for (const Access& access : step) {
    auto& uses = uses_[access.object];
    const auto same = std::ranges::find_if(
        uses, [&](const Use& use) { return use.actor == actor && use.mode == access.mode; });
    if (same == uses.end())
      uses.push_back({actor, access.mode, ordinal});
    else
      same->last = std::max(same->last, ordinal);
  }
}

ActorSet Futures::enough(const Situation& situation, std::span<const std::uint32_t> taken,
                         ActorSet asleep) {
  const ActorSet enabled = situation.enabled();
  if (std::has_single_bit(enabled)) return enabled;
  for (ActorSet rest = enabled; rest != 0; rest &= rest - 1) {
    const ActorId actor = lowest(rest);
    if (next_.size() <= actor) next_.resize(actor + 1);
    situation.predict(actor, next_[actor]);
  }
  ActorSet best = enabled;
  for (ActorSet rest = enabled; rest != 0; rest &= rest - 1) {
    const ActorSet set = closed(lowest(rest), enabled, taken);
    if (std::popcount(set & ~asleep) < std::popcount(best & ~asleep)) best = set;
  }
  return best;
}

/// Actors in `others` that may touch, now or later, what `step` touches, in a way that conflicts.
ActorSet Futures::in_the_way(std::span<const Access> step, std::span<const std::uint32_t> taken,
                             ActorSet others) const {
  ActorSet set = 0;
  for (const Access& access : step) {
    const auto uses = uses_.find(access.object);
    if (uses == uses_.end()) continue;
    for (const Use& use : uses->second) {
      const bool to_come = use.actor >= taken.size() || use.last >= taken[use.actor];
      if (to_come && contains(others, use.actor) && dependence_.conflict_of(use.mode, access.mode))
        set |= set_of(use.actor);
    }
  }
  return set;
}

/// The smallest set with `first` that nobody else gets in the way of; all who are enabled if that
/// takes somebody who is not.
ActorSet Futures::closed(ActorId first, ActorSet enabled,
                         std::span<const std::uint32_t> taken) const {
  ActorSet set = set_of(first);
  for (ActorSet fresh = set; fresh != 0;) {
    const ActorId actor = lowest(fresh);
    fresh &= ~set_of(actor);
    const ActorSet more = in_the_way(next_[actor].accesses(), taken, ~set);
    if ((more & ~enabled) != 0) return enabled;
    set |= more;
    fresh |= more;
  }
  return set;
}

}  // namespace unswept::model
