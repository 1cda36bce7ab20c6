#include "model/explore/estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "model/explore/tree_probes.h"

namespace unswept::model {
namespace {

/// What a search tells is kept once in so many parts of its executions so far.
constexpr std::uint64_t kToldParts = 32;

double as_double(Leaves leaves) {
  constexpr double kMost = std::numeric_limits<double>::max();
  return leaves < kMost ? static_cast<double>(leaves) : kMost;
}

/// The mean of independent probes, and the means of some batches of them.
class ProbeMean {
 public:
  void add(Leaves leaves) {
    Batch& batch = batches_[count_++ % batches_.size()];
    batch.sum += leaves;
    ++batch.count;
  }
  std::uint64_t count() const { return count_; }
  /// Nothing without a probe.  Means of skewed numbers tell little of what is above them if there
  /// are few: then it is no range.
  std::optional<Estimate> estimate() const {
    if (count_ == 0) return std::nullopt;
    Leaves sum = 0;
    Leaves low = std::numeric_limits<Leaves>::max();
    Leaves high = 0;
    for (const Batch& batch : batches_) {
      if (batch.count == 0) continue;
      const Leaves mean = batch.sum / static_cast<Leaves>(batch.count);
      sum += batch.sum;
      low = std::min(low, mean);
      high = std::max(high, mean);
    }
    return Estimate{as_double(sum / static_cast<Leaves>(count_)), as_double(low),
                    count_ < kEnough ? kOpen : as_double(high)};
  }

 private:
  static constexpr std::uint64_t kEnough = 4;
  static constexpr double kOpen = std::numeric_limits<double>::infinity();
  struct Batch {
    Leaves sum = 0;
    std::uint64_t count = 0;
  };
  std::array<Batch, 8> batches_;
  std::uint64_t count_ = 0;
};

/// What of the time the search itself gets; the rest is for probes.
constexpr double kSearchShare = 0.4;
constexpr std::uint64_t kProgressEvery = 16;

std::uint64_t attempts_of(const ExploreResult& result) {
  return result.executions + result.blocked + result.pruned + result.cut;
}

bool is_reduced(const ExploreOptions& options) {
  return options.strategy != Strategy::naive && !options.bounds.preemptions &&
         !options.bounds.delays;
}

Estimate scaled(const Estimate& estimate, double factor) {
  return {estimate.value * factor, estimate.low * factor, estimate.high * factor, estimate.exact};
}

/// There are at least so many.
Estimate at_least(const Estimate& estimate, std::uint64_t number) {
  const auto least = static_cast<double>(number);
  return {std::max(estimate.value, least), std::max(estimate.low, least),
          std::max(estimate.high, least), estimate.exact};
}

/// Probes of both kinds until the time is over.
class Probing {
 public:
  Probing(Program& program, const ExploreOptions& options, bool reduced, double until)
      : options_(options),
        until_(until),
        reduced_(reduced),
        probes_(program, {options.bounds, reduced, options.dependence, options.seed}) {}

  void run() {
    const double start = options_.clock();
    const auto before = [&](double share) { return go_on(start + (until_ - start) * share); };
    if (reduced_)
      while (learnt_ < kWaysMin || before(kLearning)) learn();
    // Longest runs are known from a few of these, which strata need.
    while (ways_.count() < kWaysMin || before(kLearning + kWays)) ways_.add(probes_.knuth());
    for (std::uint32_t strata = kStrataMin; go_on(until_);) {
      const double begin = options_.clock();
      const auto leaves = probes_.chen(strata, [&] { return go_on(until_); });
      if (!leaves) break;
      strata_.add(*leaves);
      // As fine as leaves room for as many probes as an estimate takes.
      const double took = options_.clock() - begin;
      if (strata_.count() == 1 && took * 4 * kWaysMin < until_ - begin) strata *= 4;
    }
  }

