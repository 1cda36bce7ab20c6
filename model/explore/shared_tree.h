// model/explore/shared_tree.h: the upper part of a search tree, in memory (internal).
//
// Thread safety: all functions may be called by several threads, as far as not said.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/explore/search_tree.h"

namespace unswept::model {

/// A node as it is written down.
struct SharedNode {
  PublishedNode what;
  std::size_t depth = 0;
  ActorSet begun = 0;               // and those that slept on arrival
  ActorId unsettled = kNoActor;     // whose step may have outcomes that nobody has seen
  std::vector<Access> begun_there;  // what the outcomes of that step touched, as far as explored
  std::vector<Choice> rest;         // outcomes of that step that are to be explored, from here on
  bool rest_waits = false;          // ... and nobody does yet
  std::uint32_t open = 0;           // parts that somebody explores, and nodes right below
  std::vector<PartShare> parts;     // of whoever explores, with no node below this one in between
};

class SharedTree final : public SearchTree {
 public:
  /// A tree of which nothing is explored.
  SharedTree() = default;

  std::optional<Subtree> next(const std::function<void()>& meanwhile) override;
  NodeId publish(PublishedNode node) override;
  void leave_outcomes(NodeId node, ActorId actor, std::span<const Access> footprint,
                      std::vector<Choice> rest) override;
  void give_back(NodeId node, std::span<const Access> footprint, std::vector<Choice> rest) override;
  void finish(NodeId node, ActorId actor, std::span<const Access> footprint) override;
  void give_all_back() override;
  void finish_all() override;
  ActorSet extend(NodeId node, ActorSet unless, ActorSet added) override;
  void note_share(NodeId node, const PartShare& share) override;
  void stop() override;

  /// What share of the tree is explored, as far as the tree and what was noted are known
  /// (model/explore/tree_share.h).
  double explored_share();

  /// What next() returns, if it need not wait.
  std::optional<Subtree> take_now();
  /// Somebody waits, and will ask take_now() again and again.
  void begin_waiting();
  void end_waiting();

  /// All is explored.
  bool finished() const { return finished_.load(std::memory_order_relaxed); }

  /// Nothing is handed out until go_on(), and whoever explores is to give it back.
  void pause();
  /// Waits until all that was handed out has been given back or is explored.  False: stopped.
  bool wait_until_nobody_explores();
  bool nobody_explores();
  void go_on();

  // --- what is written down and read back, while nobody explores

  const std::map<NodeId, SharedNode>& nodes() const { return nodes_; }
  /// A tree of these nodes; none: nothing is explored yet.
  void restore(std::map<NodeId, SharedNode> nodes);

 private:
  bool hands_out() const { return !stopped_ && !finished_ && !paused_; }
  void count_waiting(bool one_more);
  std::optional<Subtree> take();
  SharedNode* deepest_with_work(NodeId& id);
  Subtree begin_at(NodeId id, SharedNode& node);
  void close_part(NodeId id);

  std::mutex mutex_;  // of all below; the atomic ones are read without
  std::condition_variable changed_;
  std::map<NodeId, SharedNode> nodes_;
  NodeId next_id_ = 0;
  bool root_waits_ = true;  // the tree is nobody's
  double root_share_ = 0;   // explored, as long as there are no nodes
  std::size_t handed_out_ = 0;
  std::size_t idle_ = 0;
  std::atomic<bool> finished_ = false;
};

}  // namespace unswept::model
