// model/explore/explored_share.h: how much of its tree a depth-first search has behind it
// (internal).
//
// Every way on from a node weighs as much as its siblings, so a leaf weighs what chance a random
// probe has to end there (Knuth, "Estimating the efficiency of backtrack programs", 1975).  Leaves
// seen, divided by what they weigh together, estimate the leaves of the tree: the weighted
// backtrack estimator of Kilby, Slaney, Thiébaux, Walsh, "Estimating search tree size", AAAI 2006.
//
// One is made from the root to the end of the search's path whenever somebody asks; the search
// itself pays nothing.
#pragma once

#include <bit>
#include <cstddef>
#include <span>

#include "model/explore/choice_stack.h"

namespace unswept::model {

class ExploredShare {
 public:
  /// At the next node on the path, `done` of `ways` have been explored; one of the others is next.
  void descend(std::size_t done, std::size_t ways) {
    behind_ += present_ * static_cast<double>(done) / static_cast<double>(ways);
    present_ /= static_cast<double>(ways);
  }
  void descend_among(ActorSet done, ActorSet to_do) {
    const auto behind = static_cast<std::size_t>(std::popcount(done));
    descend(behind, behind + static_cast<std::size_t>(std::popcount(to_do)));
  }
  /// The step there has these answers to its questions: combinations are gone through in order.
  void descend_through(std::span<const Choice> answers) {
    for (const Choice& choice : answers)
      if (choice.count > 0) descend(choice.answer, choice.count);
  }

  /// Of the whole tree, as far as it is known; in [0, 1).
  double behind() const { return behind_; }
  /// Of the whole tree, what is below the last node.
  double present() const { return present_; }

 private:
  double behind_ = 0;
  double present_ = 1;
};

}  // namespace unswept::model
