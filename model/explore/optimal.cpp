#include "model/explore/optimal.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "model/explore/explored_share.h"
#include "model/explore/path_trace.h"
#include "model/explore/step_digest.h"

namespace unswept::model {
OptimalSearch::OptimalSearch(const Bounds& bounds, const Dependence& dependence)
    : steps_max_(bounds.steps.value_or(std::numeric_limits<std::uint64_t>::max())),
      dependence_(dependence),
      history_(dependence),
      sleepers_(dependence),
      forecasts_(dependence),
      wakeup_(dependence),
      sequence_(dependence) {}

std::size_t OptimalSearch::repeated() const {
  return std::min<std::size_t>(shared_, probing() ? probed().earlier - 1 : known_);
}

void OptimalSearch::begin(std::size_t kept) {
  // At known_ the node is there already, with its next outcome to be asked for.
  choices_.rewind(kept < nodes_.size() ? nodes_[kept].choices_begin : 0);
  steps_ = kept;
  replayed_ = probing() ? probed().earlier - 1 : known_;
  close_ = probing() ? Close::probe : Close::ended;
  if (!probing()) return;
  shared_ = probed().earlier - 1;
  build_sequence(probed());
}

ActorId OptimalSearch::pick(const Situation& situation) {
  if (divergence_) return kNoActor;
  if (probing() && steps_ + 1 >= probed().earlier) return pick_in_probe(situation);
  if (steps_ == nodes_.size()) return pick_new(situation);
  const Node& node = nodes_[steps_];
  if (node.enabled != situation.enabled()) return diverge("enabled actors");
  return node.picked;
}

ActorId OptimalSearch::pick_new(const Situation& situation) {
  if (steps_ >= steps_max_) {
    close_ = Close::cut;
    return kNoActor;
  }
  arrive(situation);
  Sleepers::Mark asleep = Sleepers::none();
  if (!nodes_.empty())
    asleep =
        sleepers_.after(nodes_.back().asleep, history_.footprint(static_cast<EventIndex>(steps_)));
  const ActorSet awake = situation.enabled() & ~asleep.set;
  drop_impossible(guide_, awake);
  if (awake == 0) {
    overslept_ = true;
    close_ = Close::blocked;
    return kNoActor;
  }
  const bool guided = guide_ != WakeupTree::kEmpty;
  const ActorId actor = guided ? wakeup_.branch(guide_).actor : free_choice(awake);
  // Sequences wake everybody, but with another outcome than was asked for they may fail to.
  const ActorSet fast_asleep =
      guided && !nodes_.empty() ? asleep.set & nodes_.back().fast_asleep : asleep.set;
  nodes_.push_back({situation.enabled(), 0, actor, static_cast<std::uint32_t>(choices_.position()),
                    asleep, here_, std::exchange(guide_, WakeupTree::kEmpty), fast_asleep});
  return actor;
}

/// The steps of the sequence one by one, and then a look at what the last would touch.
ActorId OptimalSearch::pick_in_probe(const Situation& situation) {
  const std::size_t at = steps_ + 1 - probed().earlier;
  noted_[to_probe_.back()].possible = false;
  if (at + 1 < sequence_.moves().size()) {
    const Move& move = sequence_[at];
    if (!contains(situation.enabled(), move.actor)) return kNoActor;  // somebody imposes an order
    probe_answers_ = move.outcome;
    return move.actor;
  }
  NotedRace& race = noted_[to_probe_.back()];
  race.possible = contains(situation.enabled(), race.later);
  if (contains(situation.pending(), race.later)) situation.predict(race.later, foreseen_);
  race.foreseen.assign(foreseen_.accesses().begin(), foreseen_.accesses().end());
  return kNoActor;
}

/// Going on first makes first counterexamples easier to read.
ActorId OptimalSearch::free_choice(ActorSet awake) const {
  const ActorId last = nodes_.empty() ? kNoActor : nodes_.back().picked;
  return last != kNoActor && contains(awake, last) ? last : lowest(awake);
}

std::uint32_t OptimalSearch::choose(ActorId, ChoiceKind kind, std::uint32_t count) {
  if (divergence_) return 0;
  if (probing() && steps_ + 1 >= probed().earlier && !probe_answers_.empty()) {
    const Choice asked = probe_answers_.front();
    probe_answers_ = probe_answers_.subspan(1);
    if (asked.kind == kind && asked.count == count) return asked.answer;
  } else if (const auto answer = choices_.answer(kind, count)) {
    return *answer;
  }
  diverge("question");
  return 0;
}

void OptimalSearch::taken(const Step& step) {
  if (divergence_) return;
  if (probing() && steps_ + 1 >= probed().earlier) {
    ++steps_;
    return;
  }
  Node& node = nodes_[steps_];
  const std::uint64_t digest = digest_of(step);
  if (probing() || steps_ < known_) {
    if (node.digest != digest) diverge("step");
  } else {
    node.digest = digest;
    note_races(step.actor, step.footprint, /*waits=*/false);
    history_.append(step.actor, step.footprint);
    if (node.branches != WakeupTree::kEmpty) {
      const auto mine = wakeup_.find(node.branches, step.actor,
                                     choices_.between(node.choices_begin, choices_.position()));
      if (mine != WakeupTree::kEmpty) guide_ = wakeup_.take_below(mine);
    }
  }
  ++steps_;
}

/// The branches that lead on from the step just taken at `node` are those of the next
/// node.  With another outcome than was asked for, they may still be what wakes sleepers.
void OptimalSearch::follow(const Node& node) {
  const auto outcome = choices_.between(node.choices_begin, choices_.position());
  const auto asked = wakeup_.find(node.branches, node.picked, outcome);
  if (asked != WakeupTree::kEmpty)
    guide_ = wakeup_.take_below(asked);
  else
    guide_ = wakeup_.copy_first_path(wakeup_.find(node.branches, node.picked));
}

void OptimalSearch::ended(const Situation& situation) {
  if (!divergence_ && !probing() && steps_ == nodes_.size()) arrive(situation);
}

/// An actor that waits has an order relative to the steps that touch what it waits
/// for, even if it is never let in, or let in by a later one.  So it races as soon
/// as it arrives, and again whenever such a step was taken.
void OptimalSearch::arrive(const Situation& situation) {
  const ActorSet pending = situation.pending();
  history_.born(pending);
  const auto event = static_cast<EventIndex>(steps_);
  if (event == 0)
    here_ = forecasts_.after({}, kNoActor, {}, situation);
  else
    here_ = forecasts_.after(nodes_.back().forecasts, nodes_.back().picked,
                             history_.footprint(event), situation);
  for (ActorSet rest = here_.fresh & pending & ~situation.enabled(); rest != 0; rest &= rest - 1)
    note_races(lowest(rest), *forecasts_.at(here_, lowest(rest)), /*waits=*/true);
}

void OptimalSearch::note_races(ActorId actor, std::span<const Access> footprint, bool waits) {
  const auto races = history_.races(actor, footprint);
  if (races.empty()) return;
  races_ += races.size();
  const auto behind = static_cast<EventIndex>(history_.size());
  NotedRace noted{0, actor, waits ? 0 : behind + 1, behind};
  if (waits) {
    noted.accesses_begin = static_cast<std::uint32_t>(noted_accesses_.size());
    noted_accesses_.insert(noted_accesses_.end(), footprint.begin(), footprint.end());
    noted.accesses_end = static_cast<std::uint32_t>(noted_accesses_.size());
  }
  for (const Race& race : races) {
    noted.earlier = race.earlier;
    noted_.push_back(noted);
  }
}

/// The execution is at its end: sees to it that the other order of its races is explored.
void OptimalSearch::reverse_races() {
  for (std::size_t i = 0; i < noted_.size(); ++i) {
    NotedRace& race = noted_[i];
    if (i >= fresh_races_)
      race.uncertain = !footprint_stays(race);
    else if (!may_meet_new_events(race))
      continue;
    if (begins_with_a_sleeper(race)) continue;
    race.brief = false;
    if (!try_to_reverse(race)) to_probe_.push_back(i);
  }
}

/// False if it takes a probe to know the sequence.
bool OptimalSearch::try_to_reverse(NotedRace& race) {
  build_sequence(race);
  if (race.uncertain) {
    if (!foresee(race)) return false;
    if (!contains(node_before(race.earlier).enabled, race.later)) return true;  // it still waits
  }
  reverse(race);
  return true;
}

/// Whether events that are new in this execution make it necessary to look at a race of an
/// earlier one again.  That is so if they might conflict with the second step as it is when
/// it comes first: they do not conflict with what it touched in the race, so that their
/// order would be found only now.  (What was seen in a probe is worth nothing any more when
/// other events are there.)  It is so too if they disturb what the race was left to.
bool OptimalSearch::may_meet_new_events(const NotedRace& race) const {
  for (auto event = static_cast<EventIndex>(known_ + 1); event <= history_.size(); ++event) {
    if (!race.uncertain && race.relied_on.empty()) return false;
    if (removed(race, event)) continue;
    const auto footprint = history_.footprint(event);
    if (race.uncertain && (!race.forecast || dependence_.dependent(race.foreseen, footprint)))
      return true;
    if (dependence_.dependent(race.relied_on, footprint)) return true;
  }
  return false;
}

/// Whether the forecasts tell what the race's second step touches when it comes first.
bool OptimalSearch::foresee(NotedRace& race) {
  race.forecast = false;
  if (sequence_.first_of(race.later) + 1 != sequence_.moves().size()) return false;
  // It was its actor's next step already at the node.
  const auto forecast = forecasts_.at(node_before(race.earlier).forecasts, race.later);
  const auto changed = [&](const Access& access) {
    return access.decides && !sequence_.spares(race.later, std::span(&access, 1));
  };
  if (!forecast || std::ranges::any_of(*forecast, changed)) return false;
  race.foreseen.assign(forecast->begin(), forecast->end());
  race.forecast = true;
  return true;
}

/// Let v be the events after `earlier` that do not depend on it, followed by the step
/// that races with it: that is the sequence.  Nothing has to be done if, at the node
/// before `earlier`, somebody sleeps with whom v may begin: what begins like that was
/// explored.
void OptimalSearch::reverse(NotedRace& race) {
  if (race.uncertain) sequence_.set_last_footprint(race.foreseen);
  Node& node = node_before(race.earlier);
  bool redundant = false;
  sequence_.need_nothing();
  sleepers_.visit(node.asleep, [&](ActorId actor, std::span<const Access> footprint) {
    redundant = redundant || sequence_.weakly_begins_with(actor, footprint);
    if (!redundant) sequence_.need_to_wake(actor, footprint);
  });
  if (!redundant) wakeup_.insert(node.branches, sequence_);
  race.relied_on.assign(sequence_.relied_on().begin(), sequence_.relied_on().end());
}

void OptimalSearch::end_probe() {
  const std::size_t index = to_probe_.back();
  NotedRace& race = noted_[index];
  to_probe_.pop_back();
  if (race.possible) {
    reverse(race);
  } else if (!race.brief) {
    // Something that came later may be what stands in its way.
    race.brief = true;
    if (!try_to_reverse(race)) to_probe_.push_back(index);
  } else {
    look_further_back(index);
  }
}

/// Without the race's first step the second has to wait.  What it waits for may have been
/// there earlier: it races with what took it away, as if it had come to wait there.
void OptimalSearch::look_further_back(std::size_t index) {
  const NotedRace race = noted_[index];
  const auto second = race.event != 0 ? race.event : race.behind + 1;
  ActorSet seen = set_of(race.later);
  for (EventIndex event = second - 1; event > 0; --event) {
    const ActorId actor = history_.actor(event);
    if (contains(seen, actor) || removed(race, event) ||
        !dependence_.dependent(race.foreseen, history_.footprint(event)) ||
        happens_before_later(event, race))
      continue;
    seen |= set_of(actor);
    NotedRace further = race;
    further.also_removed.push_back(std::max(event, race.earlier));
    std::ranges::sort(further.also_removed);
    further.earlier = std::min(event, race.earlier);
    further.brief = false;
    const auto same = [&](const NotedRace& other) {
      return other.earlier == further.earlier && other.also_removed == further.also_removed &&
             other.later == race.later && other.event == race.event && other.behind == race.behind;
    };
    if (std::ranges::any_of(noted_, same)) continue;
    noted_.push_back(further);
    if (begins_with_a_sleeper(further)) continue;
    if (!try_to_reverse(noted_.back())) to_probe_.push_back(noted_.size() - 1);
  }
}

/// Whether `event` happens before the step that comes before the race's second one.
bool OptimalSearch::happens_before_later(EventIndex event, const NotedRace& race) const {
  const EventIndex before =
      history_.last_before(race.event != 0 ? race.event : race.behind + 1, race.later);
  return before != 0 && history_.happens_before(event, before);
}

/// A quick look at the events alone.
bool OptimalSearch::begins_with_a_sleeper(const NotedRace& race) const {
  const ActorId racer = history_.actor(race.earlier);
  const Node& node = node_before(race.earlier);
  for (ActorSet rest = node.asleep.set; rest != 0; rest &= rest - 1) {
    const ActorId sleeper = lowest(rest);
    const EventIndex first = history_.first_after(race.earlier, sleeper);
    if (first == 0 || (race.event == 0 && sleeper == race.later && first > race.behind)) continue;
    if (removed(race, first)) continue;
    bool may_begin = true;
    for (ActorSet others = history_.actors() & ~set_of(racer) & ~set_of(sleeper);
         others != 0 && may_begin; others &= others - 1)
      may_begin = history_.clock(first, lowest(others)) <= race.earlier;
    if (may_begin) return true;
  }
  return false;
}

void OptimalSearch::build_sequence(const NotedRace& race) {
  sequence_.clear(whole_ && !race.brief && node_before(race.earlier).fast_asleep == 0);
  // A step that waits may have been let in later in this execution: that is another story.
  EventIndex let_in = race.event == 0 ? history_.first_after(race.behind, race.later) : 0;
  if (let_in == 0) let_in = std::numeric_limits<EventIndex>::max();
  const auto end = race.brief ? race.behind : static_cast<EventIndex>(history_.size());
  for (EventIndex event = race.earlier + 1; event <= end; ++event) {
    if (event == race.event || removed(race, event) || history_.clock(event, race.later) >= let_in)
      continue;
    sequence_.push({.actor = history_.actor(event),
                    .born = history_.born_by(event),
                    .outcome = outcome(event),
                    .footprint = history_.footprint(event)});
  }
  // With another footprint it may also be asked other questions.
  const bool any = race.event == 0 || race.uncertain;
  sequence_.push({.actor = race.later,
                  .any = any,
                  .outcome = any ? std::span<const Choice>{} : outcome(race.event),
                  .footprint = footprint_of(race)});
}

/// Whether the event is not there when the second step comes first: it is removed, or
/// depends on what is.
bool OptimalSearch::removed(const NotedRace& race, EventIndex event) const {
  const auto depends_on = [&](EventIndex gone) {
    return history_.clock(event, history_.actor(gone)) >= gone;
  };
  return depends_on(race.earlier) || std::ranges::any_of(race.also_removed, depends_on);
}

/// What the second step touched, or would have touched.
std::span<const Access> OptimalSearch::footprint_of(const NotedRace& race) const {
  if (race.event != 0) return history_.footprint(race.event);
  const std::size_t size = race.accesses_end - race.accesses_begin;
  return std::span(noted_accesses_).subspan(race.accesses_begin, size);
}

/// Whether the step touches the same when `earlier` and what depends on it is not there.
bool OptimalSearch::footprint_stays(const NotedRace& race) const {
  for (const Access& access : footprint_of(race)) {
    if (!access.decides) continue;
    for (EventIndex event = race.earlier; event <= race.behind; ++event)
      if (removed(race, event) &&
          dependence_.dependent(std::span(&access, 1), history_.footprint(event)))
        return false;
  }
  return true;
}

std::span<const Choice> OptimalSearch::outcome(EventIndex event) const {
  const std::size_t end = event < nodes_.size() ? nodes_[event].choices_begin : choices_.size();
  return choices_.between(nodes_[event - 1].choices_begin, end);
}

bool OptimalSearch::advance() {
  if (overslept_) return false;
  if (probing()) {
    end_probe();
  } else if (steps_ != nodes_.size()) {
    diverge("length");
    return false;
  } else {
    shared_ = nodes_.size();
    whole_ = close_ == Close::ended;
    reverse_races();
    wakeup_.clear(guide_);
  }
  if (probing()) return true;
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    const auto event = static_cast<EventIndex>(nodes_.size());
    known_ = nodes_.size() - 1;
    sleepers_.truncate(node.asleep);
    if (touched_otherwise(node, history_.footprint(event))) {
      overslept_ = true;
      return false;
    }
    sleepers_.explored(node.asleep, history_.footprint(event));
    history_.truncate(known_);
    if (choices_.advance(node.choices_begin)) break;
    sleepers_.put_to_sleep(node.asleep, node.picked);
    wakeup_.remove_all(node.branches, node.picked);
    drop_impossible(node.branches, node.enabled & ~node.asleep.set);
    if (node.branches != WakeupTree::kEmpty) {
      node.picked = wakeup_.branch(node.branches).actor;
      break;
    }
    nodes_.pop_back();
  }
  forget_races();
  return !nodes_.empty();
}

