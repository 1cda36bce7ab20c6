// tests/property/explored_alone.h: generated programs with all that one worker finds in them, for
// tests that explore them in other ways.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/property/toy_generator.h"

namespace unswept::tests {

using model::ExploreOptions;
using model::ExploreResult;
using model::Strategy;

/// The final states of the executions of all workers.
class Finals {
 public:
  std::function<void(const model::Program&, const model::Ending&)> collector() {
    return [this](const model::Program& program, const model::Ending&) {
      const std::scoped_lock lock(mutex_);
      seen_.insert(program.final_fingerprint());
    };
  }
  const std::multiset<model::Fingerprint>& seen() const { return seen_; }
  std::set<model::Fingerprint> distinct() const { return {seen_.begin(), seen_.end()}; }

 private:
  std::mutex mutex_;
  std::multiset<model::Fingerprint> seen_;
};

inline constexpr std::uint64_t kExecutionsMax = 3'000;

inline ExploreOptions everything(Strategy strategy, Finals& finals) {
  ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.bounds.executions = kExecutionsMax;
  options.executed = finals.collector();
  return options;
}

inline std::vector<ToyProfile> profiles() {
  return {
      {.actors = 2, .steps = 5},
      {.actors = 3, .steps = 3},
      {.indirect = true, .actors = 3, .steps = 3},
      {.locks = true, .actors = 3, .steps = 4},
      {.choices = true, .actors = 2, .steps = 3},
      {.indirect = true, .choices = true, .scattered = true, .actors = 3, .steps = 2},
      {.locks = true, .waits = true, .actors = 3, .steps = 3},
  };
}

/// A change of options.
using Change = std::function<void(ExploreOptions&)>;

/// Searches without reduction, which cover every schedule within their bounds.
struct Unreduced {
  Strategy strategy;
  Change change;
};
inline std::vector<Unreduced> unreduced_searches() {
  return {{Strategy::naive, [](ExploreOptions&) {}},
          {Strategy::dpor, [](ExploreOptions& options) { options.bounds.preemptions = 1; }},
          {Strategy::stateful, [](ExploreOptions& options) { options.bounds.delays = 2; }}};
}

/// What is known of a program.
struct Expected {
  ExploreResult alone;
  Finals finals;
  /// Each trace is run once.  Where an outcome decides what a step touches, some are run more than
  /// once, and how many depends on the order.
  bool exact = true;
};

/// The same final states, each as often if the executions can be compared.
inline void require_finals(const Finals& found, const Expected& expected) {
  REQUIRE(found.distinct() == expected.finals.distinct());
  if (expected.exact) REQUIRE(found.seen() == expected.finals.seen());
}

/// Calls check(program, expected) for programs of every profile that can be explored to the end,
/// with everything(strategy, ...) and a change.
template <class Check>
void for_each_program_of(Strategy strategy, const Change& change, std::uint64_t seeds,
                         Check&& check) {
  std::size_t checked = 0;
  for (const ToyProfile& profile : profiles())
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      INFO("actors " << profile.actors << ", steps " << profile.steps << ", seed " << seed);
      const ToyProgram toy(ToyGenerator(seed, profile).text());
      Expected expected;
      expected.exact = !profile.scattered;
      ToyProgram alone = toy;
      ExploreOptions options = everything(strategy, expected.finals);
      change(options);
      expected.alone = model::explore(alone, options);
      if (!expected.alone.complete) continue;
      ++checked;
      check(toy, expected);
    }
  CHECK(checked > profiles().size() * seeds / 2);
}

template <class Check>
void for_each_program(std::uint64_t seeds, Check&& check) {
  for_each_program_of(Strategy::dpor, [](ExploreOptions&) {}, seeds, check);
}

}  // namespace unswept::tests
