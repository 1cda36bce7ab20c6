// model/explore/futures.h: what actors may yet touch, learnt from executions (internal).
//
// With it a node need not be left in every way: a set of actors with whose next steps nobody else's
// future conflicts is enough (a persistent set: Godefroid, Partial-Order Methods, LNCS 1032,
// chapter 4).  What no execution has shown is not known here, so this serves estimates, and no
// search that is to miss nothing.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

class Futures {
 public:
  explicit Futures(const Dependence& dependence) : dependence_(dependence) {}

  /// The actor's `ordinal`-th step touched that.
  void note(ActorId actor, std::uint32_t ordinal, std::span<const Access> step);

  /// Actors with whom it is enough to go on, and whose steps so far are counted in `taken`: a
  /// subset of the enabled ones, with as few as possible who are not in `asleep`.
  ActorSet enough(const Situation& situation, std::span<const std::uint32_t> taken,
                  ActorSet asleep);

 private:
  struct Use {
    ActorId actor;
    Mode mode;
    std::uint32_t last;  // the last of the actor's steps that did so
  };
  ActorSet in_the_way(std::span<const Access> step, std::span<const std::uint32_t> taken,
                      ActorSet others) const;
  ActorSet closed(ActorId first, ActorSet enabled, std::span<const std::uint32_t> taken) const;

  const Dependence dependence_;
  std::unordered_map<ObjectId, std::vector<Use>> uses_;  // looked up, never gone through
  std::vector<Footprint> next_;                          // [actor], of those enabled
};

}  // namespace unswept::model
