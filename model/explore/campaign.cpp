#include "model/explore/campaign.h"

#include <algorithm>
#include <utility>

namespace unswept::model {
namespace {

bool was_hit(const ExploreResult& result, std::string_view bound) {
  return std::ranges::find(result.bounds_hit, bound) != result.bounds_hit.end();
}

std::uint64_t attempts_of(const ExploreResult& result) {
  return result.executions + result.blocked + result.pruned + result.cut;
}

}  // namespace

Campaign::Campaign(const ExploreOptions& options) : options_(options) {
  if (options.clock) started_ = options.clock();
}

ExploreOptions Campaign::options(std::optional<std::uint64_t> share) const {
  ExploreOptions rest = options_;
  if (rest.bounds.executions) *rest.bounds.executions -= attempts_;
  if (share) rest.bounds.executions = std::min(*share, rest.bounds.executions.value_or(*share));
  if (rest.bounds.seconds && options_.clock) *rest.bounds.seconds -= options_.clock() - started_;
  if (options_.progress)
    rest.progress = [this](const Progress& progress) {
      Progress total = progress;
      total.executions += attempts_;
      total.steps += total_.steps;
      return options_.progress(total);
    };
  return rest;
}

Campaign::Then Campaign::add(std::string_view name, ExploreResult result) {
  if (!name.empty() && result.parts.empty()) keep_part(name, result);
  if (result.counterexample && !total_.counterexample) {
    result.counterexample->execution += attempts_;
    total_.counterexample = std::move(result.counterexample);
    total_.found_by_peer = result.found_by_peer;
  }
  attempts_ += attempts_of(result);
  add_counts(total_, result);
  total_.complete = result.complete;
  total_.bounds_hit = result.bounds_hit;
  total_.state_cache = result.state_cache;
  const bool found = total_.verdict == Verdict::violation || total_.verdict == Verdict::deadlock;
  if (!found || result.verdict == Verdict::nondeterministic) total_.verdict = result.verdict;
  const Then then = judge(result);
  total_.divergence = std::move(result.divergence);
  return then;
}

Campaign::Then Campaign::judge(const ExploreResult& result) const {
  if (result.divergence) return Then::stopped;
  if (total_.counterexample && options_.stop_at_first_violation) return Then::stopped;
  if (was_hit(result, bound::seconds) || was_hit(result, bound::interrupted)) return Then::stopped;
  if (!was_hit(result, bound::executions)) return Then::ended;
  return options_.bounds.executions == attempts_ ? Then::stopped : Then::paused;
}

void Campaign::keep_part(std::string_view name, const ExploreResult& result) {
  auto part = std::ranges::find(total_.parts, name, &Part::name);
  if (part == total_.parts.end()) part = total_.parts.insert(part, Part{.name = std::string(name)});
  part->executions += attempts_of(result);
  part->steps += result.steps;
  part->violations += result.violations + (options_.deadlock_allowed ? 0 : result.deadlocks);
  part->complete = result.complete;
}

}  // namespace unswept::model
