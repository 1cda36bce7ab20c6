#include "model/explore/dpor.h"

#include <algorithm>
#include <limits>

#include "model/explore/explored_share.h"
#include "model/explore/path_trace.h"
#include "model/explore/step_digest.h"

namespace unswept::model {

DporSearch::DporSearch(const Bounds& bounds, const Dependence& dependence)
    : steps_max_(bounds.steps.value_or(std::numeric_limits<std::uint64_t>::max())),
      dependence_(dependence),
      history_(dependence),
      sleepers_(dependence),
      forecasts_(dependence) {}

void DporSearch::begin(std::size_t kept) {
  // At known_ itself the node is there already, with its next outcome to be asked for.
  choices_.rewind(kept < nodes_.size() ? nodes_[kept].choices_begin : 0);
  steps_ = kept;
  replayed_ = known_;
  close_ = Close::ended;
}

ActorId DporSearch::pick(const Situation& situation) {
  if (divergence_) return kNoActor;
  if (steps_ == nodes_.size()) return pick_new(situation);
  const Node& node = nodes_[steps_];
  if (node.enabled != situation.enabled()) return diverge("enabled actors");
  if (way_is_new_) arrive_again(situation);
  return node.picked;
}

ActorId DporSearch::pick_new(const Situation& situation) {
  if (steps_ >= steps_max_) {
    if (!nodes_.empty()) cut_off();
    close_ = Close::cut;
    return kNoActor;
  }
  arrive(situation);
  Node node{};
  node.enabled = situation.enabled();
  node.forecasts = here_;
  if (!nodes_.empty())
    node.asleep =
        sleepers_.after(nodes_.back().asleep, history_.footprint(static_cast<EventIndex>(steps_)));
  if ((node.enabled & ~node.asleep.set) == 0) {
    close_ = Close::blocked;
    return kNoActor;
  }
  const ActorSet first = enter(situation, node);
  if (first == 0) return kNoActor;
  // Going on first makes first counterexamples easier to read.
  const ActorId last = nodes_.empty() ? kNoActor : nodes_.back().picked;
  node.picked = last != kNoActor && contains(first, last) ? last : lowest(first);
  node.backtrack |= set_of(node.picked);
  node.choices_begin = static_cast<std::uint32_t>(choices_.position());
  nodes_.push_back(node);
  return node.picked;
}

ActorSet DporSearch::enter(const Situation&, Node& node) { return node.enabled & ~node.asleep.set; }

void DporSearch::used(std::size_t, ActorId, std::span<const Access>) {}

void DporSearch::waited(std::size_t, ActorId, std::span<const Access>) {}

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
  if (steps_ < known_ && way_is_new_) {
    node.digest = digest;
    (void)history_.races(step.actor, step.footprint);
    history_.append(step.actor, step.footprint);
  } else if (steps_ < known_) {
    if (node.digest != digest) diverge("step");
  } else {
    way_is_new_ = false;
    node.digest = digest;
    note_races(step.actor, step.footprint);
    history_.append(step.actor, step.footprint);
    review_reliances();
    used(steps_, step.actor, step.footprint);
  }
  ++steps_;
}

void DporSearch::ended(const Situation& situation) {
  if (!divergence_ && steps_ == nodes_.size()) arrive(situation);
}

/// An actor that waits has an order relative to the steps that touch what it waits
/// for, even if it is never let in, or let in by a later one.  So it races as soon
/// as it arrives, and again whenever such a step was taken.
void DporSearch::arrive(const Situation& situation) {
  forecast(situation);
  const ActorSet pending = situation.pending();
  const auto event = static_cast<EventIndex>(steps_);
  for (ActorSet rest = here_.fresh & pending & ~situation.enabled(); rest != 0; rest &= rest - 1) {
    const auto footprint = *forecasts_.at(here_, lowest(rest));
    note_races(lowest(rest), footprint);
    if (event != 0) waited(event - 1, lowest(rest), footprint);
  }
}

void DporSearch::arrive_again(const Situation& situation) {
  forecast(situation);
  nodes_[steps_].forecasts = here_;
}

void DporSearch::forecast(const Situation& situation) {
  history_.born(situation.pending());
  if (steps_ == 0) {
    here_ = forecasts_.after({}, kNoActor, {}, situation);
    return;
  }
  const Node& above = nodes_[steps_ - 1];
  here_ = forecasts_.after(above.forecasts, above.picked,
                           history_.footprint(static_cast<EventIndex>(steps_)), situation);
}

void DporSearch::note_races(ActorId actor, std::span<const Access> footprint) {
  for (const Race& race : history_.races(actor, footprint)) {
    ++races_;
    add_reversal(race.earlier, actor, footprint);
  }
}

