#include "model/explore/shared_tree.h"

#include <algorithm>
#include <chrono>

#include "model/explore/tree_share.h"

namespace unswept::model {
namespace {

/// Those who are to begin at the node, and have not.
ActorSet waiting(const SharedNode& node) {
  return node.what.backtrack & node.what.enabled & ~node.begun;
}

/// Another one may begin once it is known what the last one's step touches.
bool has_work(const SharedNode& node) {
  return node.rest_waits || (node.unsettled == kNoActor && waiting(node) != 0);
}

bool is_explored(const SharedNode& node) {
  return node.open == 0 && !node.rest_waits && waiting(node) == 0;
}

void unite(std::vector<Access>& footprint, std::span<const Access> more) {
  for (const Access& access : more)
    if (std::ranges::find(footprint, access) == footprint.end()) footprint.push_back(access);
}

void settle_now(SharedNode& node) {
  node.what.asleep.push_back({node.unsettled, std::move(node.begun_there)});
  node.begun_there.clear();
  node.unsettled = kNoActor;
}

/// Whose part an outcome of that actor's step is in, by the share of the outcomes before it.  There
/// are two where somebody took outcomes over and who left them is still about to publish a node.
auto part_with(SharedNode& node, ActorId actor, double outcomes) {
  auto found = node.parts.end();
  for (auto part = node.parts.begin(); part != node.parts.end(); ++part) {
    if (part->actor != actor || part->outcomes > outcomes) continue;
    if (found == node.parts.end() || part->outcomes > found->outcomes) found = part;
  }
  return found;
}

void drop_part(SharedNode& node, ActorId actor, double outcomes) {
  const auto part = part_with(node, actor, outcomes);
  if (part != node.parts.end()) node.parts.erase(part);
}

}  // namespace

std::optional<Subtree> SharedTree::next(const std::function<void()>& meanwhile) {
  constexpr std::chrono::milliseconds kTick{100};
  std::unique_lock lock(mutex_);
  while (!stopped_ && !finished_) {
    if (auto subtree = take()) return subtree;
    count_waiting(true);
    if (changed_.wait_for(lock, kTick) == std::cv_status::timeout && meanwhile) {
      lock.unlock();
      meanwhile();
      lock.lock();
    }
    count_waiting(false);
  }
  return std::nullopt;
}

std::optional<Subtree> SharedTree::take_now() {
  const std::scoped_lock lock(mutex_);
  return take();
}

void SharedTree::begin_waiting() {
  const std::scoped_lock lock(mutex_);
  count_waiting(true);
}

void SharedTree::end_waiting() {
  const std::scoped_lock lock(mutex_);
  count_waiting(false);
}

void SharedTree::count_waiting(bool one_more) {
  if (one_more)
    ++idle_;
  else
    --idle_;
  wanted_.store(idle_ > 0, std::memory_order_relaxed);
}

std::optional<Subtree> SharedTree::take() {
  if (!hands_out()) return std::nullopt;
  if (root_waits_) {
    root_waits_ = false;
    ++handed_out_;
    return Subtree{};
  }
  NodeId id = kNoNode;
  SharedNode* const node = deepest_with_work(id);
  if (node == nullptr) return std::nullopt;
  ++handed_out_;
  return begin_at(id, *node);
}

SharedNode* SharedTree::deepest_with_work(NodeId& id) {
  SharedNode* deepest = nullptr;
  for (auto& [candidate, node] : nodes_) {
    if (!has_work(node) || (deepest != nullptr && node.depth <= deepest->depth)) continue;
    deepest = &node;
    id = candidate;
  }
  return deepest;
}

Subtree SharedTree::begin_at(NodeId id, SharedNode& node) {
  Subtree subtree;
  subtree.asleep = node.what.asleep;
  subtree.reliances = node.what.reliances;
  if (!node.rest_waits) {
    node.unsettled = lowest(waiting(node));
    node.begun |= set_of(node.unsettled);
    node.rest.clear();
  }
  node.rest_waits = false;
  subtree.begun = node.begun_there;
  ++node.open;
  node.parts.push_back({node.unsettled, share_of_outcomes(node.rest).behind(), 0});

  ActorId picked = node.unsettled;
  std::vector<Choice> choices = node.rest;
  for (; id != kNoNode; id = nodes_.at(id).what.parent) {
    const SharedNode& on_the_way = nodes_.at(id);
    const ActorSet asleep = on_the_way.begun & ~set_of(picked);
    subtree.way.push_back({id, on_the_way.what.enabled, asleep, on_the_way.what.backtrack, picked,
                           std::move(choices)});
    picked = on_the_way.what.led_here;
    choices = on_the_way.what.choices;
  }
  std::ranges::reverse(subtree.way);
  return subtree;
}

NodeId SharedTree::publish(PublishedNode what) {
  const std::scoped_lock lock(mutex_);
  SharedNode node;
  node.depth = what.parent == kNoNode ? 0 : nodes_.at(what.parent).depth + 1;
  node.unsettled = what.picked;
  node.begun = set_of(what.picked);
  for (const SleepingStep& sleeper : what.asleep) node.begun |= set_of(sleeper.actor);
  node.open = 1;
  node.parts.push_back({what.picked, 0, 0});
  if (what.parent != kNoNode)
    drop_part(nodes_.at(what.parent), what.led_here, share_of_outcomes(what.choices).behind());
  node.what = std::move(what);
  const NodeId id = next_id_++;
  nodes_.emplace(id, std::move(node));
  changed_.notify_all();
  return id;
}

void SharedTree::leave_outcomes(NodeId id, ActorId actor, std::span<const Access> footprint,
                                std::vector<Choice> rest) {
  const std::scoped_lock lock(mutex_);
  SharedNode& node = nodes_.at(id);
  if (node.unsettled != actor) return;
  unite(node.begun_there, footprint);
  node.rest_waits = !rest.empty();
  node.rest = std::move(rest);
  if (!node.rest_waits) settle_now(node);
  changed_.notify_all();
}

void SharedTree::give_back(NodeId id, std::span<const Access> footprint, std::vector<Choice> rest) {
  const std::scoped_lock lock(mutex_);
  SharedNode& node = nodes_.at(id);
  unite(node.begun_there, footprint);
  node.rest = std::move(rest);
  node.rest_waits = true;
  drop_part(node, node.unsettled, 1);
  --node.open;
  --handed_out_;
  changed_.notify_all();
}

void SharedTree::finish(NodeId id, ActorId actor, std::span<const Access> footprint) {
  settle(id, actor, footprint);
  const std::scoped_lock lock(mutex_);
  --handed_out_;
  drop_part(nodes_.at(id), actor, 1);
  close_part(id);
  changed_.notify_all();
}

void SharedTree::give_all_back() {
  const std::scoped_lock lock(mutex_);
  --handed_out_;
  root_waits_ = true;
  root_share_ = 0;
  changed_.notify_all();
}

void SharedTree::finish_all() {
  const std::scoped_lock lock(mutex_);
  --handed_out_;
  finished_ = true;
  changed_.notify_all();
}

/// A node that is explored is one part less of the node before.
void SharedTree::close_part(NodeId id) {
  while (id != kNoNode) {
    SharedNode& node = nodes_.at(id);
    --node.open;
    if (!is_explored(node)) return;
    const NodeId parent = node.what.parent;
    nodes_.erase(id);
    id = parent;
  }
  finished_ = true;
}

ActorSet SharedTree::extend(NodeId id, ActorSet unless, ActorSet added) {
  const std::scoped_lock lock(mutex_);
  SharedNode& node = nodes_.at(id);
  if ((node.what.backtrack & unless) != 0) return node.what.backtrack;
  node.what.backtrack |= added & node.what.enabled;
  if (idle_ > 0) changed_.notify_all();
  return node.what.backtrack;
}

void SharedTree::note_share(NodeId id, const PartShare& share) {
  const std::scoped_lock lock(mutex_);
  if (id == kNoNode) {
    root_share_ = share.below;
    return;
  }
  SharedNode& node = nodes_.at(id);
  const auto part = part_with(node, share.actor, share.outcomes);
  if (part != node.parts.end()) *part = share;
}

double SharedTree::explored_share() {
  const std::scoped_lock lock(mutex_);
  if (finished_) return 1;
  return nodes_.empty() ? root_share_ : model::explored_share(nodes_);
}

void SharedTree::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void SharedTree::pause() {
  const std::scoped_lock lock(mutex_);
  paused_ = true;
}

bool SharedTree::wait_until_nobody_explores() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return handed_out_ == 0 || stopped_; });
  return !stopped_;
}

bool SharedTree::nobody_explores() {
  const std::scoped_lock lock(mutex_);
  return handed_out_ == 0;
}

void SharedTree::go_on() {
  const std::scoped_lock lock(mutex_);
  paused_ = false;
  changed_.notify_all();
}

void SharedTree::restore(std::map<NodeId, SharedNode> nodes) {
  const std::scoped_lock lock(mutex_);
  nodes_ = std::move(nodes);
  for (auto& [id, node] : nodes_) node.open = 0;
  for (auto& [id, node] : nodes_)
    if (node.what.parent != kNoNode) ++nodes_.at(node.what.parent).open;
  next_id_ = nodes_.empty() ? 0 : nodes_.rbegin()->first + 1;
  root_waits_ = nodes_.empty();
}

}  // namespace unswept::model
