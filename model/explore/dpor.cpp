#include "model/explore/dpor.h"

#include <bit>
#include <limits>

#include "model/explore/path_trace.h"
#include "model/explore/step_digest.h"

namespace unswept::model {
namespace {

ActorId lowest(ActorSet set) { return static_cast<ActorId>(std::countr_zero(set)); }

}  // namespace

DporSearch::DporSearch(const Bounds& bounds, const Dependence& dependence)
    : steps_max_(bounds.steps.value_or(std::numeric_limits<std::uint64_t>::max())),
      history_(dependence),
      sleepers_(dependence) {}

void DporSearch::begin() {
  choices_.rewind();
  steps_ = 0;
  replayed_ = known_;
  close_ = Close::ended;
}

ActorId DporSearch::pick(const Situation& situation) {
  if (divergence_) return kNoActor;
  if (steps_ == nodes_.size()) return pick_new(situation);
  const Node& node = nodes_[steps_];
  if (node.enabled != situation.enabled()) return diverge("enabled actors");
  return node.picked;
}

ActorId DporSearch::pick_new(const Situation& situation) {
  if (steps_ >= steps_max_) {
    close_ = Close::cut;
    return kNoActor;
  }
  history_.born(situation.pending());
  const Sleepers::Mark asleep =
      nodes_.empty() ? Sleepers::none()
                     : sleepers_.after(nodes_.back().asleep,
                                       history_.footprint(static_cast<EventIndex>(steps_)));
  const ActorSet enabled = situation.enabled();
  const ActorSet awake = enabled & ~asleep.set;
  if (awake == 0) {
    close_ = Close::blocked;
    return kNoActor;
  }
  // Going on first makes first counterexamples easier to read.
  const ActorId last = nodes_.empty() ? kNoActor : nodes_.back().picked;
  const ActorId actor = last != kNoActor && contains(awake, last) ? last : lowest(awake);
  nodes_.push_back(
      {enabled, set_of(actor), 0, actor, static_cast<std::uint32_t>(choices_.position()), asleep});
  return actor;
}

std::uint32_t DporSearch::choose(ActorId, ChoiceKind kind, std::uint32_t count) {
  if (divergence_) return 0;
  if (const auto answer = choices_.answer(kind, count)) return *answer;
  diverge("question");
  return 0;
}

void DporSearch::taken(const Step& step) {
  if (divergence_) return;
  Node& node = nodes_[steps_];
  const std::uint64_t digest = digest_of(step);
  if (steps_ < known_) {
    if (node.digest != digest) diverge("step");
  } else {
    node.digest = digest;
    note_races(step.actor, step.footprint);
    history_.append(step.actor, step.footprint);
  }
  ++steps_;
}

/// Steps that are still to come when an execution ends have an order relative to
/// its events too.  What they would touch now is what they would touch then, or an
/// event in between conflicts with them.
void DporSearch::ended(const Situation& situation) {
  if (divergence_ || steps_ != nodes_.size()) return;
  const ActorSet pending = situation.pending();
  history_.born(pending);
  for (ActorSet rest = pending; rest != 0; rest &= rest - 1) {
    const ActorId actor = lowest(rest);
    situation.predict(actor, predicted_);
    note_races(actor, predicted_.accesses());
  }
}

void DporSearch::note_races(ActorId actor, std::span<const Access> footprint) {
  for (const Race& race : history_.races(actor, footprint)) {
    ++races_;
    add_reversal(race.earlier, actor);
  }
}

/// Sees to it that the order in which the step of `later` comes before `earlier`
/// is explored.  Let v be the events after `earlier` that do not depend on it,
/// followed by the step of `later`.  It is enough that, at the node before
/// `earlier`, some actor is explored (or sleeps) whose step may stand first in v.
void DporSearch::add_reversal(EventIndex earlier, ActorId later) {
  Node& node = nodes_[earlier - 1];
  ActorSet candidates = beginnings(earlier);
  const ActorSet others = candidates & ~set_of(later);
  if ((others & (node.backtrack | node.asleep.set)) != 0) return;
  if (!contains(candidates, later) && may_begin(node, earlier, later, others))
    candidates |= set_of(later);
  if ((candidates & (node.backtrack | node.asleep.set)) != 0) return;
  candidates &= node.enabled;
  if (contains(candidates, later))
    node.backtrack |= set_of(later);
  else if (candidates != 0)
    node.backtrack |= set_of(lowest(candidates));
  else
    node.backtrack |= node.enabled;  // the reversal begins in a way we do not see
}

/// Actors whose next event after `earlier` does not depend on it, nor on any other
/// such event: the ways in which v may begin, as far as they stand in the history.
ActorSet DporSearch::beginnings(EventIndex earlier) const {
  const ActorId racer = history_.actor(earlier);
  std::array<EventIndex, kActorsMax> first;
  ActorSet independent = 0;
  if (earlier == history_.size()) return 0;
  for (ActorSet rest = history_.actors() & ~set_of(racer); rest != 0; rest &= rest - 1) {
    const ActorId actor = lowest(rest);
    first[actor] = history_.first_after(earlier, actor);
    if (first[actor] != 0 && history_.clock(first[actor], racer) < earlier)
      independent |= set_of(actor);
  }
  ActorSet initial = 0;
  for (ActorSet rest = independent; rest != 0; rest &= rest - 1) {
    const ActorId actor = lowest(rest);
    bool is_first = true;
    for (ActorSet rivals = independent & ~set_of(actor); rivals != 0; rivals &= rivals - 1) {
      const ActorId rival = lowest(rivals);
      if (history_.clock(first[actor], rival) >= first[rival]) is_first = false;
    }
    if (is_first) initial |= set_of(actor);
  }
  return initial;
}

/// Whether the step of `later`, which has no event of its own in v before it, may
/// begin v.  Its footprint in the race was recorded after `earlier`, which may
/// have led it elsewhere; so it counts only if nothing else is in v, or if its
/// step at the node is known and independent of all that is.
bool DporSearch::may_begin(const Node& node, EventIndex earlier, ActorId later,
                           ActorSet others) const {
  if (others == 0) return true;
  if (!contains(node.asleep.set, later)) return false;
  if (history_.first_after(earlier, later) != 0) return false;
  const std::span<const Access> step = sleepers_.footprint(node.asleep, later);
  const ActorId racer = history_.actor(earlier);
  for (EventIndex event = earlier + 1; event <= history_.size(); ++event) {
    if (history_.clock(event, racer) >= earlier) continue;
    if (sleepers_.dependence().dependent(step, history_.footprint(event))) return false;
  }
  return true;
}

bool DporSearch::advance() {
  if (steps_ != nodes_.size()) {
    diverge("length");
    return false;
  }
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    const auto event = static_cast<EventIndex>(nodes_.size());
    known_ = nodes_.size() - 1;
    sleepers_.truncate(node.asleep);
    sleepers_.explored(node.asleep, history_.footprint(event));
    history_.truncate(known_);
    if (choices_.advance(node.choices_begin)) return true;
    sleepers_.put_to_sleep(node.asleep, node.picked);
    const ActorSet rest = node.backtrack & ~node.asleep.set;
    if (rest != 0) {
      node.picked = lowest(rest);
      return true;
    }
    nodes_.pop_back();
  }
  return false;
}

Trace DporSearch::trace() const { return trace_of_path(nodes_, choices_, steps_); }

ActorId DporSearch::diverge(const char* what) {
  divergence_ = Divergence{static_cast<std::size_t>(steps_), what, "as in an earlier execution",
                           "something else"};
  return kNoActor;
}

}  // namespace unswept::model
