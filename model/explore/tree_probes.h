// model/explore/tree_probes.h: how large a tree of schedules is, by probing it (internal).
//
// The tree is that of a naive search within its bounds; or, `reduced`, that of sleep sets alone:
// from each node enough actors are tried (model/explore/futures.h) that are awake, lowest first,
// and those tried before sleep in what follows until a step conflicts with their own (Godefroid,
// Partial-Order Methods, LNCS 1032, chapter 5).  Every trace ends in exactly one leaf of it that is
// no blocked one, so its complete leaves are the executions of an optimal reduction, whatever the
// order of discovery.  (Where outcomes of one step touch different things, a few are counted more
// than once, as dpor runs them.)
//
// Both kinds of probes have the number of complete leaves as their expected value:
//   knuth()  one random way down; the product of the numbers of ways on (Knuth, "Estimating the
//            efficiency of backtrack programs", Math. Comp. 29, 1975).
//   chen()   one representative for all nodes of a stratum, level by level, with the weight of all
//            of them (Chen, "Heuristic sampling: a method for predicting the performance of tree
//            searching programs", SIAM J. Comput. 21, 1992).  A stratum is what tells best how
//            much is left: the level, the bounds used up, how far each actor is, how many sleep.
// A probe of chen() runs the program once per stratum; it is worth that where few ways lead to most
// leaves, which one way down hardly ever meets.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "model/dependence.h"
#include "model/explore/explore.h"
#include "model/explore/futures.h"
#include "model/explore/mix.h"
#include "model/explore/schedule_bounds.h"

namespace unswept::model {

/// What a probe says: complete leaves of the tree.  Ranges from 0 to 1e300 and more.
using Leaves = long double;

class TreeProbes {
 public:
  struct Options {
    Bounds bounds;  // those on steps, preemptions and delays
    bool reduced = false;
    Dependence dependence;
    std::uint64_t seed = 1;
  };

  TreeProbes(Program& program, const Options& options);

  /// Runs at random to find out what actors touch: before the first probe of a reduced tree.
  void learn();
  /// One random way down.
  Leaves knuth();
  /// One representative per stratum, with about `strata` of them on each level; nothing if `go_on`,
  /// asked before each run, said no.
  std::optional<Leaves> chen(std::uint32_t strata, const std::function<bool()>& go_on);

  /// Steps of the longest run so far.
  std::size_t depth_max() const { return depth_max_; }
  /// Whether a run broke a promise or deadlocked.
  bool violation() const { return violation_; }

 private:
  struct Sleeper {
    ActorId actor;
    std::vector<Access> footprint;
  };
  using Asleep = std::vector<Sleeper>;

  struct Answer {
    ActorId actor;
    std::uint32_t outcome;
    bool pick;
    auto operator<=>(const Answer&) const = default;
  };

  /// A node of the tree, together with the step that leads there.
  struct Node {
    std::vector<Answer> path;
    Leaves weight = 1;  // nodes it stands for
    Deviations spent;   // by the path
    ActorId last = kNoActor;
    Asleep asleep;                     // before the last step
    std::vector<std::uint32_t> steps;  // of each actor
  };

  class Walk;
  class Expansion;
  using StratumKey = std::uint64_t;
  struct Stratum {
    Leaves weight = 0;
    Node node;
  };
  using Level = std::map<StratumKey, Stratum>;
  using Levels = std::map<std::size_t, Level>;  // by the length of the path

  Leaves walk(bool reduced);
  ActorSet within_bounds(ActorSet enabled, ActorId last, const Deviations& spent) const;
  ActorSet ways_on(const Situation& situation, ActorId last, const Deviations& spent,
                   std::span<const std::uint32_t> taken, ActorSet asleep);
  void put_to_sleep(Asleep& asleep, ActorSet actors, const Situation& situation) const;
  void wake(Asleep& asleep, ActorId actor, std::span<const Access> step) const;
  void note(const Ending& ending);
  void note_length(const std::vector<std::uint32_t>& steps);
  StratumKey stratum(const Node& node, std::uint32_t strata) const;
  std::size_t shared_steps(const std::vector<Answer>& path) const;
  static std::vector<Stratum*> in_order(Level& level);
  Leaves expand(Node node, std::uint32_t strata, Levels& levels);
  void add_child(Level& level, Node child, std::uint32_t strata);

  Program& program_;
  const Options options_;
  const std::size_t steps_max_;
  const ScheduleBounds schedule_;
  Random random_;
  Futures futures_;
  std::size_t depth_max_ = 0;
  bool violation_ = false;
  std::vector<Answer> last_path_;       // of the program's last run, as far as it was prescribed
  std::vector<std::uint32_t> lengths_;  // of each actor, steps in the longest run of it so far
};

}  // namespace unswept::model
