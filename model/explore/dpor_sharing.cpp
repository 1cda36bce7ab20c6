// What a search tells others of its nodes, and takes over of theirs.
#include "model/explore/dpor.h"

namespace unswept::model {

void DporSearch::take_way(const Subtree& subtree) {
  nodes_.clear();
  history_.truncate(0);
  sleepers_.truncate(Sleepers::none());
  reliances_ = subtree.reliances;
  for (const WayStep& step : subtree.way) {
    Node node{};
    node.enabled = step.enabled;
    node.backtrack = step.backtrack;
    node.picked = step.picked;
    node.choices_begin = static_cast<std::uint32_t>(choices_.size());
    node.asleep.set = step.asleep;
    choices_.append(step.choices);
    nodes_.push_back(node);
  }
  if (nodes_.empty()) return;
  Sleepers::Mark asleep = Sleepers::none();
  for (const SleepingStep& sleeper : subtree.asleep) {
    sleepers_.explored(asleep, sleeper.footprint);
    sleepers_.put_to_sleep(asleep, sleeper.actor);
  }
  sleepers_.explored(asleep, subtree.begun);
  asleep.set = nodes_.back().asleep.set;
  nodes_.back().asleep = asleep;
}

bool DporSearch::has_waiting(std::size_t index) const {
  const Node& node = nodes_[index];
  return (node.backtrack & ~node.asleep.set & ~set_of(node.picked)) != 0;
}

void DporSearch::describe(std::size_t index, PublishedNode& published) {
  Node& node = nodes_[index];
  // What else would be known of the state is known only here: others begin all that can begin.
  if (node.made_up_for) node.backtrack |= node.enabled & ~node.asleep.set;
  node.made_up_for = false;
  published.enabled = node.enabled;
  published.backtrack = node.backtrack;
  sleepers_.visit(node.asleep, [&](ActorId actor, std::span<const Access> footprint) {
    published.asleep.push_back({actor, {footprint.begin(), footprint.end()}});
  });
  published.slept = slept_on_arrival(index);
  for (const Reliance& reliance : reliances_)
    if (reliance.events <= index) published.reliances.push_back(reliance);
}

std::vector<Access> DporSearch::footprint_explored(std::size_t index) const {
  const auto explored = sleepers_.being_explored(nodes_[index].asleep);
  return {explored.begin(), explored.end()};
}

std::vector<Access> DporSearch::footprint_so_far(std::size_t index) const {
  std::vector<Access> footprint = footprint_explored(index);
  const auto present = history_.footprint(static_cast<EventIndex>(index + 1));
  footprint.insert(footprint.end(), present.begin(), present.end());
  return footprint;
}

}  // namespace unswept::model
