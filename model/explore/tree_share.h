// model/explore/tree_share.h: how much of a shared tree has been explored (internal).
//
// As in model/explore/explored_share.h, every way on from a node weighs as much as its siblings, as
// far as they are known.  What begins with an actor's step at a node is explored, except for what
// nodes below it, those who explore there and outcomes that wait say they have not.
#pragma once

#include <map>
#include <span>

#include "model/explore/choice_stack.h"
#include "model/explore/explored_share.h"
#include "model/explore/shared_tree.h"

namespace unswept::model {

/// A step's outcomes that come before this one, and this one.
inline ExploredShare share_of_outcomes(std::span<const Choice> choices) {
  ExploredShare share;
  share.descend_through(choices);
  return share;
}

/// Of the whole tree.  REQUIRES: some node, and each behind its parent, as a SharedTree has them.
double explored_share(const std::map<NodeId, SharedNode>& nodes);

}  // namespace unswept::model
