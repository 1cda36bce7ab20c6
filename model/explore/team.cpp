#include "model/explore/team.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "model/explore/checkpoint.h"
#include "model/explore/session.h"
#include "model/explore/shared_tree.h"

namespace unswept::model {
namespace {

/// One worker with all that is its own.
struct Worker {
  Worker(Program& runs, std::shared_ptr<Program> owned, ExploreOptions its_options,
         std::unique_ptr<DporSearch> its_search, BudgetShare share)
      : program(std::move(owned)),
        options(std::move(its_options)),
        search(std::move(its_search)),
        session(runs, *search, options, share) {}

  std::shared_ptr<Program> program;  // null: the caller's
  ExploreOptions options;
  std::unique_ptr<DporSearch> search;
  Session session;
};

class Exploration {
 public:
  Exploration(Program& program, const ExploreOptions& options,
              const std::function<std::unique_ptr<DporSearch>()>& make_search)
      : options_(options),
        make_search_(make_search),
        budget_(std::max(1U, options.team.size), used_before(options)),
        first_(program, nullptr, options, make_search(), {&budget_, 0}) {
    if (const Checkpoint* from = options.checkpoint.resume) {
      tree_.restore(from->nodes);
      first_.session.absorb(from->figures);
    }
    if (options.clock) written_at_ = options.clock();
  }

  ExploreResult run() {
    work(first_);
    threads_.clear();  // joins them
    if (!tree_.finished() && !lost_) write();
    for (const auto& worker : workers_) first_.session.absorb(worker->session);
    ExploreResult result = first_.session.finish(tree_.finished(), /*exhaustive=*/true);
    for (const auto& worker : workers_) add_states(result, *worker->search);
    return result;
  }

 private:
  static SharedBudget::Used used_before(const ExploreOptions& options) {
    if (options.checkpoint.resume == nullptr) return {};
    const ExploreResult& figures = options.checkpoint.resume->figures;
    return {figures.executions + figures.blocked + figures.pruned + figures.cut, figures.steps};
  }

  static void add_states(ExploreResult& result, const DporSearch& search) {
    const auto more = search.state_cache();
    if (!more || !result.state_cache) return;
    result.state_cache->states += more->states;
    result.state_cache->lookups += more->lookups;
    result.state_cache->hits += more->hits;
    result.state_cache->partial_hits += more->partial_hits;
    result.state_cache->bytes += more->bytes;
    result.state_cache->full |= more->full;
    result.state_cache->collision_probability += more->collision_probability;
  }

  bool is_first(const Worker& worker) const { return &worker == &first_; }

  void work(Worker& worker) {
    std::function<void()> meanwhile;
    if (is_first(worker))
      meanwhile = [&] {
        if (!worker.session.report_progress()) tree_.stop();
        write_if_due(nullptr);
      };
    while (const auto subtree = tree_.next(meanwhile)) {
      worker.search->adopt(*subtree, tree_);
      worker.session.went_elsewhere();
      if (!explore_subtree(worker)) return tree_.stop();
    }
  }

  /// False: the exploration is over.
  bool explore_subtree(Worker& worker) {
    DporSearch& search = *worker.search;
    for (;;) {
      if (tree_.stopped() || !worker.session.may_go_on()) {
        search.give_back();
        return false;
      }
      const bool look_on = worker.session.execute();
      const bool more = look_on && search.advance();
      if (!look_on || search.divergence()) {
        lost_ = true;
        return false;
      }
      if (!more) {
        search.finish();
        return true;
      }
      if (tree_.paused()) {
        search.give_back();
        return true;
      }
      if (tree_.wanted()) search.share();
      if (!is_first(worker)) continue;
      look_for_help();
      if (write_if_due(&search)) return true;
    }
  }

  void look_for_help() {
    if (!threads_.empty() || options_.team.size < 2 || !options_.team.join) return;
    if (budget_.used().attempts < options_.team.alone) return;
    for (std::uint32_t n = 1; n < options_.team.size; ++n)
      threads_.emplace_back([this, n] { help(n); });
  }

  void help(std::uint32_t n) {
    const auto needed = [this] { return !tree_.stopped() && !tree_.finished(); };
    auto colleague = options_.team.join(n, needed);
    if (!colleague) return;
    ExploreOptions options = options_;
    options.executed = std::move(colleague->executed);
    options.pruned = std::move(colleague->pruned);
    Program& program = *colleague->program;
    auto worker =
        std::make_unique<Worker>(program, std::move(colleague->program), std::move(options),
                                 make_search_(), BudgetShare{&budget_, n});
    Worker& me = *worker;
    {
      const std::scoped_lock lock(workers_mutex_);
      workers_.push_back(std::move(worker));
    }
    work(me);
  }

  /// Whether what `search` had begun was given back.
  bool write_if_due(DporSearch* search) {
    if (!options_.checkpoint.write || !options_.clock) return false;
    if (options_.clock() - written_at_ < options_.checkpoint.every) return false;
    tree_.pause();
    if (search != nullptr) search->give_back();
    if (tree_.wait_until_nobody_explores()) write();
    tree_.go_on();
    written_at_ = options_.clock();
    return search != nullptr;
  }

  /// REQUIRES: nobody explores.
  void write() {
    if (!options_.checkpoint.write) return;
    const std::scoped_lock lock(workers_mutex_);
    Checkpoint checkpoint{options_.strategy, first_.session.figures(), tree_.nodes()};
    ExploreResult& figures = checkpoint.figures;
    figures.races += first_.search->races();
    for (const auto& worker : workers_) {
      add_counts(figures, worker->session.figures());
      figures.races += worker->search->races();
      if (!figures.counterexample)
        figures.counterexample = worker->session.figures().counterexample;
    }
    // What ended this session does not end the next one.
    std::erase_if(figures.bounds_hit, [](const std::string& name) { return name != bound::steps; });
    options_.checkpoint.write(checkpoint);
  }

  const ExploreOptions& options_;
  const std::function<std::unique_ptr<DporSearch>()>& make_search_;
  SharedTree tree_;
  SharedBudget budget_;
  Worker first_;
  std::atomic<bool> lost_ = false;  // what somebody explored was not given back
  double written_at_ = 0;
  std::mutex workers_mutex_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::jthread> threads_;
};

}  // namespace

ExploreResult explore_together(Program& program, const ExploreOptions& options,
                               const std::function<std::unique_ptr<DporSearch>()>& make_search) {
  return Exploration(program, options, make_search).run();
}

}  // namespace unswept::model
