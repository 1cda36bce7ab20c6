// model/explore/stateful.h: no state is explored twice (internal).
//
// Source-DPOR with sleep sets (Abdulla, Aronis, Jonsson, Sagonas, JACM 2017) that
// remembers which states it has explored completely:
//   - with each it keeps who slept there, so that what was not explored can be made
//     up for (Godefroid, Partial-Order Methods, LNCS 1032, section 6.3), and
//   - a summary: every use of an object that any execution below performs.  Where a
//     known state is reached again, the summary takes the place of the steps that are
//     not taken again: they race with the steps of the present path (Yang, Chen,
//     Gopalakrishnan, Kirby, Efficient Stateful DPOR, SPIN 2008).
// The DPOR below it differs from the published one in these points:
//   - a step may have several outcomes (choose()); all of them are explored below
//     the node where its actor was picked before the actor goes to sleep there;
//   - footprints depend on the state, so the actor of a race's second step counts
//     as a way to begin the reversal only as long as that is certain: Reliance;
//   - a blocking acquisition races with the acquisition before the release that
//     let it in, and a step that waits races as if it were taken.
// docs/how-the-checker-works.md says why nothing is missed.
#pragma once

#include <span>
#include <vector>

#include "model/explore/cache_gauge.h"
#include "model/explore/choice_stack.h"
#include "model/explore/forecasts.h"
#include "model/explore/history.h"
#include "model/explore/search.h"
#include "model/explore/sleepers.h"
#include "model/explore/state_table.h"

namespace unswept::model {

/// Ways to get it wrong, for tests of the tests.
struct StatefulFaults {
  bool no_summaries = false;   // what is below a known state races with nobody
  bool sleep_ignored = false;  // who slept there is not asked
  bool no_waiters = false;     // summaries leave out what waits
};

class StatefulSearch final : public Search {
 public:
  StatefulSearch(const Bounds& bounds, const Dependence& dependence, std::size_t memory_budget,
                 const StatefulFaults& faults = {});

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  void ended(const Situation& situation) override;
  std::size_t repeated() const override { return known_; }
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override;
  std::uint64_t races() const override { return races_; }
  std::optional<StateCacheFigures> state_cache() const override;

 private:
  /// The state before a step, and what has been and is to be explored from there.
  struct Node {
    ActorSet enabled;
    ActorSet backtrack;  // actors to explore, those already explored included
    std::uint64_t digest;
    ActorId picked;
    std::uint32_t choices_begin;
    Sleepers::Mark asleep;  // those whose step here was explored, before this node or at it
    Forecasts::Mark forecasts;
    Fingerprint state;  // while `summarised`
    ActorSet slept;     // asleep on arrival
    bool summarised;    // its row in below_ tells all that was explored below
    bool made_up_for;   // a known state: what is in `backtrack` is all that is missing
  };

  /// The reversal of a race is left to the actor of its second step, which may go
  /// first at the node before `earlier`.  There it would touch other things than it
  /// did in the race; it is no way to begin with if some event behind the race,
  /// independent of `earlier`, conflicts with those.
  struct Reliance {
    EventIndex earlier;
    ActorId later;
    std::size_t events;  // there were, the race included
  };

  ActorId pick_new(const Situation& situation);
  ActorId look_up(const Situation& situation, Node& node);
  ActorId go_on(Node& node, ActorSet awake);
  /// Looks at the state behind the last event.
  void arrive(const Situation& situation);
  void note_races(ActorId actor, std::span<const Access> footprint);
  void add_reversal(EventIndex earlier, ActorId later, std::span<const Access> footprint);
  static void add_one_of(ActorSet candidates, Node& node);
  ActorSet beginnings(EventIndex earlier) const;
  bool may_begin(EventIndex earlier, ActorId later, ActorSet others) const;
  bool conflicts_behind(EventIndex earlier, std::span<const Access> step) const;
  void review_reliances();
  ActorId diverge(const char* what);
  Node& node_before(EventIndex event) { return nodes_[event - 1]; }
  const Node& node_before(EventIndex event) const { return nodes_[event - 1]; }

  // Known states: stateful_join.cpp.
  /// The path has come to a known state: its future races with the path.
  void join(std::span<const std::uint64_t> summary);
  void add_possible_reversal(EventIndex earlier, ActorId later,
                             std::span<const std::uint64_t> summary);
  void review_reliances_at(std::span<const std::uint64_t> summary);
  /// Actors one of which must begin, if `later` comes before `earlier` at all.
  ActorSet ways_to_begin(EventIndex earlier, ActorId later, std::span<const std::uint64_t> summary);
  void summarise(std::size_t node, ActorId actor, std::span<const Access> footprint);
  void leave_last_node();

  const std::uint64_t steps_max_;
  const std::size_t memory_budget_;
  const StatefulFaults faults_;
  const Dependence dependence_;
  std::vector<Node> nodes_;  // of the current path
  ChoiceStack choices_;
  History history_;
  Sleepers sleepers_;
  Forecasts forecasts_;
  Forecasts::Mark here_;  // the forecasts of the state that arrive() saw last
  std::vector<Reliance> reliances_;
  std::size_t known_ = 0;  // nodes whose step an earlier execution took, with the same outcome
  std::uint64_t races_ = 0;

  AccessNumbers numbers_;
  Summaries summaries_;
  StateTable table_;
  CacheGauge gauge_;
  std::vector<Bits> below_;                // [node]: the uses by what was explored below
  std::vector<std::uint64_t> candidates_;  // of join(): pairs (earlier, later) seen
  std::uint64_t lookups_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t partial_hits_ = 0;
  bool full_ = false;
};

}  // namespace unswept::model