/// Whether an outcome of the step at the last node touched other things than those before it: then
/// it is not known whom the step wakes, as a whole.
bool OptimalSearch::touched_otherwise(const Node& node, std::span<const Access> step) const {
  const std::span<const Access> before = sleepers_.being_explored(node.asleep);
  const auto all_in = [](std::span<const Access> some, std::span<const Access> others) {
    return std::ranges::all_of(some, [&](const Access& access) {
      return std::ranges::find(others, access) != others.end();
    });
  };
  return node.asleep.explored_begin != node.asleep.accesses_end &&
         !(all_in(before, step) && all_in(step, before));
}

/// Drops races that are not on the path any more.
void OptimalSearch::forget_races() {
  const auto gone = [&](const NotedRace& race) {
    return (race.event != 0 ? race.event : race.behind) > known_;
  };
  std::erase_if(noted_, gone);
  std::uint32_t accesses = 0;
  for (const NotedRace& race : noted_) accesses = std::max(accesses, race.accesses_end);
  noted_accesses_.resize(accesses);
  fresh_races_ = noted_.size();
}

/// A step that was thought to come next may be redundant, or impossible, after all.
void OptimalSearch::drop_impossible(WakeupTree::List& branches, ActorSet possible) {
  while (branches != WakeupTree::kEmpty && !contains(possible, wakeup_.branch(branches).actor))
    wakeup_.remove(branches, branches);
}

/// Branches that are yet to be found are not counted: at first the share is too large.
std::optional<double> OptimalSearch::explored_share() const {
  ExploredShare share;
  ActorSet slept = 0;  // before anything was explored from the node
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (i > 0)
      slept = sleepers_.undisturbed(nodes_[i - 1].asleep,
                                    history_.footprint(static_cast<EventIndex>(i)));
    ActorSet to_do = set_of(node.picked);
    for (auto at = node.branches; at != WakeupTree::kEmpty; at = wakeup_.next(at))
      to_do |= set_of(wakeup_.branch(at).actor);
    share.descend_among(node.asleep.set & ~slept & ~to_do, to_do);
    share.descend_through(outcome(static_cast<EventIndex>(i + 1)));
  }
  return share.behind();
}

Trace OptimalSearch::trace() const { return trace_of_path(nodes_, choices_, steps_); }

}  // namespace unswept::model
