#include "model/explore/naive.h"

#include <limits>

#include "model/explore/explored_share.h"
#include "model/explore/path_trace.h"
#include "model/explore/step_digest.h"

namespace unswept::model {
NaiveSearch::NaiveSearch(const Bounds& bounds)
    : steps_max_(bounds.steps.value_or(std::numeric_limits<std::uint64_t>::max())),
      schedule_(bounds) {}

void NaiveSearch::begin(std::size_t kept) {
  // At known_ itself the node is there already, with its next outcome to be asked for.
  choices_.rewind(kept < frames_.size() ? frames_[kept].choices_begin : 0);
  steps_ = kept;
  replayed_ = known_;
  close_ = Close::ended;
}

ActorId NaiveSearch::pick(const Situation& situation) {
  const ActorSet enabled = situation.enabled();
  if (divergence_) return kNoActor;
  if (steps_ == frames_.size()) return pick_new(enabled);
  const Frame& frame = frames_[steps_];
  if (frame.enabled != enabled) return diverge("enabled actors");
  return frame.picked;
}

ActorId NaiveSearch::pick_new(ActorSet enabled) {
  if (steps_ >= steps_max_) {
    close_ = Close::cut;
    return kNoActor;
  }
  const ActorId last = frames_.empty() ? kNoActor : frames_.back().picked;
  Deviations spent;
  ActorSet candidates = enabled;
  if (!schedule_.unbounded()) {
    spent = spent_behind();
    candidates = schedule_.allowed(enabled, last, spent, bounds_hit_);
  }
  // Going on first makes first counterexamples easier to read.
  const ActorId actor = last != kNoActor && contains(candidates, last) ? last : lowest(candidates);
  frames_.push_back({enabled, candidates & ~set_of(actor), 0, actor,
                     static_cast<std::uint32_t>(choices_.position()), spent});
  return actor;
}

Deviations NaiveSearch::spent_behind() const {
  if (frames_.empty()) return {};
  const Frame& frame = frames_.back();
  return ScheduleBounds::after(frame.enabled, last_before(frames_.size() - 1), frame.picked,
                               frame.spent);
}

/// Those that were to be tried at the frame when the path came there.
ActorSet NaiveSearch::allowed_at(std::size_t index) const {
  BoundsHit ignored;
  const Frame& frame = frames_[index];
  return schedule_.allowed(frame.enabled, last_before(index), frame.spent, ignored);
}

std::uint32_t NaiveSearch::choose(ActorId, ChoiceKind kind, std::uint32_t count) {
  if (divergence_) return 0;
  if (const auto answer = choices_.answer(kind, count)) return *answer;
  diverge("question");
  return 0;
}

void NaiveSearch::taken(const Step& step) {
  if (divergence_) return;
  Frame& frame = frames_[steps_];
  const std::uint64_t digest = digest_of(step);
  if (steps_ >= known_) {
    way_is_new_ = false;
    frame.digest = digest;
  } else if (way_is_new_) {
    frame.digest = digest;
  } else if (frame.digest != digest) {
    diverge("step");
  }
  ++steps_;
}

bool NaiveSearch::advance() {
  if (steps_ != frames_.size()) {
    diverge("length");
    return false;
  }
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    known_ = frames_.size() - 1;
    if (choices_.advance(frame.choices_begin)) return true;
    if (frames_.size() == shared()) return false;  // the rest is for whoever asks the tree
    if (frame.remaining != 0) {
      frame.picked = lowest(frame.remaining);
      frame.remaining &= frame.remaining - 1;
      return true;
    }
    frames_.pop_back();
  }
  return false;
}

double NaiveSearch::share_below(std::size_t begin) const {
  ExploredShare share;
  for (std::size_t i = begin; i < frames_.size(); ++i) {
    const ActorSet to_do = frames_[i].remaining | set_of(frames_[i].picked);
    share.descend_among(allowed_at(i) & ~to_do, to_do);
    share.descend_through(choices_.between(frames_[i].choices_begin, choices_end(i)));
  }
  return share.behind();
}

void NaiveSearch::describe(std::size_t index, PublishedNode& node) {
  Frame& frame = frames_[index];
  node.enabled = frame.enabled;
  node.backtrack = allowed_at(index);
  const ActorSet tried = node.backtrack & ~frame.remaining & ~set_of(frame.picked);
  for (ActorSet rest = tried; rest != 0; rest &= rest - 1)
    node.asleep.push_back({lowest(rest), {}});
  frame.remaining = 0;
}

void NaiveSearch::take_way(const Subtree& subtree) {
  frames_.clear();
  for (const WayStep& step : subtree.way) {
    const Deviations spent = spent_behind();
    frames_.push_back(
        {step.enabled, 0, 0, step.picked, static_cast<std::uint32_t>(choices_.size()), spent});
    choices_.append(step.choices);
  }
}

Trace NaiveSearch::trace() const { return trace_of_path(frames_, choices_, steps_); }

}  // namespace unswept::model
