#include "model/explore/shard.h"

#include <algorithm>
#include <utility>

#include "model/explore/search.h"

namespace unswept::model {

ShardSearch::ShardSearch(const Bounds& bounds, const Dependence& dependence, std::uint32_t levels,
                         std::function<bool(std::uint64_t unit)> claim)
    : DporSearch(bounds, dependence), levels_(levels), claim_(std::move(claim)) {}

bool ShardSearch::is_mine() { return claim_(units_++); }

ActorSet ShardSearch::enter(const Situation& situation, Node& node) {
  const std::size_t depth = nodes_.size();
  const ActorSet awake = node.enabled & ~node.asleep.set;
  level_.resize(depth + 1);
  level_[depth] = depth == 0 ? 0 : level_[depth - 1];
  if (level_[depth] > levels_) return awake;  // inside a unit
  if (level_[depth] == levels_) {
    ++level_[depth];
    if (is_mine()) return awake;
    close_ = Close::elsewhere;
    return 0;
  }
  if (some_conflict(situation, awake)) ++level_[depth];
  node.backtrack = awake;
  return awake;
}

/// An execution that ends above the units is one of its own.
void ShardSearch::ended(const Situation& situation) {
  const bool first_time = steps_ == nodes_.size() && !divergence_;
  DporSearch::ended(situation);
  if (!first_time || (!nodes_.empty() && level_[nodes_.size() - 1] > levels_)) return;
  if (!is_mine()) close_ = Close::elsewhere;
}

bool ShardSearch::some_conflict(const Situation& situation, ActorSet awake) {
  std::size_t count = 0;
  for (ActorSet rest = awake; rest != 0; rest &= rest - 1) {
    if (next_.size() == count) next_.emplace_back();
    situation.predict(lowest(rest), next_[count]);
    for (std::size_t i = 0; i < count; ++i)
      if (dependence_.dependent(next_[i].accesses(), next_[count].accesses())) return true;
    ++count;
  }
  return false;
}

namespace {

std::uint64_t count_units(Program& program, const ExploreOptions& options, std::uint32_t levels) {
  ShardSearch search(options.bounds, options.dependence, levels,
                     [](std::uint64_t) { return false; });
  ExploreOptions upper_part;
  upper_part.bounds.steps = options.bounds.steps;
  upper_part.deadlock_allowed = true;
  upper_part.stop_at_first_violation = false;
  upper_part.progress = options.progress;
  (void)run_search(program, search, upper_part, /*exhaustive=*/true);
  return search.units();
}

/// As few levels as make enough units, or as many as make any difference.
std::uint32_t levels_for(Program& program, const ExploreOptions& options) {
  std::uint64_t before = 0;
  for (std::uint32_t levels = 1;; ++levels) {
    const std::uint64_t units = count_units(program, options, levels);
    if (units >= options.shard.units || units == before) return levels;
    before = units;
  }
}

}  // namespace

ExploreResult explore_shard(Program& program, const ExploreOptions& options) {
  ShardSearch search(options.bounds, options.dependence, levels_for(program, options),
                     options.shard.claim);
  return run_search(program, search, options, /*exhaustive=*/true);
}

}  // namespace unswept::model