/// Sees to it that the order in which the step of `later` comes before `earlier`
/// is explored.  Let v be the events after `earlier` that do not depend on it,
/// followed by the step of `later`.  It is enough that, at the node before
/// `earlier`, some actor is explored (or sleeps) whose step may stand first in v.
void DporSearch::add_reversal(EventIndex earlier, ActorId later,
                              std::span<const Access> footprint) {
  Node& node = node_before(earlier);
  if (node.made_up_for) return;
  const ActorSet candidates = beginnings(earlier);
  if ((candidates & (node.backtrack | node.asleep.set)) != 0) return;
  if (may_begin(earlier, later, candidates)) {
    const auto step = forecasts_.at(node.forecasts, later);
    const bool certain = step && std::ranges::all_of(*step, [&](const Access& access) {
                           return std::ranges::find(footprint, access) != footprint.end();
                         });
    if (!certain) reliances_.push_back({earlier, later, history_.size() + 1});
    add(set_of(later), node, candidates);
  } else {
    add_one_of(contains(candidates, later) ? set_of(later) : candidates, node, candidates);
  }
}

/// Ways to begin can be taken, by what v is.  Only an order that somebody imposes on the
/// program may rule them out, and then there is nothing to explore.
void DporSearch::add_one_of(ActorSet candidates, Node& node, ActorSet unless) {
  candidates &= node.enabled;
  if (candidates != 0) add(set_of(lowest(candidates)), node, unless);
}

/// Nothing of `unless` is to be explored at the node, as far as is known here; others may know
/// more.
void DporSearch::add(ActorSet added, Node& node, ActorSet unless) {
  const auto index = static_cast<std::size_t>(&node - nodes_.data());
  node.backtrack |=
      index < shared() ? tree_->extend(shared_nodes_[index], unless, added) : added & node.enabled;
}

/// An event was added.  Does it still hold what reliances rely on?  One that failed is kept, for
/// the executions that go another way from its race on.
void DporSearch::review_reliances() {
  const auto event = static_cast<EventIndex>(history_.size());
  for (const Reliance& reliance : reliances_) {
    const ActorId racer = history_.actor(reliance.earlier);
    if (history_.clock(event, racer) >= reliance.earlier) continue;
    Node& node = node_before(reliance.earlier);
    const auto step = forecasts_.at(node.forecasts, reliance.later);
    // Without a forecast it may conflict.
    if (step && !dependence_.dependent(*step, history_.footprint(event))) continue;
    const ActorSet candidates = beginnings(reliance.earlier);
    if ((candidates & node.backtrack) == 0) add_one_of(candidates, node, candidates);
  }
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

/// Whether the step of `later` may itself begin v.  Its footprint in the race was
/// recorded after `earlier`, which may have led it elsewhere; so what counts is the
/// forecast at the node, unless nothing else is in v.
bool DporSearch::may_begin(EventIndex earlier, ActorId later, ActorSet others) const {
  if (others == 0) return true;
  if (history_.first_after(earlier, later) != 0) return false;
  const auto step = forecasts_.at(node_before(earlier).forecasts, later);
  return step && !conflicts_behind(earlier, *step);
}

/// Whether `step` conflicts with an event after `earlier` that is independent of it.
bool DporSearch::conflicts_behind(EventIndex earlier, std::span<const Access> step) const {
  const ActorId racer = history_.actor(earlier);
  for (EventIndex event = earlier + 1; event <= history_.size(); ++event)
    if (history_.clock(event, racer) < earlier &&
        dependence_.dependent(step, history_.footprint(event)))
      return true;
  return false;
}

bool DporSearch::advance() {
  if (steps_ != nodes_.size()) {
    diverge("length");
    return false;
  }
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    const auto event = static_cast<EventIndex>(nodes_.size());
    const bool others_know = nodes_.size() == shared();
    known_ = nodes_.size() - 1;
    const bool more_outcomes = choices_.advance(node.choices_begin);
    const ActorSet rest = node.backtrack & ~node.asleep.set & ~set_of(node.picked);
    // In what is left for good nobody needs to sleep.
    if (more_outcomes || others_know || rest != 0) {
      sleepers_.truncate(node.asleep);
      sleepers_.explored(node.asleep, history_.footprint(event));
    }
    history_.truncate(known_);
    while (!reliances_.empty() && reliances_.back().events > known_) reliances_.pop_back();
    if (more_outcomes) return true;
    if (others_know) return false;  // the rest is for whoever asks the tree
    if (rest != 0) {
      sleepers_.put_to_sleep(node.asleep, node.picked);
      node.picked = lowest(rest);
      return true;
    }
    leave();
    nodes_.pop_back();
  }
  return false;
}

/// Backtrack points that are yet to be found are not counted: at first the share is too large.
double DporSearch::share_below(std::size_t begin) const {
  ExploredShare share;
  for (std::size_t i = begin; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const ActorSet done = node.asleep.set & ~slept_on_arrival(i);
    share.descend_among(done, (node.backtrack & ~node.asleep.set) | set_of(node.picked));
    share.descend_through(choices_.between(node.choices_begin, choices_end(i)));
  }
  return share.behind();
}

/// Those that slept at a node of the path before anything was explored from it.
ActorSet DporSearch::slept_on_arrival(std::size_t index) const {
  if (index == 0) return 0;
  return sleepers_.undisturbed(nodes_[index - 1].asleep,
                               history_.footprint(static_cast<EventIndex>(index)));
}

Trace DporSearch::trace() const { return trace_of_path(nodes_, choices_, steps_); }

}  // namespace unswept::model
