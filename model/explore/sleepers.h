// model/explore/sleepers.h: the sleep sets of a path (internal).
//
// An actor sleeps at a node when everything that begins with its step there was
// explored already.  It stays asleep below as long as only steps independent of
// its own are taken, and then its step's footprint stays what it was: so the
// footprint recorded when the step was explored is kept with it, over all the
// step's outcomes.
//
// One stack holds the sleepers of all nodes of the path: a node's own go on top
// when it is the last node.  Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

class Sleepers {
 public:
  /// Where a node's sleepers are.
  struct Mark {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t accesses_end = 0;    // of all footprints up to this node's
    std::uint32_t explored_begin = 0;  // of the footprint being collected at this node
    ActorSet set = 0;
  };

  explicit Sleepers(const Dependence& dependence) : dependence_(dependence) {}

  /// The sleepers of a new node on top of `above`, after a step with that
  /// footprint: those of `above` whose steps are independent of it.
  Mark after(const Mark& above, std::span<const Access> step);
  /// At the root.
  static Mark none() { return {}; }

  /// Calls visit(actor, footprint) for each sleeper of the node.
  template <class Visit>
  void visit(const Mark& node, Visit&& visit) const {
    for (std::uint32_t i = node.begin; i < node.end; ++i)
      visit(sleepers_[i].actor, footprint(sleepers_[i]));
  }

  /// Those of the node that sleep on after a step with that footprint.
  ActorSet undisturbed(const Mark& node, std::span<const Access> step) const;
  /// What the outcomes of the picked actor's step touch, as far as they have been explored at the
  /// node, which is the last one.
  std::span<const Access> being_explored(const Mark& node) const {
    return between(node.explored_begin, node.accesses_end);
  }

  /// Wakes those of the new node, which is the last one, that are not in `actors`.
  void keep(Mark& node, ActorSet actors);
  /// The node is the last one again: whatever lies behind it is dropped.
  void truncate(const Mark& node);
  /// One outcome of the picked actor's step has been explored.
  void explored(Mark& node, std::span<const Access> step);
  /// All of them have been.
  void put_to_sleep(Mark& node, ActorId actor);

 private:
  struct Sleeper {
    ActorId actor;
    std::uint32_t begin;
    std::uint32_t end;
  };
  std::span<const Access> footprint(const Sleeper& sleeper) const {
    return between(sleeper.begin, sleeper.end);
  }
  std::span<const Access> between(std::uint32_t begin, std::uint32_t end) const {
    return std::span(accesses_).subspan(begin, end - begin);
  }

  const Dependence dependence_;
  std::vector<Sleeper> sleepers_;
  std::vector<Access> accesses_;
};

}  // namespace unswept::model
