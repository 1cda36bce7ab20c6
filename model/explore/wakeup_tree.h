// model/explore/wakeup_tree.h: what is still to be explored from a node (internal).
//
// A wakeup tree (Abdulla, Aronis, Jonsson, Sagonas, "Source Sets", JACM 2017,
// section 6) is an ordered tree of steps.  Each path from a node down to a leaf is
// a sequence that is to be run from there, after which the search is free.  The
// sequences were chosen such that whoever sleeps at the node has been woken when
// the sequence is at its end, so that no execution is given up half-way.
//
// Differences from the paper: a branch also says with which outcome its actor's
// step is to be taken; and a sequence leaves out what neither wakes a sleeper nor
// has to come before something that does.
//
// One WakeupTree holds the trees of all nodes of a path; a List is the branches
// of one node, first to be run first.  Branches are recycled, with their memory.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/explore/sequence.h"
#include "model/program.h"

namespace unswept::model {

class WakeupTree {
 public:
  using List = std::uint32_t;
  static constexpr List kEmpty = 0xffffffff;

  struct Branch {
    ActorId actor = kNoActor;
    bool any = false;  // with each of its outcomes; then it has nothing below
    List next = kEmpty;
    List below = kEmpty;
    std::vector<std::uint32_t> outcome;
    std::vector<Access> footprint;
  };

  explicit WakeupTree(const Dependence& dependence) : dependence_(dependence) {}

  /// Adds `sequence`, whose needs include the sleepers of the node, to the branches
  /// in `list`, unless what is there leads to an equivalent execution anyway.
  /// Consumes the sequence.  Returns whether a branch was added.
  bool insert(List& list, Sequence& sequence);

  const Branch& branch(List at) const { return branches_[at]; }
  List next(List at) const { return branches_[at].next; }
  /// The branch of `actor` with that outcome; kEmpty if there is none.
  List find(List list, ActorId actor, std::span<const Choice> outcome) const;
  /// The first branch of `actor`; kEmpty if there is none.
  List find(List list, ActorId actor) const;
  /// A copy of the first path down from below `at`, which may be kEmpty.
  List copy_first_path(List at);
  /// The branches below `at`, which has none any more.
  List take_below(List at);
  /// Removes the branch `at` of `list` with all that is below.
  void remove(List& list, List at);
  /// Removes all branches of `actor`.
  void remove_all(List& list, ActorId actor);
  void clear(List& list);

  /// Appends a branch at the end, as it is.  For reading a tree back.
  List append(List& list, Branch branch);

 private:
  List descend(List list, Sequence& sequence) const;
  List allocate();
  void release(List at);
  List& end_of(List& list);

  const Dependence dependence_;
  std::vector<Branch> branches_;
  List unused_ = kEmpty;
};

}  // namespace unswept::model
