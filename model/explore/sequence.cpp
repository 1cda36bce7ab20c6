#include "model/explore/sequence.h"

#include <algorithm>

namespace unswept::model {

std::size_t Sequence::first_of(ActorId actor) const {
  for (std::size_t i = 0; i < moves_.size(); ++i)
    if (moves_[i].actor == actor) return i;
  return kNone;
}

bool Sequence::may_begin(std::size_t i) const {
  return std::ranges::none_of(std::span(moves_).first(i), [&](const Move& before) {
    return before.actor == moves_[i].actor || contains(before.born, moves_[i].actor) ||
           dependence_.dependent(before.footprint, moves_[i].footprint);
  });
}

bool Sequence::independent_of(std::span<const Access> footprint) const {
  return std::ranges::all_of(
      moves_, [&](const Move& move) { return !dependence_.dependent(move.footprint, footprint); });
}

bool Sequence::spares(ActorId actor, std::span<const Access> footprint) const {
  return std::ranges::all_of(moves_, [&](const Move& move) {
    return move.actor == actor || !dependence_.dependent(move.footprint, footprint);
  });
}

bool Sequence::weakly_begins_with(ActorId actor, std::span<const Access> footprint) {
  const std::size_t first = first_of(actor);
  return first == kNone ? leaves_alone(footprint) : may_begin(first);
}

void Sequence::need_nothing() {
  for (Move& move : moves_) move.needed = false;
}

void Sequence::need_to_wake(ActorId actor, std::span<const Access> footprint) {
  const auto waker = std::ranges::find_if(moves_, [&](const Move& move) {
    return move.actor != actor && dependence_.dependent(move.footprint, footprint);
  });
  if (waker != moves_.end()) waker->needed = true;
}

bool Sequence::used_behind(const Move& move) const {
  return std::ranges::any_of(move.footprint, [&](const Access& access) {
    const auto use = std::ranges::find(uses_, access.object, &Use::object);
    return use != uses_.end() && (use->modes & dependence_.conflicts(access.mode)) != 0;
  });
}

void Sequence::use(const Move& move) {
  for (const Access& access : move.footprint) {
    const auto known = std::ranges::find(uses_, access.object, &Use::object);
    if (known != uses_.end())
      known->modes |= set_of(access.mode);
    else
      uses_.push_back({access.object, set_of(access.mode)});
  }
}

void Sequence::keep_needed() {
  uses_.clear();
  ActorSet actors = 0;
  for (std::size_t i = moves_.size(); i-- > 0;) {
    Move& move = moves_[i];
    move.needed |= i + 1 == moves_.size() || contains(actors, move.actor) ||
                   (move.born & actors) != 0 || used_behind(move);
    if (!move.needed) continue;
    actors |= set_of(move.actor);
    use(move);
  }
  std::erase_if(moves_, [](const Move& move) { return !move.needed; });
}

}  // namespace unswept::model
