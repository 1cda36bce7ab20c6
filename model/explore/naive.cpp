#include "model/explore/naive.h"

#include <bit>
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
    if (!frames_.empty()) {
      const ActorId earlier = frames_.size() > 1 ? frames_[frames_.size() - 2].picked : kNoActor;
      spent = ScheduleBounds::after(frames_.back().enabled, earlier, last, frames_.back().spent);
    }
    candidates = schedule_.allowed(enabled, last, spent, bounds_hit_);
  }
  // Going on first makes first counterexamples easier to read.
  const ActorId actor = last != kNoActor && contains(candidates, last) ? last : lowest(candidates);
  frames_.push_back({enabled, candidates & ~set_of(actor), 0, actor,
                     static_cast<std::uint32_t>(choices_.position()), spent});
  return actor;
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
  if (steps_ >= known_)
    frame.digest = digest;
  else if (frame.digest != digest)
    diverge("step");
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
    if (frame.remaining != 0) {
      frame.picked = lowest(frame.remaining);
      frame.remaining &= frame.remaining - 1;
      return true;
    }
    frames_.pop_back();
  }
  return false;
}

std::optional<double> NaiveSearch::explored_share() const {
  ExploredShare share;
  BoundsHit ignored;
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    const Frame& frame = frames_[i];
    const ActorSet to_do = frame.remaining | set_of(frame.picked);
    const ActorSet all = schedule_.allowed(frame.enabled, last_before(i), frame.spent, ignored);
    share.descend_among(all & ~to_do, to_do);
    share.descend_through(choices_.between(frame.choices_begin, i + 1 < frames_.size()
                                                                    ? frames_[i + 1].choices_begin
                                                                    : choices_.size()));
  }
  return share.behind();
}

Trace NaiveSearch::trace() const { return trace_of_path(frames_, choices_, steps_); }

}  // namespace unswept::model
