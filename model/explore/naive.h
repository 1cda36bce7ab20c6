// model/explore/naive.h: every schedule and every answer, depth first (internal).
#pragma once

#include <vector>

#include "model/explore/schedule_bounds.h"
#include "model/explore/tree_search.h"

namespace unswept::model {

/// Keeps one small frame per step and nothing else: replaying a step costs a
/// comparison, a new one a push.
class NaiveSearch final : public TreeSearch {
 public:
  explicit NaiveSearch(const Bounds& bounds);

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  std::size_t repeated() const override { return known_; }
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override;

 private:
  struct Frame {
    ActorSet enabled;
    ActorSet remaining;  // not tried yet, and to be tried by this search
    std::uint64_t digest;
    ActorId picked;
    std::uint32_t choices_begin;
    Deviations spent;  // before this step
  };
  ActorId pick_new(ActorSet enabled);
  /// Who took the last step before frame number `at`.
  ActorId last_before(std::size_t at) const { return at > 0 ? frames_[at - 1].picked : kNoActor; }
  /// What is used up before the step after the last frame.
  Deviations spent_behind() const;
  ActorSet allowed_at(std::size_t index) const;

  // As one of several searches: everybody begins at a node without asking, and nobody sleeps.
  std::size_t path_size() const override { return frames_.size(); }
  PickedStep picked_at(std::size_t index) const override {
    return {frames_[index].picked, frames_[index].choices_begin};
  }
  bool has_waiting(std::size_t index) const override { return frames_[index].remaining != 0; }
  void describe(std::size_t index, PublishedNode& node) override;
  std::vector<Access> footprint_explored(std::size_t) const override { return {}; }
  std::vector<Access> footprint_so_far(std::size_t) const override { return {}; }
  double share_below(std::size_t begin) const override;
  void take_way(const Subtree& subtree) override;
  void drop_path() override { frames_.clear(); }

  const std::uint64_t steps_max_;
  const ScheduleBounds schedule_;
  std::vector<Frame> frames_;  // of the current path
};

}  // namespace unswept::model
