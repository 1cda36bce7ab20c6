#include "model/explore/wakeup_tree.h"

#include <algorithm>
#include <utility>

namespace unswept::model {
namespace {

bool same_outcome(std::span<const std::uint32_t> answers, std::span<const Choice> outcome) {
  return std::ranges::equal(answers, outcome, {}, {}, &Choice::answer);
}

}  // namespace

bool WakeupTree::insert(List& list, Sequence& sequence) {
  List parent = kEmpty;  // the branches to look at are those of `list` first
  while (!sequence.empty()) {
    const List level = parent == kEmpty ? list : branches_[parent].below;
    const List into = descend(level, sequence);
    if (into == kEmpty) break;
    if (branches_[into].below == kEmpty) return false;  // a leaf: all that follows is explored
    parent = into;
  }
  if (sequence.empty()) return false;
  sequence.keep_needed();
  for (const Move& move : sequence.moves()) {
    const List added = allocate();
    Branch& branch = branches_[added];
    branch.actor = move.actor;
    branch.any = move.any;
    branch.footprint.assign(move.footprint.begin(), move.footprint.end());
    for (const Choice& choice : move.outcome) branch.outcome.push_back(choice.answer);
    end_of(parent == kEmpty ? list : branches_[parent].below) = added;
    parent = added;
  }
  return true;
}

/// The first of the branches in `list` with which the sequence may begin, or which
/// disturbs none of its steps.  Its step is taken out of the sequence.
WakeupTree::List WakeupTree::descend(List list, Sequence& sequence) const {
  for (List at = list; at != kEmpty; at = branches_[at].next) {
    const Branch& branch = branches_[at];
    const std::size_t own = sequence.first_of(branch.actor);
    if (own == Sequence::kNone) {
      if (sequence.leaves_alone(branch.footprint)) return at;
    } else if (sequence.may_begin(own)) {
      const Move& move = sequence[own];
      // The same step in the same state: with no outcome, it asks nothing.
      const bool same = branch.any || branch.outcome.empty() ||
                        (!move.any && same_outcome(branch.outcome, move.outcome));
      if (same) {
        sequence.erase(own);
        return at;
      }
      continue;  // an actor does not sleep before all its outcomes are explored
    }
    sequence.need_to_wake(branch.actor, branch.footprint);
  }
  return kEmpty;
}

WakeupTree::List WakeupTree::find(List list, ActorId actor, std::span<const Choice> outcome) const {
  for (List at = list; at != kEmpty; at = branches_[at].next)
    if (branches_[at].actor == actor && !branches_[at].any &&
        same_outcome(branches_[at].outcome, outcome))
      return at;
  return kEmpty;
}

WakeupTree::List WakeupTree::find(List list, ActorId actor) const {
  while (list != kEmpty && branches_[list].actor != actor) list = branches_[list].next;
  return list;
}

WakeupTree::List WakeupTree::copy_first_path(List at) {
  List copy = kEmpty;
  List parent = kEmpty;
  for (at = at == kEmpty ? at : branches_[at].below; at != kEmpty; at = branches_[at].below) {
    const List added = allocate();
    Branch& step = branches_[added];
    step = branches_[at];
    step.next = step.below = kEmpty;
    (parent == kEmpty ? copy : branches_[parent].below) = added;
    parent = added;
  }
  return copy;
}

WakeupTree::List WakeupTree::take_below(List at) {
  return std::exchange(branches_[at].below, kEmpty);
}

void WakeupTree::remove(List& list, List at) {
  List* link = &list;
  while (*link != at) link = &branches_[*link].next;
  *link = branches_[at].next;
  release(at);
}

void WakeupTree::remove_all(List& list, ActorId actor) {
  List* link = &list;
  while (*link != kEmpty) {
    const List at = *link;
    if (branches_[at].actor != actor) {
      link = &branches_[at].next;
      continue;
    }
    *link = branches_[at].next;
    release(at);
  }
}

void WakeupTree::clear(List& list) {
  while (list != kEmpty) {
    const List next = branches_[list].next;
    release(list);
    list = next;
  }
}

WakeupTree::List WakeupTree::append(List& list, Branch branch) {
  const List added = allocate();
  branches_[added] = std::move(branch);
  branches_[added].next = branches_[added].below = kEmpty;
  end_of(list) = added;
  return added;
}

WakeupTree::List WakeupTree::allocate() {
  if (unused_ == kEmpty) {
    branches_.emplace_back();
    return static_cast<List>(branches_.size() - 1);
  }
  const List at = std::exchange(unused_, branches_[unused_].next);
  branches_[at].next = kEmpty;
  return at;
}

void WakeupTree::release(List at) {
  clear(branches_[at].below);
  Branch& branch = branches_[at];
  branch.outcome.clear();
  branch.footprint.clear();
  branch.next = std::exchange(unused_, at);
}

WakeupTree::List& WakeupTree::end_of(List& list) {
  List* link = &list;
  while (*link != kEmpty) link = &branches_[*link].next;
  return *link;
}

}  // namespace unswept::model
