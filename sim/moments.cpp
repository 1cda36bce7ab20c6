#include "sim/moments.h"

#include <cstring>
#include <utility>

namespace unswept::sim {

void Moments::copy(const ActorMoment& actor, const Fiber& fiber) {
  if (fiber.handles_exception()) return;
  Noted& moment = moments_.back();
  Track& track = tracks_[moment.actor];
  const bool moved = !std::exchange(track.fresh, false);  // and will do so now
  if (moved) track.add(actor, fiber.used_stack());
  moment.copy = static_cast<std::uint32_t>(track.copies.size() - 1);
}

void Moments::Track::add(const ActorMoment& actor, std::span<const std::byte> stack) {
  const std::size_t begin = copies.empty() ? 0 : copies.back().end;
  const std::size_t end = begin + stack.size();
  if (stacks.size() < end) stacks.resize(2 * end);
  std::memcpy(stacks.data() + begin, stack.data(), stack.size());
  copies.push_back({actor, begin, end});
}

model::ActorSet Moments::go_back(std::size_t steps) {
  model::ActorSet movers = 0;
  model::ActorSet stuck = 0;  // of them, those whose first moment has no copy
  while (!moments_.empty()) {
    const Noted moment = moments_.back();
    if (moment.step == 0) return 0;
    moments_.pop_back();
    const model::ActorSet self = model::set_of(moment.actor);
    movers |= self;
    tracks_[moment.actor].back_to = moment.copy;
    stuck = moment.copy == kNoCopy ? stuck | self : stuck & ~self;
    if (moment.step > steps || stuck != 0) continue;
    now_ = moment;
    return movers;
  }
  return 0;
}

void Moments::put_back(model::ActorId id, ActorMoment& actor, Fiber& fiber) {
  Track& track = tracks_[id];
  track.copies.resize(track.back_to + 1);
  track.fresh = true;
  const Copy& copy = track.copies.back();
  actor = copy.actor;
  fiber.put_back(std::span(track.stacks).subspan(copy.begin, copy.end - copy.begin));
}

void Moments::clear() {
  moments_.clear();
  for (Track& track : tracks_) {
    track.copies.clear();
    track.fresh = false;
  }
}

}  // namespace unswept::sim