  std::uint64_t count() const { return ways_.count() + strata_.count(); }
  bool violation() const { return probes_.violation(); }
  std::optional<Estimate> estimate() const {
    if (const auto by_strata = strata_.estimate()) return by_strata;
    auto by_ways = ways_.estimate();
    // Most leaves hang on few of the ways down, which were hardly met.
    if (by_ways) by_ways->high = std::numeric_limits<double>::infinity();
    return by_ways;
  }

 private:
  void learn() {
    probes_.learn();
    ++learnt_;
  }

  bool go_on(double until) const {
    return options_.clock() < until && (!options_.progress || options_.progress({}));
  }

  static constexpr std::uint64_t kWaysMin = 8;
  // Shares of the time for all of it.
  static constexpr double kLearning = 0.1;
  static constexpr double kWays = 0.1;
  static constexpr std::uint32_t kStrataMin = 4;

  const ExploreOptions& options_;
  const double until_;
  const bool reduced_;
  TreeProbes probes_;
  std::uint64_t learnt_ = 0;
  ProbeMean ways_;
  ProbeMean strata_;
};

}  // namespace

void SearchForecast::add(std::uint64_t executions, double share) {
  if (executions == 0 || share <= 0) return;
  last_ = {executions, static_cast<double>(executions) / share};
  if (told_.empty() || executions - told_.back().executions >= executions / kToldParts)
    told_.push_back(last_);
}

std::optional<Estimate> SearchForecast::total() const {
  if (told_.empty()) return std::nullopt;
  Estimate estimate{last_.total, last_.total, last_.total};
  for (auto told = told_.rbegin(); told != told_.rend() && told->executions >= last_.executions / 2;
       ++told) {
    estimate.low = std::min(estimate.low, told->total);
    estimate.high = std::max(estimate.high, told->total);
  }
  return estimate;
}

Estimate Cost::seconds() const { return scaled(executions, seconds_per_execution); }

namespace {

/// The search for its share of the time.
ExploreResult begin_search(Program& program, const ExploreOptions& options, double seconds,
                           SearchForecast& forecast) {
  ExploreOptions search = options;
  search.stop_at_first_violation = false;
  search.verify_every.reset();
  search.raised = Raised::none;
  search.bounds.executions.reset();
  search.bounds.seconds = seconds;
  search.progress_every = kProgressEvery;
  search.progress = [&](const Progress& progress) {
    if (progress.share) forecast.add(progress.searched, *progress.share);
    return !options.progress || options.progress(progress);
  };
  return explore(program, search);
}

void probe(Program& program, const ExploreOptions& options, double until,
           const ExploreResult& found, Cost& cost) {
  Probing probing(program, options, is_reduced(options), until);
  probing.run();
  cost.probes = probing.count();
  cost.probe_violated = probing.violation();
  const auto complete = static_cast<double>(std::max<std::uint64_t>(1, found.executions));
  const double kinds = std::max(1.0, static_cast<double>(cost.ran) / complete);
  if (const auto leaves = probing.estimate()) cost.by_probes = scaled(*leaves, kinds);
}

}  // namespace

Cost estimate_cost(Program& program, const ExploreOptions& options, double seconds) {
  const double start = options.clock();
  SearchForecast forecast;
  const ExploreResult found = begin_search(program, options, seconds * kSearchShare, forecast);
  Cost cost;
  cost.ran = attempts_of(found);
  if (cost.ran > 0)
    cost.seconds_per_execution = (options.clock() - start) / static_cast<double>(cost.ran);
  if (found.counterexample) cost.violation = found.counterexample->execution;
  cost.interrupted =
      std::ranges::find(found.bounds_hit, bound::interrupted) != found.bounds_hit.end();
  if (found.complete) {
    cost.executions = Estimate::of(cost.ran);
    return cost;
  }
  cost.by_search = forecast.total();
  if (options.strategy != Strategy::stateful && !cost.interrupted)
    probe(program, options, start + seconds, found, cost);
  // What a search explores first may be far larger or smaller than the rest: probes come first.
  const auto best = cost.by_probes ? cost.by_probes : cost.by_search;
  cost.executions = at_least(best.value_or(Estimate{}), cost.ran);
  return cost;
}

}  // namespace unswept::model
