// model/explore/optimal.h: one execution per Mazurkiewicz trace, none in vain (internal).
//
// Optimal DPOR with wakeup trees: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A
// Foundation for Optimal Dynamic Partial Order Reduction", JACM 2017, algorithm 2,
// with these differences:
//   - a step may have several outcomes (choose()); all of them are explored below
//     the node where its actor was picked before the actor goes to sleep there;
//   - footprints depend on the state.  A race's second step may touch other things
//     once it comes first; where that is not certain, nothing is concluded from it;
//   - a blocking acquisition races with the acquisition before the release that
//     let it in, and a step that waits races as if it were taken;
//   - sequences are shortened to what wakes the sleepers;
//   - the prefix of an execution is replayed without looking at it again.
// docs/how-the-checker-works.md says why nothing is missed.
#pragma once

#include <span>
#include <vector>

#include "model/explore/choice_stack.h"
#include "model/explore/forecasts.h"
#include "model/explore/history.h"
#include "model/explore/search.h"
#include "model/explore/sequence.h"
#include "model/explore/sleepers.h"
#include "model/explore/wakeup_tree.h"

namespace unswept::model {

class OptimalSearch final : public Search {
 public:
  OptimalSearch(const Bounds& bounds, const Dependence& dependence);

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  void ended(const Situation& situation) override;
  std::size_t repeated() const override;
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override;
  std::uint64_t races() const override { return races_; }
  std::optional<double> explored_share() const override;
  /// Whether a sleeper was not woken.  Then what was explored need not be all.
  bool overslept() const { return overslept_; }

 private:
  /// The state before a step, and what is to be explored from there.
  struct Node {
    ActorSet enabled;
    std::uint64_t digest;
    ActorId picked;
    std::uint32_t choices_begin;
    Sleepers::Mark asleep;  // those whose step here was explored, before this node or at it
    Forecasts::Mark forecasts;
    WakeupTree::List branches;  // still to be explored; those of `picked` are being explored
    ActorSet fast_asleep;       // whom nobody has seen to it that they are woken
  };

  /// Two steps that may come in the other order.
  struct NotedRace {
    EventIndex earlier;
    ActorId later;
    EventIndex event;                  // of the later step; 0 if it only waits
    EventIndex behind;                 // ... behind this event
    std::uint32_t accesses_begin = 0;  // of a waiting step: what it would touch
    std::uint32_t accesses_end = 0;
    bool uncertain = false;  // whether the later step would touch something else, coming first
    bool possible = true;    // ... or could not be taken
    bool brief = false;      // ... after all that is independent of the race: try without
    bool forecast = false;   // whether `foreseen` is the forecast of the node before `earlier`
    std::vector<Access> foreseen = {};          // what it would touch
    std::vector<Access> relied_on = {};         // of steps to which its reversal was left
    std::vector<EventIndex> also_removed = {};  // further steps that it is to come before
  };

  ActorId pick_new(const Situation& situation);
  ActorId pick_in_probe(const Situation& situation);
  bool probing() const { return !to_probe_.empty(); }
  const NotedRace& probed() const { return noted_[to_probe_.back()]; }
  bool try_to_reverse(NotedRace& race);
  bool foresee(NotedRace& race);
  void end_probe();
  void look_further_back(std::size_t index);
  bool happens_before_later(EventIndex event, const NotedRace& race) const;
  ActorId free_choice(ActorSet awake) const;
  void follow(const Node& node);
  /// Looks at the state behind the last event.
  void arrive(const Situation& situation);
  void note_races(ActorId actor, std::span<const Access> footprint, bool waits);
  void reverse_races();
  void forget_races();
  bool may_meet_new_events(const NotedRace& race) const;
  void reverse(NotedRace& race);
  void build_sequence(const NotedRace& race);
  bool removed(const NotedRace& race, EventIndex event) const;
  std::span<const Access> footprint_of(const NotedRace& race) const;
  bool footprint_stays(const NotedRace& race) const;
  bool begins_with_a_sleeper(const NotedRace& race) const;
  std::span<const Choice> outcome(EventIndex event) const;
  bool touched_otherwise(const Node& node, std::span<const Access> step) const;
  void drop_impossible(WakeupTree::List& branches, ActorSet possible);
  Node& node_before(EventIndex event) { return nodes_[event - 1]; }
  const Node& node_before(EventIndex event) const { return nodes_[event - 1]; }

  const std::uint64_t steps_max_;
  const Dependence dependence_;
  std::vector<Node> nodes_;  // of the current path
  ChoiceStack choices_;
  History history_;
  Sleepers sleepers_;
  Forecasts forecasts_;
  Forecasts::Mark here_;  // the forecasts of the state that arrive() saw last
  WakeupTree wakeup_;
  WakeupTree::List guide_ = WakeupTree::kEmpty;  // the branches of the node to come
  std::vector<NotedRace> noted_;                 // on the current path
  std::size_t fresh_races_ = 0;                  // from here on: in the current execution
  std::vector<Access> noted_accesses_;
  Sequence sequence_;
  std::vector<std::size_t> to_probe_;  // races whose second step has to be looked at
  std::span<const Choice> probe_answers_;
  Footprint foreseen_;
  std::size_t shared_ = 0;  // steps that the last run had in common with the path
  bool whole_ = true;       // whether the last execution ended by itself
  std::size_t known_ = 0;   // nodes whose step an earlier execution took, with the same outcome
  std::uint64_t races_ = 0;
  bool overslept_ = false;
};

}  // namespace unswept::model
