#include "model/explore/sleepers.h"

#include <algorithm>

namespace unswept::model {

Sleepers::Mark Sleepers::after(const Mark& above, std::span<const Access> step) {
  Mark node{above.end, above.end, above.accesses_end, above.accesses_end, 0};
  truncate(above);
  for (std::uint32_t i = above.begin; i < above.end; ++i) {
    const Sleeper sleeper = sleepers_[i];
    if (dependence_.dependent(footprint(sleeper), step)) continue;
    sleepers_.push_back(sleeper);
    node.set |= set_of(sleeper.actor);
    ++node.end;
  }
  return node;
}

ActorSet Sleepers::undisturbed(const Mark& node, std::span<const Access> step) const {
  ActorSet actors = 0;
  visit(node, [&](ActorId actor, std::span<const Access> mine) {
    if (!dependence_.dependent(mine, step)) actors |= set_of(actor);
  });
  return actors;
}

void Sleepers::keep(Mark& node, ActorSet actors) {
  const auto first = sleepers_.begin() + node.begin;
  const auto last = std::remove_if(first, sleepers_.end(), [&](const Sleeper& sleeper) {
    return !contains(actors, sleeper.actor);
  });
  sleepers_.erase(last, sleepers_.end());
  node.end = static_cast<std::uint32_t>(sleepers_.size());
  node.set &= actors;
}

void Sleepers::truncate(const Mark& node) {
  sleepers_.resize(node.end);
  accesses_.resize(node.accesses_end);
}

void Sleepers::explored(Mark& node, std::span<const Access> step) {
  const auto earlier_outcomes = static_cast<std::ptrdiff_t>(node.explored_begin);
  if (node.explored_begin == accesses_.size()) {
    accesses_.insert(accesses_.end(), step.begin(), step.end());
  } else {
    for (const Access& access : step)
      if (std::find(accesses_.begin() + earlier_outcomes, accesses_.end(), access) ==
          accesses_.end())
        accesses_.push_back(access);
  }
  node.accesses_end = static_cast<std::uint32_t>(accesses_.size());
}

void Sleepers::put_to_sleep(Mark& node, ActorId actor) {
  sleepers_.push_back({actor, node.explored_begin, node.accesses_end});
  node.set |= set_of(actor);
  node.end = static_cast<std::uint32_t>(sleepers_.size());
  node.explored_begin = node.accesses_end;
}

}  // namespace unswept::model
