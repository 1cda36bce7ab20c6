// model/explore/shared_tree.h: the upper part of a search tree, explored by many (internal).
//
// Each worker explores a Subtree with a search of its own, depth first.  When others
// have nothing to do it publishes the upper nodes of its path; from then on what is
// still to be explored at these is handed out by the tree, and whoever finds a race
// below them adds its reversal here.  A node is finished when all that was begun there
// is, and nothing is left to begin.
//
//   - Whoever begins second at a node lets the first sleep, as in one search; so every
//     Mazurkiewicz trace is explored once, whoever explores it.  For that the first
//     one's step must be known with all its outcomes: until it is *settled*, nobody
//     else begins there.
//   - Handed out is always what lies deepest.  A single worker that gives its path back
//     and asks again goes on with the very execution that would have come next.
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

#include "model/explore/subtree.h"

namespace unswept::model {

/// What a search tells of a node when it publishes it.
struct PublishedNode {
  NodeId parent = kNoNode;      // the node before, on the path
  ActorId led_here = kNoActor;  // whose step
  std::vector<Choice> choices;  // ... with this outcome
  ActorSet enabled = 0;
  ActorSet backtrack = 0;
  ActorId picked = kNoActor;  // whose step there is being explored
  std::vector<SleepingStep> asleep;
  std::vector<Reliance> reliances;  // of the path to the node
};

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
};

class SharedTree {
 public:
  /// A tree of which nothing is explored.
  SharedTree() = default;

  // --- what searches do

  /// Waits for something to explore.  Nothing: all is explored, or stop() was called.  While it
  /// waits it calls `meanwhile` several times a second.
  std::optional<Subtree> next(const std::function<void()>& meanwhile);
  /// Whether somebody waits for what nobody has published.  Costs next to nothing.
  bool wanted() const { return wanted_.load(std::memory_order_relaxed); }
  /// The caller explores the step picked there, and what was handed out or published before as its
  /// parent is from now on explored there.
  NodeId publish(PublishedNode node);
  /// The outcomes of `actor`'s step at `node` touch that, except for those from `rest` on, which
  /// the caller leaves to others.
  void leave_outcomes(NodeId node, ActorId actor, std::span<const Access> footprint,
                      std::vector<Choice> rest);
  /// The step of `actor` at `node` has no outcomes but those that touch that.
  void settle(NodeId node, ActorId actor, std::span<const Access> footprint);
  /// The caller gives what it had begun at `node` back: outcomes from `rest` on (empty: all) are
  /// still to be explored, those before touched that.
  void give_back(NodeId node, std::span<const Access> footprint, std::vector<Choice> rest);
  /// What begins with the step of `actor` at `node` is explored, as far as it was the caller's.
  void finish(NodeId node, ActorId actor, std::span<const Access> footprint);
  /// The whole tree was the caller's, and is given back or explored.
  void give_all_back();
  void finish_all();
  /// Makes `added` to be explored at `node`, unless one of `unless` is already.  Returns all that
  /// are.
  ActorSet extend(NodeId node, ActorSet unless, ActorSet added);

  /// Nothing is handed out any more.
  void stop();
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  /// All is explored.
  bool finished() const { return finished_.load(std::memory_order_relaxed); }

  /// Nothing is handed out until go_on(), and whoever explores is to give it back.
  void pause();
  bool paused() const { return paused_.load(std::memory_order_relaxed); }
  /// Waits until all that was handed out has been given back or is explored.  False: stopped.
  bool wait_until_nobody_explores();
  void go_on();

  // --- what is written down and read back, while nobody explores

  const std::map<NodeId, SharedNode>& nodes() const { return nodes_; }
  /// A tree of these nodes; none: nothing is explored yet.
  void restore(std::map<NodeId, SharedNode> nodes);

 private:
  std::optional<Subtree> take();
  SharedNode* deepest_with_work(NodeId& id);
  Subtree begin_at(NodeId id, SharedNode& node);
  void close_part(NodeId id);

  std::mutex mutex_;  // of all below; the atomic ones are read without
  std::condition_variable changed_;
  std::map<NodeId, SharedNode> nodes_;
  NodeId next_id_ = 0;
  bool root_waits_ = true;  // the tree is nobody's
  std::size_t handed_out_ = 0;
  std::size_t idle_ = 0;
  std::atomic<bool> wanted_ = false;
  std::atomic<bool> paused_ = false;
  std::atomic<bool> finished_ = false;
  std::atomic<bool> stopped_ = false;
};

}  // namespace unswept::model
