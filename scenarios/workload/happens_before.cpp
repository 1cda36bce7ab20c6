#include "scenarios/workload/happens_before.h"

#include <algorithm>

#include "sim/hash.h"

namespace unswept::scenarios {

void StepLog::clear() {
  std::fill(counts_.begin(), counts_.end(), 0U);
  entries_.clear();
  accesses_.clear();
}

void StepLog::truncate(std::size_t steps) {
  if (steps >= entries_.size()) return;
  for (const Entry& entry : std::span(entries_).subspan(steps)) --counts_[entry.actor];
  accesses_.resize(entries_[steps].first_access);
  entries_.resize(steps);
}

std::size_t StepLog::position(Moment moment) const {
  std::uint32_t left = moment.steps;
  std::size_t position = 0;
  for (; left != 0; ++position)
    if (entries_[position].actor == moment.actor) --left;
  return position;
}

model::Fingerprint StepLog::fingerprint() const {
  sim::WideDigest digest;
  for (const Entry& entry : entries_) digest << entry.actor << entry.result;
  return digest.value();
}

void StepLog::add(model::ActorId actor, std::span<const model::Access> footprint,
                  std::uint64_t result) {
  ++counts_[actor];
  entries_.push_back({actor, static_cast<std::uint32_t>(accesses_.size()),
                      static_cast<std::uint32_t>(footprint.size()), result});
  accesses_.insert(accesses_.end(), footprint.begin(), footprint.end());
}

HappensBefore::HappensBefore(const StepLog& log) : clocks_(log.actors()) {
  for (const StepLog::Entry& entry : log.entries()) {
    auto& own = clocks_[entry.actor];
    Clock clock = own.empty() ? Clock(log.actors(), 0) : own.back();
    const auto footprint = log.footprint(entry);
    for (const model::Access& access : footprint) join_conflicting(access, entry.actor, clock);
    const auto ordinal = static_cast<std::uint32_t>(own.size());
    clock[entry.actor] = ordinal + 1;
    own.push_back(std::move(clock));
    for (const model::Access& access : footprint) remember(access, entry.actor, ordinal);
  }
}

void HappensBefore::join_conflicting(model::Access access, model::ActorId actor, Clock& clock) {
  const auto found = uses_.find(access.object);
  if (found == uses_.end()) return;
  for (const Use& use : found->second) {
    if (use.actor == actor || !model::conflict(use.mode, access.mode)) continue;
    const Clock& earlier = clocks_[use.actor][use.ordinal];
    for (std::size_t i = 0; i < clock.size(); ++i) clock[i] = std::max(clock[i], earlier[i]);
  }
}

void HappensBefore::remember(model::Access access, model::ActorId actor, std::uint32_t ordinal) {
  auto& uses = uses_[access.object];
  for (Use& use : uses) {
    if (use.actor != actor || use.mode != access.mode) continue;
    use.ordinal = ordinal;
    return;
  }
  uses.push_back({actor, access.mode, ordinal});
}

bool HappensBefore::precedes(Moment a, Moment b) const {
  if (a.actor == b.actor) return a.steps <= b.steps;
  // The step after `a` must come before or be the step that `b` follows.
  if (b.steps == 0) return false;
  return clocks_[b.actor][b.steps - 1][a.actor] > a.steps;
}

}  // namespace unswept::scenarios
