// model/explore/pos.h: partial order sampling (internal).
//
// Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018: the next step
// of each actor that can go on has a random priority, and the highest one is taken.
// Then the priorities of the steps that race with it are drawn anew, those of the
// others stay.  So it is orders of conflicting steps that are drawn: a step that
// nobody conflicts with does not change the chances of the others.
#pragma once

#include <array>

#include "model/explore/pending_footprints.h"
#include "model/explore/sampler.h"

namespace unswept::model {

class Pos final : public Sampler {
 public:
  explicit Pos(const Dependence& dependence) : pending_(dependence) {}

  std::string name() const override { return "pos"; }
  void begin(Random& random) override;
  ActorId pick(const Situation& situation, ActorSet candidates, Random& random) override;
  void taken(const Step& step, Random& random) override;
  std::string guarantee(const WalkFigures& figures) const override;

 private:
  PendingFootprints pending_;
  ActorSet drawn_ = 0;  // whose next step has a priority
  std::array<std::uint64_t, kActorsMax> priorities_{};
};

}  // namespace unswept::model
