// How a run begins in the middle of the last one.
#include <algorithm>
#include <utility>

#include "sim/actor.h"
#include "sim/sanitizers.h"

namespace unswept::sim {

using model::ActorId;
using model::ActorSet;

std::size_t Scheduler::rewind(std::size_t steps) {
  kept_ = copying_ ? rewind_by_copies(steps) : rewind_by_repeating(steps);
  if (steps != 0) recording_ = true;
  if (kept_ != 0 && describing_) descriptions_.resize(kept_);
  return kept_;
}

void Scheduler::forget_last_run() {
  tape_.clear();
  moments_.clear();
  descriptions_.clear();
  kept_ = 0;
  repeating_ = false;
  put_back_ = false;
}

// --- by repeating ----------------------------------------------------------------------

std::size_t Scheduler::rewind_by_repeating(std::size_t steps) {
  if (tape_.size() == 0 || (describing_ && descriptions_.size() != tape_.size())) return 0;
  const std::size_t kept = std::min(steps, tape_.size() - 1);
  if (kept == 0) return 0;
  log_.rollback(tape_[kept].before);
  tape_.truncate(kept);
  tape_.answers().tell_from_start();
  repeating_ = true;
  return kept;
}

// --- by copies of stacks ---------------------------------------------------------------

// A monitor wants to hear again of the points that actors passed.
bool Scheduler::stacks_say_all() const {
  return sanitizers::kStacksMayBePutBack && all_keep_to_stacks_ && monitor_ == nullptr;
}

// On the main fiber, to which they switched for it.
void Scheduler::copy_stacks_of_paused() {
  while (paused_ != nullptr) {
    const Actor& actor = *std::exchange(paused_, nullptr);
    moments_.copy(actor, *actor.fiber);
    switch_to(actor.id);
  }
}

std::size_t Scheduler::rewind_by_copies(std::size_t steps) {
  if (!stacks_say_all() || (describing_ && descriptions_.size() != steps_)) return 0;
  const ActorSet movers = moments_.go_back(steps);
  if (movers == 0) return 0;
  for (ActorSet rest = movers; rest != 0; rest &= rest - 1) {
    Actor& actor = *actors_[model::lowest(rest)];
    moments_.put_back(actor.id, actor, *actor.fiber);
  }
  const Moment& now = moments_.now();
  log_.rollback(now.before);
  sets_ = now.sets;
  last_ = now.last;
  steps_ = now.step;
  put_back_ = true;
  return steps_;
}

}  // namespace unswept::sim
