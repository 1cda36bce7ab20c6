#include "scenarios/workload/pinned_order.h"

#include <algorithm>

#include "scenarios/parse/words.h"
#include "sim/objects.h"

namespace unswept::scenarios {

PinnedOrder::PinnedOrder(const std::vector<PinnedRun>& runs, const std::vector<std::string>& names)
    : names_(names), helpers_(names.size(), 0) {
  for (const PinnedRun& run : runs) {
    const auto actor = std::find(names.begin(), names.end(), run.actor) - names.begin();
    runs_.push_back({static_cast<model::ActorId>(actor), !run.until.has_value(),
                     PointMatcher(run.until.value_or(PointRef{}))});
  }
}

void PinnedOrder::set_helpers(model::ActorId actor, model::ActorSet helpers) {
  helpers_[actor] = helpers;
}

void PinnedOrder::begin_run() {
  at_ = 0;
  for (Run& run : runs_) run.until.reset();
}

void PinnedOrder::point(model::ActorId actor, std::string_view name, std::string_view detail) {
  // Hits count from the start of the run, so every line of the script that waits for this actor
  // listens.
  bool passed = false;
  for (std::size_t i = at_; i < runs_.size(); ++i) {
    Run& run = runs_[i];
    if (run.actor != actor || run.until_done) continue;
    const bool passes = run.until.passes(name, detail);
    passed = passed || (passes && i == at_);
  }
  if (passed) ++at_;
}

std::uint64_t PinnedOrder::digest() const {
  std::uint64_t digest = at_;
  for (const Run& run : runs_) digest = sim::mix(digest) + run.until.hits();
  return digest;
}

void PinnedOrder::fail(const Run& run, std::string_view why) {
  at_ = runs_.size();
  if (!failure_.empty()) return;
  failure_ = "the order could not be followed: " + names_[run.actor];
  failure_ += why;
  if (!run.until_done) failure_ += ' ' + to_string(run.until.ref());
}

model::ActorSet PinnedOrder::allowed(model::ActorSet enabled, model::ActorSet pending) {
  while (at_ < runs_.size()) {
    const Run& run = runs_[at_];
    if (!model::contains(pending, run.actor)) {
      if (run.until_done)
        ++at_;
      else
        fail(run, " ended without passing");
      continue;
    }
    if (model::contains(enabled, run.actor)) return model::set_of(run.actor);
    if (const model::ActorSet helping = enabled & helpers_[run.actor]; helping != 0) return helping;
    fail(run, run.until_done ? " was blocked and did not get done" : " was blocked before");
  }
  return enabled;
}

}  // namespace unswept::scenarios
