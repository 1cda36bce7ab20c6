#include "model/explore/profile.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace unswept::model {

void Profile::add(const Step& step) {
  const auto begin = static_cast<std::uint32_t>(accesses_.size());
  accesses_.insert(accesses_.end(), step.footprint.begin(), step.footprint.end());
  events_.push_back({step.actor, begin, static_cast<std::uint32_t>(accesses_.size())});
}

void Profile::finish() {
  ActorSet seen = 0;
  std::vector<Use> all;
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    seen |= set_of(events_[i].actor);
    for (const Access& access : footprint(events_[i]))
      all.push_back({access.object, events_[i].actor, access.mode, i});
  }
  actors_ = static_cast<std::uint32_t>(std::popcount(seen));
  std::ranges::sort(all, {}, [](const Use& use) { return std::pair(use.object, use.event); });
  for (auto begin = all.begin(); begin != all.end();) {
    const auto end =
        std::find_if(begin, all.end(), [&](const Use& use) { return use.object != begin->object; });
    if (is_contended(std::span(begin, end))) {
      contended_.push_back(begin->object);
      uses_.insert(uses_.end(), begin, end);
    }
    begin = end;
  }
  contended_steps_ = static_cast<std::uint64_t>(std::ranges::count_if(
      events_, [this](const Event& event) { return touches_contended(footprint(event)); }));
}

bool Profile::is_contended(std::span<const Use> uses) const {
  std::array<ActorSet, kModeCount> users{};
  for (const Use& use : uses) users[index_of(use.mode)] |= set_of(use.actor);
  for (std::size_t a = 0; a < kModeCount; ++a)
    for (std::size_t b = a; b < kModeCount; ++b) {
      const bool conflicts = dependence_.conflict_of(static_cast<Mode>(a), static_cast<Mode>(b));
      const ActorSet both = users[a] | users[b];
      if (conflicts && users[a] != 0 && users[b] != 0 && std::popcount(both) > 1) return true;
    }
  return false;
}

bool Profile::touches_contended(std::span<const Access> accesses) const {
  return std::ranges::any_of(accesses, [this](const Access& access) {
    return std::ranges::binary_search(contended_, access.object);
  });
}

std::array<std::uint32_t, kActorsMax> Profile::steps_on(std::span<const ObjectId> objects) const {
  std::vector<std::uint32_t> touching;
  for (const ObjectId object : objects)
    for (const Use& use : std::ranges::equal_range(uses_, object, {}, &Use::object))
      touching.push_back(use.event);
  std::ranges::sort(touching);
  const auto rest = std::ranges::unique(touching);
  touching.erase(rest.begin(), rest.end());
  std::array<std::uint32_t, kActorsMax> steps{};
  for (const std::uint32_t event : touching) ++steps[events_[event].actor];
  return steps;
}

}  // namespace unswept::model
