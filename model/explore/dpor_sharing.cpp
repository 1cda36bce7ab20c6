// How a search leaves part of its work to others, and takes over theirs.
#include <algorithm>
#include <utility>

#include "model/explore/dpor.h"
#include "model/explore/tree_share.h"

namespace unswept::model {

void DporSearch::adopt(const Subtree& subtree, SearchTree& tree) {
  tree_ = &tree;
  nodes_.clear();
  choices_.truncate(0);
  history_.truncate(0);
  sleepers_.truncate(Sleepers::none());
  reliances_ = subtree.reliances;
  Sleepers::Mark asleep = Sleepers::none();
  for (const WayStep& step : subtree.way) {
    Node node{};
    node.enabled = step.enabled;
    node.backtrack = step.backtrack;
    node.picked = step.picked;
    node.choices_begin = static_cast<std::uint32_t>(choices_.size());
    node.asleep.set = step.asleep;
    node.shared = step.node;
    choices_.append(step.choices);
    nodes_.push_back(node);
  }
  if (!nodes_.empty()) {
    for (const SleepingStep& sleeper : subtree.asleep) {
      sleepers_.explored(asleep, sleeper.footprint);
      sleepers_.put_to_sleep(asleep, sleeper.actor);
    }
    sleepers_.explored(asleep, subtree.begun);
    asleep.set = nodes_.back().asleep.set;
    nodes_.back().asleep = asleep;
  }
  shared_ = nodes_.size();
  known_ = nodes_.empty() ? 0 : nodes_.size() - 1;
  settled_ = false;
  way_is_new_ = !nodes_.empty();
  close_ = Close::ended;
  shared_up_to(shared_);
}

/// The first node that has something to leave is the last one that goes to the tree: all above it
/// must be there too, and what lies below stays here.
void DporSearch::share() {
  settle_last_shared();
  for (std::size_t i = shared_ == 0 ? 0 : shared_ - 1; i + 1 < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (node.made_up_for) return;
    if (!rest_of(i).empty() && !nodes_[i + 1].made_up_for) return publish_up_to(i + 2);
    const ActorSet waiting = node.backtrack & ~node.asleep.set & ~set_of(node.picked);
    if (i >= shared_ && waiting != 0) return publish_up_to(i + 1);
  }
}

void DporSearch::give_back() {
  if (nodes_.empty()) return std::exchange(tree_, nullptr)->give_all_back();
  publish_up_to(nodes_.size());
  const Node& last = nodes_.back();
  const auto from = choices_.from(last.choices_begin);
  tree_->give_back(last.shared, sleepers_.being_explored(last.asleep), {from.begin(), from.end()});
  nodes_.clear();
  shared_ = 0;
  tree_ = nullptr;
}

void DporSearch::finish() {
  SearchTree& tree = *std::exchange(tree_, nullptr);
  if (shared_ == 0) return tree.finish_all();
  const Node& last = nodes_.back();
  tree.finish(last.shared, last.picked, sleepers_.being_explored(last.asleep));
}

void DporSearch::tell_share() {
  if (tree_ == nullptr || way_is_new_) return;
  if (shared_ == 0) return tree_->note_share(kNoNode, {kNoActor, 0, share_below(0)});
  const Node& last = nodes_[shared_ - 1];
  const ExploredShare outcomes =
      share_of_outcomes(choices_.between(last.choices_begin, choices_end(shared_ - 1)));
  tree_->note_share(last.shared,
                    {last.picked, outcomes.behind(), outcomes.present() * share_below(shared_)});
}

void DporSearch::publish_up_to(std::size_t end) {
  for (; shared_ < end; ++shared_) {
    if (shared_ > 0) leave_rest_of(shared_ - 1);
    publish(shared_);
    settled_ = false;
  }
  shared_up_to(shared_);
  settle_last_shared();
  tell_share();
}

void DporSearch::publish(std::size_t index) {
  Node& node = nodes_[index];
  // What else would be known of the state is known only here: others begin all that can begin.
  if (node.made_up_for) node.backtrack |= node.enabled & ~node.asleep.set;
  node.made_up_for = false;
  PublishedNode published;
  if (index > 0) {
    const Node& above = nodes_[index - 1];
    const auto outcome = choices_.between(above.choices_begin, node.choices_begin);
    published.parent = above.shared;
    published.led_here = above.picked;
    published.choices.assign(outcome.begin(), outcome.end());
  }
  published.enabled = node.enabled;
  published.backtrack = node.backtrack;
  published.picked = node.picked;
  sleepers_.visit(node.asleep, [&](ActorId actor, std::span<const Access> footprint) {
    published.asleep.push_back({actor, {footprint.begin(), footprint.end()}});
  });
  published.slept = slept_on_arrival(index);
  for (const Reliance& reliance : reliances_)
    if (reliance.events <= index) published.reliances.push_back(reliance);
  node.shared = tree_->publish(std::move(published));
}

void DporSearch::leave_rest_of(std::size_t index) {
  const Node& node = nodes_[index];
  if (index + 1 == shared_ && settled_) return;
  tree_->leave_outcomes(node.shared, node.picked, footprint_so_far(index), rest_of(index));
}

void DporSearch::settle_last_shared() {
  if (settled_ || shared_ == 0 || shared_ == nodes_.size()) return;
  const std::size_t last = shared_ - 1;
  if (!rest_of(last).empty()) return;
  tree_->settle(nodes_[last].shared, nodes_[last].picked, footprint_so_far(last));
  settled_ = true;
}

std::size_t DporSearch::choices_end(std::size_t index) const {
  return index + 1 < nodes_.size() ? nodes_[index + 1].choices_begin : choices_.size();
}

/// Outcomes of the step picked there that are to be explored after the present one.
std::vector<Choice> DporSearch::rest_of(std::size_t index) const {
  return choices_.next(nodes_[index].choices_begin, choices_end(index));
}

/// REQUIRES: the step was taken in the last execution.
std::vector<Access> DporSearch::footprint_so_far(std::size_t index) const {
  const auto explored = sleepers_.being_explored(nodes_[index].asleep);
  const auto present = history_.footprint(static_cast<EventIndex>(index + 1));
  std::vector<Access> footprint(explored.begin(), explored.end());
  footprint.insert(footprint.end(), present.begin(), present.end());
  return footprint;
}

}  // namespace unswept::model
