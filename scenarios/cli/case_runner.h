// scenarios/cli/case_runner.h: several checks at once.
//
// Cases are begun in their order, each with a Program of its own, and their outcomes are handed out
// in that order too, whichever ends first: what is printed does not depend on the number of jobs.
//
// Thread safety: a runner belongs to the thread that made it.  The check and `asked_to_stop` are
// called on the runner's threads, several at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "model/explore/estimate.h"
#include "model/explore/explore.h"
#include "reports/result.h"
#include "scenarios/check/cores.h"
#include "scenarios/cli/files.h"
#include "scenarios/cli/pace.h"

namespace unswept::scenarios {

/// A scenario under one protocol.
struct Case {
  const LoadedScenario* loaded = nullptr;
  std::string protocol;
};

/// A sentence when the case cannot be checked.
using CaseOutcome = std::expected<reports::CaseResult, std::string>;
using CaseProgress = std::function<bool(const model::Progress&)>;

/// Cases that are being checked now.
struct RunningCases {
  std::size_t count = 0;
  const Case* oldest = nullptr;
  double since = 0;  // when the oldest was begun
  // Of the search that the oldest makes now, as far as it tells.
  std::uint64_t searched = 0;  // executions
  std::optional<std::uint64_t> states = {};
  std::optional<model::Estimate> total = {};  // executions in the end
  std::optional<model::Estimate> seconds_left = {};
  // Of all of them together.
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  double steps_per_second = 0;
};

class CaseRunner {
 public:
  struct Options {
    std::uint32_t jobs = 1;               // cases at a time; at least 1
    Cores* cores = nullptr;               // at least as many; each case holds one
    std::function<double()> clock;        // seconds since some moment
    std::function<bool()> asked_to_stop;  // by the user; nothing: never
    /// Checks one case; to be ended when the progress that it is given returns false.
    std::function<CaseOutcome(const Case&, const CaseProgress&)> check;
  };

  /// Begins.  `cases` must outlive the runner.
  CaseRunner(const std::vector<Case>& cases, Options options);
  /// Ends what is being checked, and waits for that.
  ~CaseRunner();
  CaseRunner(const CaseRunner&) = delete;
  CaseRunner& operator=(const CaseRunner&) = delete;

  /// Waits for the next case and hands its outcome out; nothing when there are no more.  Calls
  /// `meanwhile` several times a second.
  std::optional<CaseOutcome> next(const std::function<void()>& meanwhile);

  RunningCases running() const;

 private:
  struct Slot {
    bool done = false;
    double since = 0;
    Pace pace;
    std::optional<CaseOutcome> outcome;
  };

  void work();
  std::optional<std::size_t> claim();
  bool namesake_runs(std::size_t index) const;
  bool note_progress(std::size_t index, const model::Progress& progress);
  bool stopping() const;

  const std::vector<Case>& cases_;
  const Options options_;

  mutable std::mutex mutex_;  // of all below, threads_ aside
  std::condition_variable changed_;
  std::vector<Slot> slots_;  // one for each case
  std::size_t begun_ = 0;    // the first so many cases
  std::size_t handed_out_ = 0;
  std::size_t workers_ = 0;  // that may begin more
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace unswept::scenarios
