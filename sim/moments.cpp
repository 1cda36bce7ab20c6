#include "sim/moments.h"

namespace unswept::sim {

model::ActorSet Moments::go_back(std::size_t steps) {
  model::ActorSet movers = 0;
  model::ActorSet stuck = 0;  // of them, those whose first moment has no copy
  while (!moments_.empty()) {
    const Noted& moment = moments_.back();
    if (moment.step == 0) return 0;
    const model::ActorSet self = model::set_of(moment.actor);
    movers |= self;
    tracks_[moment.actor].back_to = moment.copy;
    stuck = moment.copy == kNoCopy ? stuck | self : stuck & ~self;
    const bool found = moment.step <= steps && stuck == 0;
    if (found) now_ = moment;
    moments_.pop_back();
    if (found) return movers;
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
