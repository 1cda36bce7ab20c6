#include "model/explore/result.h"

#include <algorithm>

namespace unswept::model {

bool is_budget(std::string_view name) {
  return name == bound::executions || name == bound::seconds || name == bound::interrupted;
}

void add_bound(ExploreResult& result, std::string_view name) {
  auto& all = result.bounds_hit;
  const auto place = std::ranges::lower_bound(all, name);
  if (place == all.end() || *place != name) all.emplace(place, name);
}

void add_counts(ExploreResult& sum, const ExploreResult& more) {
  sum.executions += more.executions;
  sum.blocked += more.blocked;
  sum.probes += more.probes;
  sum.pruned += more.pruned;
  sum.cut += more.cut;
  sum.elsewhere += more.elsewhere;
  sum.deadlocks += more.deadlocks;
  sum.violations += more.violations;
  sum.steps += more.steps;
  sum.replayed_steps += more.replayed_steps;
  sum.races += more.races;
  sum.verified += more.verified;
  sum.by_peers += more.by_peers;
  sum.depth_max = std::max(sum.depth_max, more.depth_max);
}

}  // namespace unswept::model
