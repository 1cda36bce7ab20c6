// model/explore/random_walk.h: each step by any of those who can, with equal chances (internal).
#pragma once

#include "model/explore/sampled_walks.h"

namespace unswept::model {

class RandomWalk final : public Sampler {
 public:
  std::string name() const override { return "random"; }
  ActorId pick(const Situation&, ActorSet candidates, Random& random) override {
    return any_of(candidates, random);
  }
  std::string guarantee(const WalkFigures& figures) const override;
};

/// Nothing but random walks.
class RandomWalks final : public SampledWalks {
 public:
  RandomWalks(std::uint64_t seed, std::uint64_t walks, const Bounds& bounds);
};

}  // namespace unswept::model
