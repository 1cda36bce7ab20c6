#include "model/explore/team.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "model/explore/checkpoint.h"
#include "model/explore/link.h"
#include "model/explore/shared_tree.h"
#include "model/explore/tree_server.h"
#include "model/explore/worker.h"

namespace unswept::model {
namespace {

class Exploration {
 public:
  Exploration(Program& program, const ExploreOptions& options)
      : options_(options),
        size_(options.peers.link == nullptr ? std::max(1U, options.team.size)
                                            : options.peers.link->size()),
        budget_(size_, used_before(options)),
        first_(program, nullptr, options, make_tree_search(options, size_),
               {&budget_, 0, [this] { return share(); }}) {
    if (options.peers.link != nullptr) {
      server_.emplace(tree_, budget_, options_);
      budget_.ask([this](std::uint64_t executions) { return server_->has_room(executions); });
    }
    if (const Checkpoint* from = options.checkpoint.resume) {
      tree_.restore(from->nodes);
      first_.session.absorb(from->figures);
    }
    if (options.clock) written_at_ = options.clock();
  }

  ExploreResult run() {
    work(first_);
    threads_.clear();  // joins them
    if (server_) server_->dismiss();
    if (!tree_.finished() && !is_lost()) write();
    const std::vector<ExploreResult> reports = reports_of_others();
    const bool found_here = first_.session.figures().counterexample.has_value();
    for (const ExploreResult& report : reports) first_.session.absorb(report);
    ExploreResult result = first_.session.finish(tree_.finished(), /*exhaustive=*/true);
    for (const ExploreResult& report : reports)
      if (report.state_cache && result.state_cache)
        add_states(*result.state_cache, *report.state_cache);
    if (!server_) return result;
    for (const ExploreResult* report : server_->reports()) result.by_peers += report->executions;
    result.found_by_peer = result.counterexample && !found_here;
    return result;
  }

 private:
  static SharedBudget::Used used_before(const ExploreOptions& options) {
    if (options.checkpoint.resume == nullptr) return {};
    const ExploreResult& figures = options.checkpoint.resume->figures;
    return {figures.executions + figures.blocked + figures.pruned + figures.cut, figures.steps, 0};
  }

  bool is_lost() const { return lost_ || (server_ && server_->lost()); }

  std::vector<ExploreResult> reports_of_others() const {
    std::vector<ExploreResult> reports;
    for (const auto& worker : workers_) reports.push_back(worker->session.report());
    if (server_)
      for (const ExploreResult* report : server_->reports()) reports.push_back(*report);
    return reports;
  }

  bool is_first(const Worker& worker) const { return &worker == &first_; }

  /// On the first worker's thread.
  double share() {
    first_.search->tell_share();
    return tree_.explored_share();
  }

  void work(Worker& worker) {
    std::function<void()> meanwhile;
    if (is_first(worker))
      meanwhile = [&] {
        if (!worker.session.report_progress()) tree_.stop();
        write_if_due(nullptr);
      };
    const auto between = [&] { return is_first(worker) && look_around(*worker.search); };
    while (const auto subtree = next(worker, meanwhile)) {
      const SubtreeLeft left = explore_subtree(worker, *subtree, tree_, between);
      if (left == SubtreeLeft::lost) lost_ = true;
      if (left == SubtreeLeft::lost || left == SubtreeLeft::over) return tree_.stop();
    }
  }

  std::optional<Subtree> next(const Worker& worker, const std::function<void()>& meanwhile) {
    return server_ && is_first(worker) ? server_->next(meanwhile) : tree_.next(meanwhile);
  }

  /// What the first one sees to between its executions.  Whether what it had begun was given back.
  bool look_around(TreeSearch& search) {
    look_for_help();
    if (server_) server_->serve();
    if (server_ && server_->only_deals_out()) {
      search.give_back();
      return true;
    }
    return write_if_due(&search);
  }

  void look_for_help() {
    if (server_) {
      if (budget_.used().attempts >= options_.peers.alone) server_->invite();
      return;
    }
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
                                 make_tree_search(options_, size_), BudgetShare{&budget_, n});
    Worker& me = *worker;
    {
      const std::scoped_lock lock(workers_mutex_);
      workers_.push_back(std::move(worker));
    }
    work(me);
  }

  /// Whether what `search` had begun was given back.
  bool write_if_due(TreeSearch* search) {
    if (!options_.checkpoint.write || !options_.clock) return false;
    if (options_.clock() - written_at_ < options_.checkpoint.every) return false;
    tree_.pause();
    if (search != nullptr) search->give_back();
    const bool calm = server_ ? server_->wait_for_reports() : tree_.wait_until_nobody_explores();
    // Of a tree that is explored there is nothing to go on from.
    if (calm && !tree_.finished()) write();
    tree_.go_on();
    written_at_ = options_.clock();
    return search != nullptr;
  }

  /// REQUIRES: nobody explores.
  void write() {
    if (!options_.checkpoint.write) return;
    const std::scoped_lock lock(workers_mutex_);
    Checkpoint checkpoint{options_.strategy, first_.session.report(), tree_.nodes()};
    ExploreResult& figures = checkpoint.figures;
    for (const ExploreResult& report : reports_of_others()) {
      add_counts(figures, report);
      for (const std::string& name : report.bounds_hit) add_bound(figures, name);
      if (!figures.counterexample) figures.counterexample = report.counterexample;
    }
    // What ended this session does not end the next one; what cut executions off cut them for good.
    std::erase_if(figures.bounds_hit, is_budget);
    options_.checkpoint.write(checkpoint);
  }

  const ExploreOptions& options_;
  const std::uint32_t size_;  // workers at most
  SharedTree tree_;
  SharedBudget budget_;
  Worker first_;
  std::optional<TreeServer> server_;
  std::atomic<bool> lost_ = false;  // what somebody explored was not given back
  double written_at_ = 0;
  std::mutex workers_mutex_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::jthread> threads_;
};

}  // namespace

ExploreResult explore_together(Program& program, const ExploreOptions& options) {
  return Exploration(program, options).run();
}

}  // namespace unswept::model
