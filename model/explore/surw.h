// model/explore/surw.h: selectively uniform random walk (internal).
//
// Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency Testing",
// ASPLOS 2025.  Some steps are interesting.  If it is known how many of them each
// actor has still to take, then choosing the actor of the next one with chances in
// proportion to these numbers makes all orders of interesting steps equally likely:
// the multinomial of the rest is what each choice leaves open.  Other steps are
// taken by anybody; who comes to an interesting step before the chosen actor has
// taken its own has to wait.
//
// Interesting, here: the steps that touch one object over which actors met in the
// profile, or one of about half of these objects; which, is drawn for each walk.  (With
// one object a bug shows that needs an uncommon order there, with many one that needs
// several orders at once; bench/README.md has figures.)  The numbers are the profile's.
#pragma once

#include <array>
#include <vector>

#include "model/explore/pending_footprints.h"
#include "model/explore/sampler.h"

namespace unswept::model {

class Surw final : public Sampler {
 public:
  explicit Surw(const Dependence& dependence) : pending_(dependence) {}

  std::string name() const override { return "surw"; }
  bool needs_profile() const override { return true; }
  void profiled(const Profile& profile) override { profile_ = &profile; }
  void begin(Random& random) override;
  ActorId pick(const Situation& situation, ActorSet candidates, Random& random) override;
  void taken(const Step& step, Random& random) override;
  std::string guarantee(const WalkFigures& figures) const override;

 private:
  void draw_objects(Random& random);
  bool is_interesting(std::span<const Access> accesses) const;
  /// Who takes the next interesting step, among actors that have a next step.
  ActorId draw(ActorSet pending, Random& random) const;

  const Profile* profile_ = nullptr;
  PendingFootprints pending_;

  // Of this walk.
  std::vector<ObjectId> interesting_;  // objects, ascending; none if actors never met
  std::array<std::uint32_t, kActorsMax> remaining_{};
  ActorId chosen_ = kNoActor;
  ActorSet waiting_ = 0;  // came to an interesting step before the chosen one
};

}  // namespace unswept::model
