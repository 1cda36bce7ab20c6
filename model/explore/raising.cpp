#include "model/explore/raising.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/explore/campaign.h"

namespace unswept::model {

ExploreResult explore_raising(Program& program, const ExploreOptions& options) {
  const bool by_delays = options.raised == Raised::delays;
  const std::string_view name = by_delays ? bound::delays : bound::preemptions;
  const auto bound_of = [by_delays](Bounds& bounds) -> std::optional<std::uint32_t>& {
    return by_delays ? bounds.delays : bounds.preemptions;
  };
  Bounds given = options.bounds;
  const std::uint32_t highest = bound_of(given).value_or(std::numeric_limits<std::uint32_t>::max());
  Campaign campaign(options);
  for (std::uint32_t level = 0;; ++level) {
    ExploreOptions at_level = campaign.options();
    at_level.raised = Raised::none;
    at_level.checkpoint = {};  // which knows of one search only
    bound_of(at_level.bounds) = level;
    ExploreResult result = explore(program, at_level);
    const bool cut = std::ranges::find(result.bounds_hit, name) != result.bounds_hit.end();
    const std::string label = std::string(name) + " <= " + std::to_string(level);
    std::vector<Part>& parts = campaign.result().parts;
    for (Part& part : result.parts) {
      part.name = label + ": " + part.name;
      part.cut = cut;
      parts.push_back(std::move(part));
    }
    const Campaign::Then then = campaign.add(label, std::move(result));
    parts.back().cut = cut;
    if (then == Campaign::Then::stopped || !cut || level == highest) break;
  }
  return std::move(campaign.result());
}

}  // namespace unswept::model
