// tests/property/assumptions.h: what the reduction supposes of footprints, checked on a run.
//
// Let p and q be next steps of two actors in a state, and let p be taken.
//   - If they are independent, then q touches the same things as before, and can be taken
//     if and only if it could be taken before.
//   - If they conflict, they still do: what q touches now conflicts with what p touched.
// docs/how-the-checker-works.md shows where these are needed.  Commuting steps (same
// answers, same state in both orders) are another test's business.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/program.h"

namespace unswept::tests {

/// Passes everything on to another chooser, and compares.
class AssumptionChecker final : public model::Chooser {
 public:
  explicit AssumptionChecker(model::Chooser& inner) : inner_(inner) {}

  model::ActorId pick(const model::Situation& situation) override {
    compare(situation);
    remember(situation);
    return inner_.pick(situation);
  }
  std::uint32_t choose(model::ActorId actor, model::ChoiceKind kind, std::uint32_t count) override {
    return inner_.choose(actor, kind, count);
  }
  void taken(const model::Step& step) override {
    taken_by_ = step.actor;
    taken_.assign(step.footprint.begin(), step.footprint.end());
    ++steps_;
    inner_.taken(step);
  }
  void ended(const model::Situation& situation) override {
    compare(situation);
    inner_.ended(situation);
  }

  /// Empty if all was as supposed.
  const std::string& complaint() const { return complaint_; }
  std::size_t comparisons() const { return comparisons_; }

 private:
  using List = std::vector<model::Access>;
  struct Next {
    bool pending = false;
    bool enabled = false;
    List footprint;  // sorted
  };

  static Next next_of(const model::Situation& situation, model::ActorId actor) {
    Next next;
    next.pending = model::contains(situation.pending(), actor);
    next.enabled = model::contains(situation.enabled(), actor);
    if (!next.pending) return next;
    model::Footprint predicted;
    situation.predict(actor, predicted);
    next.footprint.assign(predicted.accesses().begin(), predicted.accesses().end());
    const auto key = [](const model::Access& access) {
      return std::pair(access.object, access.mode);
    };
    std::ranges::sort(next.footprint, {}, key);
    const auto rest = std::ranges::unique(next.footprint);
    next.footprint.erase(rest.begin(), rest.end());
    return next;
  }

  void remember(const model::Situation& situation) {
    before_.clear();
    for (model::ActorId actor = 0; actor < model::kActorsMax; ++actor)
      before_.push_back(next_of(situation, actor));
  }

  void compare(const model::Situation& situation) {
    if (taken_by_ == model::kNoActor || !complaint_.empty()) return;
    for (model::ActorId actor = 0; actor < model::kActorsMax; ++actor) {
      const Next& before = before_[actor];
      if (actor == taken_by_ || !before.pending) continue;
      ++comparisons_;
      const Next now = next_of(situation, actor);
      const bool conflicted = model::dependent(taken_, before.footprint);
      if (!conflicted && (now.footprint != before.footprint || now.enabled != before.enabled))
        complain("an independent step changed what another would do", actor);
      if (conflicted && !model::dependent(taken_, now.footprint))
        complain("after the first of two conflicting steps the second does not conflict", actor);
    }
  }

  void complain(std::string what, model::ActorId actor) {
    complaint_ = std::move(what) + ": step " + std::to_string(steps_ - 1) + " of actor " +
                 std::to_string(taken_by_) + ", next step of actor " + std::to_string(actor);
  }

  model::Chooser& inner_;
  std::vector<Next> before_;  // [actor], at the last pick
  model::ActorId taken_by_ = model::kNoActor;
  List taken_;
  std::size_t steps_ = 0;
  std::size_t comparisons_ = 0;
  std::string complaint_;
};

}  // namespace unswept::tests
