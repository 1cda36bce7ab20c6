#include "model/explore/mazurkiewicz.h"

#include <algorithm>

#include "model/explore/mix.h"

namespace unswept::model {

void TraceIdentity::push(const Step& step) {
  Entry entry{step.actor,
              step.ordinal,
              mix(mix(step.op) + step.result),
              {step.footprint.begin(), step.footprint.end()},
              std::vector<std::uint32_t>(step.actor + 1)};
  for (const Entry& earlier : steps_) {
    if (earlier.actor != entry.actor && !dependence_.dependent(earlier.footprint, entry.footprint))
      continue;
    if (entry.seen.size() < earlier.seen.size()) entry.seen.resize(earlier.seen.size());
    for (std::size_t a = 0; a < earlier.seen.size(); ++a)
      entry.seen[a] = std::max(entry.seen[a], earlier.seen[a]);
  }
  entry.seen[step.actor] = step.ordinal + 1;
  steps_.push_back(std::move(entry));
}

Fingerprint TraceIdentity::identity() const {
  // A sum, because the order in which independent steps stand must not matter.
  Fingerprint sum;
  for (const Entry& entry : steps_) {
    std::uint64_t hash = mix(entry.actor) + entry.ordinal;
    hash = mix(hash) + entry.digest;
    for (std::size_t a = 0; a < entry.seen.size(); ++a)
      if (entry.seen[a] != 0) hash = mix(hash) + mix(a) + entry.seen[a];
    sum.low += mix(hash);
    sum.high += mix(hash ^ 0x9e3779b97f4a7c15);
  }
  return sum;
}

}  // namespace unswept::model
