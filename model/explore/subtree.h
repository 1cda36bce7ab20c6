// model/explore/subtree.h: a part of a search tree that anybody can explore (internal).
//
// Everything that a search must know of the way to a node, and of what was explored
// there, to go on below it as the search would that came there first.  What it does
// not tell (clocks, forecasts) shows when the way is taken once more.
//
// Values; thread safety as usual.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "model/explore/choice_stack.h"
#include "model/explore/history.h"
#include "model/footprint.h"
#include "model/program.h"

namespace unswept::model {

/// The number of a node of a SearchTree.
using NodeId = std::uint64_t;
inline constexpr NodeId kNoNode = std::numeric_limits<NodeId>::max();

/// A step that need not be explored at a node, with all that it would touch, whatever its outcome.
struct SleepingStep {
  ActorId actor = kNoActor;
  std::vector<Access> footprint;
  bool operator==(const SleepingStep&) const = default;
};

/// The reversal of a race is left to the actor of its second step, which may go
/// first at the node before `earlier`.  There it would touch other things than it
/// did in the race; it is no way to begin with if some event behind the race,
/// independent of `earlier`, conflicts with those.
struct Reliance {
  EventIndex earlier;
  ActorId later;
  std::uint64_t events;  // there were, the race included
  bool operator==(const Reliance&) const = default;
};

/// A node on the way, and the step taken there.
struct WayStep {
  NodeId node = kNoNode;
  ActorSet enabled = 0;
  ActorSet asleep = 0;     // on arrival, or explored already
  ActorSet backtrack = 0;  // to be explored by anybody, those begun included
  ActorId picked = kNoActor;
  std::vector<Choice> choices;  // the outcome of the step
};

/// Everything below the last node of `way` that begins with a step of the actor picked there, with
/// the outcomes from `choices` on (in the order of ChoiceStack::advance(); none: with all
/// outcomes).  An empty way: the whole tree.
struct Subtree {
  std::vector<WayStep> way;
  std::vector<SleepingStep> asleep;  // at the last node
  std::vector<Access> begun;         // what the outcomes before `choices` touched
  std::vector<Reliance> reliances;
};

}  // namespace unswept::model
