// model/explore/sampled_walks.h: one execution after the other, each drawn at random (internal).
//
// Walk number n of a seed is always the same walk, whatever came before it: its
// generator is made of the seed and n, and its sampler is the one whose turn it is
// at n.  Samplers that want a profile all get the one of walk 0, which the first
// sampler draws.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "model/explore/mix.h"
#include "model/explore/sampler.h"
#include "model/explore/schedule_bounds.h"
#include "model/explore/search.h"

namespace unswept::model {

/// Who draws which walk.
struct SamplingPlan {
  std::uint64_t seed = 1;
  std::uint64_t walks = 0;
  /// The first draws walk 0, and must want no profile.
  std::vector<std::unique_ptr<Sampler>> samplers;
  /// Indices into `samplers`: the turns of walks 1, 2, 3, ..., and round again.  Empty: always the
  /// first.
  std::vector<std::uint8_t> turns = {};
};

class SampledWalks : public Search {
 public:
  SampledWalks(SamplingPlan plan, const Bounds& bounds, const Dependence& dependence);

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override { return trace_; }

  /// To be called when a walk broke a promise, before advance().
  void note_violation() { ++figures_[turn()].violations; }

  // --- one of several who draw the walks between them

  /// What some walks came to.
  struct Books {
    std::vector<WalkFigures> figures;  // by sampler; empty: there were none
    BoundsHit bounds_hit;
    void add(const Books& more);
  };
  /// The next walk is that one.
  void go_to(std::uint64_t walk) { walk_ = walk; }
  /// Draws as `other` does, which has drawn walk 0 and must outlive this.
  void learn_from(const SampledWalks& other);
  /// Of the walks since the last call.
  Books take_books();
  /// From now on what was drawn is this.
  void put_books(const Books& books);

  struct Drawn {
    const Sampler& sampler;
    const WalkFigures& figures;
  };
  std::size_t samplers() const { return plan_.samplers.size(); }
  Drawn drawn(std::size_t sampler) const { return {*plan_.samplers[sampler], figures_[sampler]}; }

 private:
  std::size_t turn() const {
    return walk_ == 0 || plan_.turns.empty() ? 0 : plan_.turns[(walk_ - 1) % plan_.turns.size()];
  }
  void use_profile(const Profile& profile);
  bool profiling() const { return wants_profile_ && walk_ == 0; }

  const SamplingPlan plan_;
  const std::optional<std::uint64_t> steps_max_;
  const ScheduleBounds schedule_;
  Profile profile_;
  const bool wants_profile_;
  std::vector<WalkFigures> figures_;  // by sampler

  std::uint64_t walk_ = 0;
  Sampler* sampler_ = nullptr;  // of this walk
  Random random_{0};
  Trace trace_;
  ActorId last_ = kNoActor;
  Deviations spent_;
};

/// The options, with violations noted in `walks`, which must outlive them.
ExploreOptions noting_violations(ExploreOptions options, SampledWalks& walks);

}  // namespace unswept::model
