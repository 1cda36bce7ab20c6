#include "model/explore/surw.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace unswept::model {

void Surw::begin(Random& random) {
  pending_.begin();
  chosen_ = kNoActor;
  waiting_ = 0;
  draw_objects(random);
  remaining_ = profile_->steps_on(interesting_);
}

void Surw::draw_objects(Random& random) {
  const auto objects = profile_->contended();
  interesting_.clear();
  if (objects.empty()) return;
  const bool several = random.below(2) == 0;
  if (several)
    std::ranges::copy_if(objects, std::back_inserter(interesting_),
                         [&](ObjectId) { return random.below(2) == 0; });
  if (interesting_.empty())
    interesting_.push_back(objects[random.below(static_cast<std::uint32_t>(objects.size()))]);
}

bool Surw::is_interesting(std::span<const Access> accesses) const {
  return std::ranges::any_of(accesses, [this](const Access& access) {
    return std::ranges::binary_search(interesting_, access.object);
  });
}

ActorId Surw::draw(ActorSet pending, Random& random) const {
  std::uint32_t total = 0;
  for (ActorSet rest = pending; rest != 0; rest &= rest - 1) total += remaining_[member(rest, 0)];
  if (total == 0) return kNoActor;
  std::uint32_t left = random.below(total);
  for (ActorSet rest = pending; rest != 0; rest &= rest - 1) {
    const ActorId actor = member(rest, 0);
    if (left < remaining_[actor]) return actor;
    left -= remaining_[actor];
  }
  return kNoActor;
}

ActorId Surw::pick(const Situation& situation, ActorSet candidates, Random& random) {
  if (interesting_.empty()) return any_of(candidates, random);
  while (true) {
    const ActorSet free = candidates & ~waiting_;
    if (free == 0) {
      // The chosen actor never came to its step: the profile does not fit this walk, or who
      // waits keeps it from coming.
      chosen_ = draw(candidates, random);
      return chosen_;
    }
    const ActorId actor = any_of(free, random);
    if (!is_interesting(pending_.of(actor, situation))) return actor;
    remaining_[actor] = std::max(remaining_[actor], 1U);
    if (chosen_ == kNoActor) chosen_ = draw(situation.pending(), random);
    if (actor == chosen_) return actor;
    waiting_ |= set_of(actor);
  }
}

void Surw::taken(const Step& step, Random&) {
  pending_.conflicting(step);
  if (!is_interesting(step.footprint)) return;
  if (remaining_[step.actor] > 0) --remaining_[step.actor];
  chosen_ = kNoActor;
  waiting_ = 0;
}

std::string Surw::guarantee(const WalkFigures& figures) const {
  if (profile_ == nullptr) return "none: no walk was taken";
  return fmt::format(
      "in each of the {} walks all orders of the steps on the objects drawn for it (one, or about "
      "half, of the {} over which actors met in the first walk) are equally likely, as far as "
      "nobody waits and everybody takes as many of these steps as in the first",
      figures.walks, profile_->contended().size());
}

}  // namespace unswept::model
