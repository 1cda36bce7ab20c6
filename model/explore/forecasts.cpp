#include "model/explore/forecasts.h"

#include <bit>

namespace unswept::model {

Forecasts::Mark Forecasts::after(const Mark& above, ActorId actor, std::span<const Access> step,
                                 const Situation& situation) {
  const ActorSet pending = situation.pending();
  const ActorSet wanted = std::popcount(pending) >= 3 ? pending : pending & ~situation.enabled();
  forecasts_.resize(above.end);
  accesses_.resize(above.accesses_end);
  Mark node{above.end, above.end, above.accesses_end, 0};
  std::uint32_t next = above.begin;  // the lists are in the order of actors
  for (ActorSet rest = wanted; rest != 0; rest &= rest - 1) {
    const auto who = static_cast<ActorId>(std::countr_zero(rest));
    while (next < above.end && forecasts_[next].actor < who) ++next;
    const bool known = who != actor && next < above.end && forecasts_[next].actor == who;
    if (known && !dependence_.dependent(footprint(forecasts_[next]), step)) {
      forecasts_.push_back(Forecast(forecasts_[next]));
      continue;
    }
    situation.predict(who, predicted_);
    const auto begin = static_cast<std::uint32_t>(accesses_.size());
    const auto accesses = predicted_.accesses();
    accesses_.insert(accesses_.end(), accesses.begin(), accesses.end());
    forecasts_.push_back({who, begin, static_cast<std::uint32_t>(accesses_.size())});
    node.fresh |= set_of(who);
  }
  node.end = static_cast<std::uint32_t>(forecasts_.size());
  node.accesses_end = static_cast<std::uint32_t>(accesses_.size());
  return node;
}

std::optional<std::span<const Access>> Forecasts::at(const Mark& node, ActorId actor) const {
  for (std::uint32_t i = node.begin; i < node.end; ++i)
    if (forecasts_[i].actor == actor) return footprint(forecasts_[i]);
  return std::nullopt;
}

}  // namespace unswept::model
