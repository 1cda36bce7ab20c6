// model/explore/worker.h: one of several who explore a search tree (internal).
//
// Thread safety: none; a worker belongs to its thread.
#pragma once

#include <functional>
#include <memory>

#include "model/explore/explore.h"
#include "model/explore/session.h"
#include "model/explore/tree_search.h"

namespace unswept::model {

/// One worker with all that is its own.
struct Worker {
  Worker(Program& runs, std::shared_ptr<Program> owned, ExploreOptions its_options,
         std::unique_ptr<TreeSearch> its_search, BudgetShare share)
      : program(std::move(owned)),
        options(std::move(its_options)),
        search(std::move(its_search)),
        session(runs, *search, options, share) {}

  std::shared_ptr<Program> program;  // null: the caller's
  ExploreOptions options;
  std::unique_ptr<TreeSearch> search;
  Session session;
};

/// The search of one of so many workers, for any exhaustive strategy that several can follow.
std::unique_ptr<TreeSearch> make_tree_search(const ExploreOptions& options, std::uint32_t workers);

/// How a subtree was left.
enum class SubtreeLeft : std::uint8_t {
  explored,
  given_back,
  over,  // given back, and the exploration is to end
  lost,  // not given back: something was found that ends the exploration
};

/// Explores `subtree` of `tree`.  Calls `between` between executions, and ends where that says
/// that it has given the rest back.
SubtreeLeft explore_subtree(Worker& worker, const Subtree& subtree, SearchTree& tree,
                            const std::function<bool()>& between);

/// Adds figures of tables of states that different workers filled.
void add_states(StateCacheFigures& sum, const StateCacheFigures& more);

}  // namespace unswept::model
