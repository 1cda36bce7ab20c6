// model/explore/stateful.h: no state is explored twice (internal).
//
// DporSearch that remembers which states it has explored completely:
//   - with each it keeps who slept there, so that what was not explored can be made
//     up for (Godefroid, Partial-Order Methods, LNCS 1032, section 6.3), and
//   - a summary: every use of an object that any execution below performs.  Where a
//     known state is reached again, the summary takes the place of the steps that are
//     not taken again: they race with the steps of the present path (Yang, Chen,
//     Gopalakrishnan, Kirby, Efficient Stateful DPOR, SPIN 2008).
// docs/how-the-checker-works.md says why nothing is missed.
#pragma once

#include <span>
#include <vector>

#include "model/explore/cache_gauge.h"
#include "model/explore/dpor.h"
#include "model/explore/state_table.h"

namespace unswept::model {

/// Ways to get it wrong, for tests of the tests.
struct StatefulFaults {
  bool no_summaries = false;   // what is below a known state races with nobody
  bool sleep_ignored = false;  // who slept there is not asked
  bool no_waiters = false;     // summaries leave out what waits
};

class StatefulSearch final : public DporSearch {
 public:
  StatefulSearch(const Bounds& bounds, const Dependence& dependence, std::size_t memory_budget,
                 const StatefulFaults& faults = {});

  void begin(std::size_t kept) override;
  std::optional<StateCacheFigures> state_cache() const override;

 private:
  /// How the path came to a node.
  struct Arrival {
    Fingerprint state;  // while `summarised`
    ActorSet slept;     // asleep on arrival
    bool summarised;    // the node's row in below_ tells all that was explored below
  };

  ActorSet enter(const Situation& situation, Node& node) override;
  void used(std::size_t node, ActorId actor, std::span<const Access> footprint) override;
  void waited(std::size_t node, ActorId actor, std::span<const Access> footprint) override;
  void cut_off() override { arrivals_[nodes_.size() - 1].summarised = false; }
  void leave() override;
  void shared_up_to(std::size_t nodes) override;
  ActorSet look_up(const Situation& situation, Node& node);

  // Known states: stateful_join.cpp.
  /// The path has come to a known state: its future races with the path.
  void join(std::span<const std::uint64_t> summary);
  void add_possible_reversal(EventIndex earlier, ActorId later,
                             std::span<const std::uint64_t> summary);
  void review_reliances_at(std::span<const std::uint64_t> summary);
  /// Actors one of which must begin, if `later` comes before `earlier` at all.
  ActorSet ways_to_begin(EventIndex earlier, ActorId later, std::span<const std::uint64_t> summary);

  const std::size_t memory_budget_;
  const StatefulFaults faults_;
  AccessNumbers numbers_;
  Summaries summaries_;
  StateTable table_;
  CacheGauge gauge_;
  std::vector<Arrival> arrivals_;          // [node]
  std::vector<Bits> below_;                // [node]: the uses by what was explored below
  std::vector<std::uint64_t> candidates_;  // of join(): pairs (earlier, later) seen
  std::uint64_t lookups_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t partial_hits_ = 0;
  bool full_ = false;
};

}  // namespace unswept::model
