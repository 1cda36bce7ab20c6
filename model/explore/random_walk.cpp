#include "model/explore/random_walk.h"

#include <bit>

namespace unswept::model {
namespace {

ActorId member(ActorSet set, std::uint32_t index) {
  for (; index > 0; --index) set &= set - 1;
  return static_cast<ActorId>(std::countr_zero(set));
}

}  // namespace

RandomWalks::RandomWalks(std::uint64_t seed, std::uint64_t walks, const Bounds& bounds)
    : seed_(seed), walks_(walks), bounds_(bounds) {}

void RandomWalks::begin(std::size_t) {
  random_ = Random(mix(seed_) + mix(walk_ ^ 0x5851f42d4c957f2d));
  trace_.decisions.clear();
  last_ = kNoActor;
  preemptions_ = 0;
  steps_ = 0;
  close_ = Close::ended;
}

ActorId RandomWalks::pick(const Situation& situation) {
  if (bounds_.steps && steps_ >= *bounds_.steps) {
    close_ = Close::cut;
    return kNoActor;
  }
  ActorSet candidates = situation.enabled();
  const bool last_enabled = last_ != kNoActor && contains(candidates, last_);
  if (last_enabled && bounds_.preemptions && preemptions_ >= *bounds_.preemptions &&
      candidates != set_of(last_)) {
    candidates = set_of(last_);
    preemptions_hit_ = true;
  }
  const ActorId actor =
      member(candidates, random_.below(static_cast<std::uint32_t>(std::popcount(candidates))));
  if (last_enabled && actor != last_) ++preemptions_;
  last_ = actor;
  trace_.decisions.push_back(Decision::pick(actor));
  return actor;
}

std::uint32_t RandomWalks::choose(ActorId actor, ChoiceKind kind, std::uint32_t count) {
  const std::uint32_t answer = random_.below(count);
  trace_.decisions.push_back(Decision::choose(actor, kind, answer, count));
  return answer;
}

void RandomWalks::taken(const Step&) { ++steps_; }

bool RandomWalks::advance() { return ++walk_ < walks_; }

}  // namespace unswept::model
