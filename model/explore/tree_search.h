// model/explore/tree_search.h: a search that may be one of several of one tree (internal).
//
// How a depth-first search takes over part of a SearchTree, leaves work to others, and gives back
// what it has not explored.  What it explores below, and what it knows of a node, is the business
// of the strategy: DporSearch, NaiveSearch.
//
// Thread safety: none; a search belongs to its worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/explore/choice_stack.h"
#include "model/explore/search.h"
#include "model/explore/search_tree.h"

namespace unswept::model {

class TreeSearch : public Search {
 public:
  /// Explores that from now on; to be called before the first execution or after advance() has
  /// returned false.  `tree` must outlive the search.  The program does not go on from its last
  /// run.
  void adopt(const Subtree& subtree, SearchTree& tree);
  /// Between executions: leaves something to others, if there is anything to leave.
  void share();
  /// Between executions: gives everything that is not explored yet to the tree.
  void give_back();
  /// advance() has returned false: what was adopted is explored.
  void finish();
  /// Between executions: tells the tree how far the search is with what it adopted, if it has
  /// anything.
  void tell_share();

  std::optional<double> explored_share() const override;

 protected:
  /// The step picked at a node of the path.
  struct PickedStep {
    ActorId actor;
    std::uint32_t choices_begin;
  };

  // What the strategy knows of the nodes of its path; `index` counts them from the root.

  virtual std::size_t path_size() const = 0;
  virtual PickedStep picked_at(std::size_t index) const = 0;
  /// Somebody else than the actor picked there is to begin at the node.
  virtual bool has_waiting(std::size_t index) const = 0;
  /// Whether all that is to be explored at the node can be told to others.
  virtual bool can_be_told(std::size_t index) const {
    (void)index;
    return true;
  }
  /// Tells all but how the path came there.  From then on those who wait at the node are the
  /// tree's.
  virtual void describe(std::size_t index, PublishedNode& node) = 0;
  /// What those outcomes of the step picked at the node touch that have been explored.
  virtual std::vector<Access> footprint_explored(std::size_t index) const = 0;
  /// ... and the present one's.  REQUIRES: the step was taken in the last execution.
  virtual std::vector<Access> footprint_so_far(std::size_t index) const = 0;
  /// What share lies behind of what is below the first `begin` nodes and the steps picked there.
  virtual double share_below(std::size_t begin) const = 0;
  /// The path is the way to `subtree`; choices_ holds nothing.
  virtual void take_way(const Subtree& subtree) = 0;
  virtual void drop_path() = 0;
  /// The first `nodes` nodes of the path belong to others too.
  virtual void shared_up_to(std::size_t nodes) { (void)nodes; }

  std::size_t choices_end(std::size_t index) const;
  /// Nothing below the node at `index` is the tree's.
  std::size_t shared() const { return shared_nodes_.size(); }

  ChoiceStack choices_;
  std::size_t known_ = 0;       // nodes whose step an earlier execution took, with the same outcome
  SearchTree* tree_ = nullptr;  // null: nothing is adopted
  std::vector<NodeId> shared_nodes_;  // in the tree: so many nodes of the path are there too
  bool way_is_new_ = false;           // the path was adopted, and has not been taken yet

 private:
  void publish_up_to(std::size_t end);
  void publish(std::size_t index);
  void leave_rest_of(std::size_t index);
  void settle_last_shared();
  std::vector<Choice> rest_of(std::size_t index) const;

  bool settled_ = false;  // the step picked at the last shared node has no outcomes left
};

}  // namespace unswept::model
