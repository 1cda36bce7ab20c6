#include "model/explore/worker.h"

#include "model/explore/dpor.h"
#include "model/explore/naive.h"
#include "model/explore/stateful.h"

namespace unswept::model {

std::unique_ptr<TreeSearch> make_tree_search(const ExploreOptions& options, std::uint32_t workers) {
  // Bounds on the schedule cut executions that the reduction counts on.
  const bool unreduced =
      options.strategy == Strategy::naive || options.bounds.preemptions || options.bounds.delays;
  if (unreduced) return std::make_unique<NaiveSearch>(options.bounds);
  if (options.strategy == Strategy::stateful)
    return std::make_unique<StatefulSearch>(options.bounds, options.dependence,
                                            options.memory_budget / workers);
  return std::make_unique<DporSearch>(options.bounds, options.dependence);
}

namespace {
/// Workers tell how far they are after so many executions of theirs.
constexpr std::uint64_t kTellEvery = 256;
}  // namespace

SubtreeLeft explore_subtree(Worker& worker, const Subtree& subtree, SearchTree& tree,
                            const std::function<bool()>& between) {
  TreeSearch& search = *worker.search;
  search.adopt(subtree, tree);
  worker.session.went_elsewhere();
  for (;;) {
    if (tree.stopped() || !worker.session.may_go_on()) {
      search.give_back();
      return SubtreeLeft::over;
    }
    const bool look_on = worker.session.execute();
    const bool more = look_on && search.advance();
    if (!look_on || search.divergence()) return SubtreeLeft::lost;
    if (!more) {
      search.finish();
      return SubtreeLeft::explored;
    }
    if (tree.paused()) {
      search.give_back();
      return SubtreeLeft::given_back;
    }
    if (tree.wanted()) search.share();
    if (search.executions() % kTellEvery == 0) {
      search.tell_share();
      worker.session.note_states();
    }
    if (between()) return SubtreeLeft::given_back;
  }
}

void add_states(StateCacheFigures& sum, const StateCacheFigures& more) {
  sum.states += more.states;
  sum.lookups += more.lookups;
  sum.hits += more.hits;
  sum.partial_hits += more.partial_hits;
  sum.bytes += more.bytes;
  sum.full |= more.full;
  sum.collision_probability += more.collision_probability;
}

}  // namespace unswept::model
