#include "model/explore/stateful.h"

namespace unswept::model {

StatefulSearch::StatefulSearch(const Bounds& bounds, const Dependence& dependence,
                               std::size_t memory_budget, const StatefulFaults& faults)
    : DporSearch(bounds, dependence),
      memory_budget_(memory_budget),
      faults_(faults),
      numbers_(dependence) {}

void StatefulSearch::begin(std::size_t kept) {
  DporSearch::begin(kept);
  gauge_.run();
}

ActorSet StatefulSearch::enter(const Situation& situation, Node& node) {
  const std::size_t depth = nodes_.size();
  if (arrivals_.size() <= depth) arrivals_.resize(depth + 1);
  arrivals_[depth] = {};
  const ActorSet first = gauge_.look() ? look_up(situation, node) : node.enabled & ~node.asleep.set;
  arrivals_[depth].slept = node.asleep.set;
  return first;
}

ActorSet StatefulSearch::look_up(const Situation& situation, Node& node) {
  const std::size_t depth = nodes_.size();
  const Fingerprint state = situation.fingerprint();
  arrivals_[depth] = {.state = state, .slept = 0, .summarised = true};
  const KnownState* known = table_.find(state);
  gauge_.count(known != nullptr);
  ++lookups_;
  if (below_.size() <= depth) below_.resize(depth + 1);
  if (known == nullptr) {
    below_[depth].clear();
    return node.enabled & ~node.asleep.set;
  }
  const auto summary = summaries_[known->summary];
  join(summary);
  const ActorSet missing =
      faults_.sleep_ignored ? 0 : known->asleep & ~node.asleep.set & node.enabled;
  if (missing == 0) {
    ++hits_;
    if (depth > 0 && arrivals_[depth - 1].summarised) unite(below_[depth - 1], summary);
    close_ = Close::known;
    return 0;
  }
  ++partial_hits_;
  below_[depth].assign(summary.begin(), summary.end());
  sleepers_.keep(node.asleep, known->asleep);
  node.made_up_for = true;
  node.backtrack = missing;
  return missing;
}

void StatefulSearch::used(std::size_t node, ActorId actor, std::span<const Access> footprint) {
  if (!arrivals_[node].summarised) return;
  for (const Access& access : footprint) set_bit(below_[node], numbers_.number_of(actor, access));
}

void StatefulSearch::waited(std::size_t node, ActorId actor, std::span<const Access> footprint) {
  if (!faults_.no_waiters) used(node, actor, footprint);
}

/// What others explore below a node is not known here.
void StatefulSearch::shared_up_to(std::size_t nodes) {
  if (arrivals_.size() < nodes) arrivals_.resize(nodes);
  for (std::size_t i = 0; i < nodes; ++i) arrivals_[i].summarised = false;
}

void StatefulSearch::leave() {
  const std::size_t depth = nodes_.size() - 1;
  const Arrival& arrival = arrivals_[depth];
  // What was made up for was not in the summary then.
  if (nodes_.back().made_up_for && arrival.summarised) join(below_[depth]);
  if (arrival.summarised && !full_) {
    const Summaries::Id summary = summaries_.intern(below_[depth]);
    const std::size_t used_up = summaries_.bytes();
    full_ = used_up >= memory_budget_ ||
            !table_.store(arrival.state, {arrival.slept, summary}, memory_budget_ - used_up);
  }
  if (depth == 0) return;
  if (!arrival.summarised)
    arrivals_[depth - 1].summarised = false;
  else if (arrivals_[depth - 1].summarised)
    unite(below_[depth - 1], below_[depth]);
}

}  // namespace unswept::model
