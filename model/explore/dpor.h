// model/explore/dpor.h: one execution per Mazurkiewicz trace (internal).
//
// Source-DPOR: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for
// Optimal Dynamic Partial Order Reduction", JACM 2017, algorithm 1, with these
// differences:
//   - a step may have several outcomes (choose()); all of them are explored below
//     the node where its actor was picked before the actor goes to sleep there;
//   - footprints depend on the state, so the actor of a race's second step counts
//     as a way to begin the reversal only as long as that is certain: Reliance;
//   - a blocking acquisition races with the acquisition before the release that
//     let it in, and a step that waits races as if it were taken;
//   - the prefix of an execution is replayed without looking at it again;
//   - the upper nodes of the path may be shared with other searches: tree_search.h.
// docs/how-the-checker-works.md says why nothing is missed.
#pragma once

#include <span>
#include <vector>

#include "model/explore/forecasts.h"
#include "model/explore/history.h"
#include "model/explore/sleepers.h"
#include "model/explore/tree_search.h"

namespace unswept::model {

class DporSearch : public TreeSearch {
 public:
  DporSearch(const Bounds& bounds, const Dependence& dependence);

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  void ended(const Situation& situation) override;
  std::size_t repeated() const override { return known_; }
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override;
  std::uint64_t races() const override { return races_; }

 protected:
  /// The state before a step, and what has been and is to be explored from there.
  struct Node {
    ActorSet enabled;
    /// Actors to explore, those already explored included; for a shared node the tree knows more.
    ActorSet backtrack;
    std::uint64_t digest;
    ActorId picked;
    std::uint32_t choices_begin;
    Sleepers::Mark asleep;  // those whose step here was explored, before this node or at it
    Forecasts::Mark forecasts;
    bool made_up_for = false;  // what is in `backtrack` is all that is missing here
  };

  // What a search that remembers states does besides (StatefulSearch).

  /// A node is about to be added to the path.  Which of those awake are to go first there;
  /// none, with close_ set, gives the execution up.
  virtual ActorSet enter(const Situation& situation, Node& node);
  /// Behind node number `node`, `actor` took a step that touched that.
  virtual void used(std::size_t node, ActorId actor, std::span<const Access> footprint);
  /// ... or waits to take it.
  virtual void waited(std::size_t node, ActorId actor, std::span<const Access> footprint);
  /// A bound cut off what is behind the last node.
  virtual void cut_off() {}
  /// Everything behind the last node was explored; it is about to be taken off the path.
  virtual void leave() {}

  ActorId pick_new(const Situation& situation);
  /// Looks at the state behind the last event.
  void arrive(const Situation& situation);
  /// ... to which others came before.
  void arrive_again(const Situation& situation);
  void forecast(const Situation& situation);
  void note_races(ActorId actor, std::span<const Access> footprint);
  void add_reversal(EventIndex earlier, ActorId later, std::span<const Access> footprint);
  void add_one_of(ActorSet candidates, Node& node, ActorSet unless);
  void add(ActorSet added, Node& node, ActorSet unless);
  ActorSet beginnings(EventIndex earlier) const;
  bool may_begin(EventIndex earlier, ActorId later, ActorSet others) const;
  bool conflicts_behind(EventIndex earlier, std::span<const Access> step) const;
  void review_reliances();
  Node& node_before(EventIndex event) { return nodes_[event - 1]; }
  const Node& node_before(EventIndex event) const { return nodes_[event - 1]; }

  // dpor_sharing.cpp
  std::size_t path_size() const override { return nodes_.size(); }
  PickedStep picked_at(std::size_t index) const override {
    return {nodes_[index].picked, nodes_[index].choices_begin};
  }
  bool has_waiting(std::size_t index) const override;
  bool can_be_told(std::size_t index) const override { return !nodes_[index].made_up_for; }
  void describe(std::size_t index, PublishedNode& published) override;
  std::vector<Access> footprint_explored(std::size_t index) const override;
  std::vector<Access> footprint_so_far(std::size_t index) const override;
  double share_below(std::size_t begin) const override;
  void take_way(const Subtree& subtree) override;
  void drop_path() override { nodes_.clear(); }
  ActorSet slept_on_arrival(std::size_t index) const;

  const std::uint64_t steps_max_;
  const Dependence dependence_;
  std::vector<Node> nodes_;  // of the current path
  History history_;
  Sleepers sleepers_;
  Forecasts forecasts_;
  Forecasts::Mark here_;  // the forecasts of the state that arrive() saw last
  std::vector<Reliance> reliances_;
  std::uint64_t races_ = 0;
};

}  // namespace unswept::model
