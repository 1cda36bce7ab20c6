#include "model/explore/tree_share.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace unswept::model {
namespace {

/// Less than any outcome weighs among its siblings: what is left of sums that cancel out.
constexpr double kNothing = 1e-9;

ActorSet ways_of(const SharedNode& node) {
  return (node.begun | (node.what.backtrack & node.what.enabled)) & ~node.what.slept;
}

/// How much of what begins with the step of `actor` is explored or told of by nodes below.
double reached_by(const SharedNode& node, ActorId actor) {
  double reached = 2;
  for (const PartShare& part : node.parts)
    if (part.actor == actor) reached = std::min(reached, part.outcomes);
  if (reached <= 1) return reached;
  if (node.rest_waits && node.unsettled == actor) return share_of_outcomes(node.rest).behind();
  return 1;
}

}  // namespace

double explored_share(const std::map<NodeId, SharedNode>& nodes) {
  // By node and actor: what nodes right below tell of, as a share of what begins with its step.
  std::map<std::pair<NodeId, ActorId>, double> told;
  for (const auto& [id, node] : nodes)
    if (node.what.parent != kNoNode)
      told[{node.what.parent, node.what.led_here}] +=
          share_of_outcomes(node.what.choices).present();
  std::map<NodeId, double> weights;  // of each way on
  double explored = 0;
  for (const auto& [id, node] : nodes) {
    double weight = 1;
    if (node.what.parent != kNoNode)
      weight = weights.at(node.what.parent) * share_of_outcomes(node.what.choices).present();
    const ActorSet ways = ways_of(node);
    weight /= std::max(1, std::popcount(ways));
    weights.emplace(id, weight);
    for (ActorSet begun = node.begun & ways; begun != 0; begun &= begun - 1) {
      const ActorId actor = lowest(begun);
      const auto below = told.find({id, actor});
      const double rest = reached_by(node, actor) - (below == told.end() ? 0 : below->second);
      if (rest > kNothing) explored += weight * rest;
    }
    for (const PartShare& part : node.parts) explored += weight * part.below;
  }
  return std::min(explored, 1.0);
}

}  // namespace unswept::model
