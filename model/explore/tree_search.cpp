#include "model/explore/tree_search.h"

#include <utility>

#include "model/explore/tree_share.h"

namespace unswept::model {

void TreeSearch::adopt(const Subtree& subtree, SearchTree& tree) {
  tree_ = &tree;
  choices_.truncate(0);
  take_way(subtree);
  shared_nodes_.clear();
  for (const WayStep& step : subtree.way) shared_nodes_.push_back(step.node);
  known_ = shared() == 0 ? 0 : shared() - 1;
  settled_ = false;
  way_is_new_ = shared() > 0;
  close_ = Close::ended;
  shared_up_to(shared());
}

/// The first node that has something to leave is the last one that goes to the tree: all above it
/// must be there too, and what lies below stays here.
void TreeSearch::share() {
  settle_last_shared();
  for (std::size_t i = shared() == 0 ? 0 : shared() - 1; i + 1 < path_size(); ++i) {
    if (!can_be_told(i)) return;
    if (!rest_of(i).empty() && can_be_told(i + 1)) return publish_up_to(i + 2);
    if (i >= shared() && has_waiting(i)) return publish_up_to(i + 1);
  }
}

void TreeSearch::give_back() {
  const std::size_t size = path_size();
  if (size == 0) return std::exchange(tree_, nullptr)->give_all_back();
  publish_up_to(size);
  const auto from = choices_.from(picked_at(size - 1).choices_begin);
  tree_->give_back(shared_nodes_.back(), footprint_explored(size - 1), {from.begin(), from.end()});
  drop_path();
  shared_nodes_.clear();
  tree_ = nullptr;
}

void TreeSearch::finish() {
  SearchTree& tree = *std::exchange(tree_, nullptr);
  if (shared() == 0) return tree.finish_all();
  const std::size_t last = shared() - 1;
  tree.finish(shared_nodes_[last], picked_at(last).actor, footprint_explored(last));
}

void TreeSearch::tell_share() {
  if (tree_ == nullptr || way_is_new_) return;
  if (shared() == 0) return tree_->note_share(kNoNode, {kNoActor, 0, share_below(0)});
  const std::size_t last = shared() - 1;
  const PickedStep picked = picked_at(last);
  const ExploredShare outcomes =
      share_of_outcomes(choices_.between(picked.choices_begin, choices_end(last)));
  tree_->note_share(shared_nodes_[last],
                    {picked.actor, outcomes.behind(), outcomes.present() * share_below(shared())});
}

std::optional<double> TreeSearch::explored_share() const {
  if (shared() > 0) return std::nullopt;  // others explore it too
  return share_below(0);
}

void TreeSearch::publish_up_to(std::size_t end) {
  while (shared() < end) {
    if (shared() > 0) leave_rest_of(shared() - 1);
    publish(shared());
    settled_ = false;
  }
  shared_up_to(shared());
  settle_last_shared();
  tell_share();
}

void TreeSearch::publish(std::size_t index) {
  PublishedNode node;
  if (index > 0) {
    const PickedStep above = picked_at(index - 1);
    const auto outcome = choices_.between(above.choices_begin, picked_at(index).choices_begin);
    node.parent = shared_nodes_[index - 1];
    node.led_here = above.actor;
    node.choices.assign(outcome.begin(), outcome.end());
  }
  node.picked = picked_at(index).actor;
  describe(index, node);
  shared_nodes_.push_back(tree_->publish(std::move(node)));
}

void TreeSearch::leave_rest_of(std::size_t index) {
  if (index + 1 == shared() && settled_) return;
  tree_->leave_outcomes(shared_nodes_[index], picked_at(index).actor, footprint_so_far(index),
                        rest_of(index));
}

void TreeSearch::settle_last_shared() {
  if (settled_ || shared() == 0 || shared() == path_size()) return;
  const std::size_t last = shared() - 1;
  if (!rest_of(last).empty()) return;
  tree_->settle(shared_nodes_[last], picked_at(last).actor, footprint_so_far(last));
  settled_ = true;
}

std::size_t TreeSearch::choices_end(std::size_t index) const {
  return index + 1 < path_size() ? picked_at(index + 1).choices_begin : choices_.size();
}

/// Outcomes of the step picked there that are to be explored after the present one.
std::vector<Choice> TreeSearch::rest_of(std::size_t index) const {
  return choices_.next(picked_at(index).choices_begin, choices_end(index));
}

}  // namespace unswept::model
