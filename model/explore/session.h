// model/explore/session.h: the books of an exploration, as far as one worker keeps them (internal).
//
// A session runs one program along one search, execution by execution, and counts.
// Several sessions of one exploration share its budget through a SharedBudget, and
// one of them absorbs the others' figures in the end.
//
// Thread safety: none; a session belongs to its worker.  SharedBudget is safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model/explore/explore.h"
#include "model/explore/search.h"

namespace unswept::model {

/// What all workers have used up together.
class SharedBudget {
 public:
  struct Used {
    std::uint64_t attempts = 0;
    std::uint64_t steps = 0;
    std::uint64_t states = 0;  // that somebody remembers
  };

  /// `before`: was used up in a session that is gone on with.
  SharedBudget(std::size_t workers, const Used& before) : before_(before), rows_(workers) {}

  /// Lets `has_room` answer for this budget: other processes spend it too.
  void ask(std::function<bool(std::uint64_t executions)> has_room) { ask_ = std::move(has_room); }
  /// Whether another execution of some worker is within `executions` in all.
  bool has_room(std::uint64_t executions) const {
    return ask_ ? ask_(executions) : used().attempts < executions;
  }

  /// The figures of one worker, which are not shared so that workers do not wait for each other.
  void note(std::size_t worker, const Used& used) {
    rows_[worker].attempts.store(used.attempts, std::memory_order_relaxed);
    rows_[worker].steps.store(used.steps, std::memory_order_relaxed);
  }
  void note_states(std::size_t worker, std::uint64_t states) {
    rows_[worker].states.store(states, std::memory_order_relaxed);
  }
  Used used() const {
    Used sum = before_;
    for (const Row& row : rows_) {
      sum.attempts += row.attempts.load(std::memory_order_relaxed);
      sum.steps += row.steps.load(std::memory_order_relaxed);
      sum.states += row.states.load(std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  struct alignas(64) Row {
    std::atomic<std::uint64_t> attempts = 0;
    std::atomic<std::uint64_t> steps = 0;
    std::atomic<std::uint64_t> states = 0;
  };
  const Used before_;
  std::vector<Row> rows_;
  std::function<bool(std::uint64_t)> ask_;
};

/// One worker's share in a SharedBudget.
struct BudgetShare {
  SharedBudget* budget = nullptr;
  std::size_t worker = 0;
  /// Of what all explore together; asked when progress is reported.
  std::function<double()> explored_share = {};
};

class TraceCounter;

class Session {
 public:
  /// All must outlive the session.  Worker 0 reports progress.
  Session(Program& program, Search& search, const ExploreOptions& options, BudgetShare share = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Executions are numbered as if there had been so many before.
  void number_from(std::uint64_t attempts) { attempts_ = attempts; }
  /// Whether the budget has room for another execution.
  bool may_go_on();
  /// One execution.  Returns whether to look for more.
  bool execute();
  /// The next execution has nothing in common with the program's last run.
  void went_elsewhere() { elsewhere_ = true; }
  /// To be called now and then while there is nothing to execute.  False: the exploration is to
  /// end.
  bool report_progress();
  /// To be called now and then: tells the others how many states are remembered.
  void note_states();

  /// Adds the report of another session, or of one that is gone on with.
  void absorb(const ExploreResult& figures);
  /// What has been counted so far, without a verdict.
  const ExploreResult& figures() const { return result_; }
  /// The same with what the search counted, for somebody else to absorb.
  ExploreResult report() const;
  /// Closes the books.  `exhausted`: nothing is left to explore.
  ExploreResult finish(bool exhausted, bool exhaustive);

 private:
  SharedBudget::Used used() const;
  bool has_room() const;
  void hit(std::string_view name);
  bool enter(const Ending& ending);
  bool starts_over() const;
  bool verify(const Ending& ending);
  bool judge(const Ending& ending);
  void keep(const Violation& violation, Verdict verdict);
  void show_counterexample();
  void explain_deadlock(Counterexample& shown) const;
  Verdict verdict(bool cut_short) const;

  Program& program_;
  Search& search_;
  const ExploreOptions& options_;
  const BudgetShare share_;
  std::unique_ptr<TraceCounter> counter_;
  double started_ = 0;
  std::uint64_t attempts_ = 0;
  bool elsewhere_ = false;  // the program's last run was not one of the search
  Verdict found_ = Verdict::pass;
  ExploreResult result_;
};

}  // namespace unswept::model
