// model/explore/search_tree.h: the upper part of a search tree, as a search sees it (internal).
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
// SharedTree holds it in memory; RemoteTree asks the process that does.
//
// Thread safety: as the implementation says; the three flags may be read at any time.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
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
  ActorSet slept = 0;               // of those, the ones that did on arrival
  std::vector<Reliance> reliances;  // of the path to the node
};

/// How far somebody is with what begins with one actor's step at a node, as a share of all that
/// begins with it.
struct PartShare {
  ActorId actor = kNoActor;
  double outcomes = 0;  // those of its step that come before the present one
  double below = 0;     // what lies behind below the present one
};

class SearchTree {
 public:
  SearchTree() = default;
  virtual ~SearchTree() = default;
  SearchTree(const SearchTree&) = delete;
  SearchTree& operator=(const SearchTree&) = delete;

  /// Waits for something to explore.  Nothing: all is explored, or stop() was called.  While it
  /// waits it calls `meanwhile` several times a second, if there is one.
  virtual std::optional<Subtree> next(const std::function<void()>& meanwhile) = 0;
  /// The caller explores the step picked there, and what was handed out or published before as its
  /// parent is from now on explored there.
  virtual NodeId publish(PublishedNode node) = 0;
  /// The outcomes of `actor`'s step at `node` touch that, except for those from `rest` on, which
  /// the caller leaves to others.
  virtual void leave_outcomes(NodeId node, ActorId actor, std::span<const Access> footprint,
                              std::vector<Choice> rest) = 0;
  /// The step of `actor` at `node` has no outcomes but those that touch that.
  void settle(NodeId node, ActorId actor, std::span<const Access> footprint) {
    leave_outcomes(node, actor, footprint, {});
  }
  /// The caller gives what it had begun at `node` back: outcomes from `rest` on (empty: all) are
  /// still to be explored, those before touched that.
  virtual void give_back(NodeId node, std::span<const Access> footprint,
                         std::vector<Choice> rest) = 0;
  /// What begins with the step of `actor` at `node` is explored, as far as it was the caller's.
  virtual void finish(NodeId node, ActorId actor, std::span<const Access> footprint) = 0;
  /// The whole tree was the caller's, and is given back or explored.
  virtual void give_all_back() = 0;
  virtual void finish_all() = 0;
  /// Makes `added` to be explored at `node`, unless one of `unless` is already.  Returns those of
  /// whom it is known now that they are; there may be more.
  virtual ActorSet extend(NodeId node, ActorSet unless, ActorSet added) = 0;
  /// How far the caller is with what it had begun at `node`; if that is kNoNode, with the tree.
  virtual void note_share(NodeId node, const PartShare& share) = 0;
  /// Nothing is handed out any more.
  virtual void stop() = 0;

  // What to look at between executions; costs next to nothing.

  /// Whether somebody waits for what nobody has published.
  bool wanted() const { return wanted_.load(std::memory_order_relaxed); }
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  /// Nothing is handed out for a while, and whoever explores is to give it back.
  bool paused() const { return paused_.load(std::memory_order_relaxed); }

 protected:
  std::atomic<bool> wanted_ = false;
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> paused_ = false;
};

}  // namespace unswept::model
