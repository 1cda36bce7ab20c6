#include "model/explore/random_walk.h"

#include <utility>

namespace unswept::model {
namespace {

SamplingPlan plan_of(std::uint64_t seed, std::uint64_t walks) {
  SamplingPlan plan{seed, walks, {}};
  plan.samplers.push_back(std::make_unique<RandomWalk>());
  return plan;
}

}  // namespace

std::string RandomWalk::guarantee(const WalkFigures&) const {
  return "every schedule has a chance; that of an unlikely one shrinks exponentially with its "
         "length";
}

RandomWalks::RandomWalks(std::uint64_t seed, std::uint64_t walks, const Bounds& bounds)
    : SampledWalks(plan_of(seed, walks), bounds, Dependence{}) {}

}  // namespace unswept::model
