// model/explore/naive.h: every schedule and every answer, depth first (internal).
#pragma once

#include <vector>

#include "model/explore/choice_stack.h"
#include "model/explore/schedule_bounds.h"
#include "model/explore/search.h"

namespace unswept::model {

/// Keeps one small frame per step and nothing else: replaying a step costs a
/// comparison, a new one a push.
class NaiveSearch final : public Search {
 public:
  explicit NaiveSearch(const Bounds& bounds);

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  std::size_t repeated() const override { return known_; }
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override;
  std::optional<double> explored_share() const override;

 private:
  struct Frame {
    ActorSet enabled;
    ActorSet remaining;  // not tried yet
    std::uint64_t digest;
    ActorId picked;
    std::uint32_t choices_begin;
    Deviations spent;  // before this step
  };
  ActorId pick_new(ActorSet enabled);
  /// Who took the last step before frame number `at`.
  ActorId last_before(std::size_t at) const { return at > 0 ? frames_[at - 1].picked : kNoActor; }

  const std::uint64_t steps_max_;
  const ScheduleBounds schedule_;
  std::vector<Frame> frames_;  // of the current path
  ChoiceStack choices_;
  std::size_t known_ = 0;  // frames whose step an earlier execution took, with the same outcome
};

}  // namespace unswept::model
