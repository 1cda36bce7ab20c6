#include "model/explore/explore.h"

#include <algorithm>

#include "model/explore/dpor.h"
#include "model/explore/naive.h"
#include "model/explore/random_walk.h"
#include "model/explore/search.h"
#include "model/explore/stateful.h"

namespace unswept::model {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::violation:
      return "violation";
    case Verdict::deadlock:
      return "deadlock";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::nondeterministic:
      return "nondeterministic";
  }
  return "";
}

std::string_view to_string(Strategy strategy) {
  switch (strategy) {
    case Strategy::naive:
      return "naive";
    case Strategy::dpor:
      return "dpor";
    case Strategy::stateful:
      return "stateful";
    case Strategy::random:
      return "random";
  }
  return "";
}

namespace {

ExploreResult explore_randomly(Program& program, const ExploreOptions& options) {
  const std::uint64_t walks = options.bounds.executions.value_or(options.walks);
  RandomWalks search(options.seed, walks, options.bounds);
  return run_search(program, search, options, /*exhaustive=*/false);
}

ExploreResult explore_naively(Program& program, const ExploreOptions& options) {
  NaiveSearch search(options.bounds);
  return run_search(program, search, options, /*exhaustive=*/true);
}

}  // namespace

ExploreResult explore(Program& program, const ExploreOptions& options) {
  if (options.strategy == Strategy::random) return explore_randomly(program, options);
  // A bound on preemptions cuts executions that the reduction counts on.
  if (options.strategy == Strategy::naive || options.bounds.preemptions)
    return explore_naively(program, options);
  if (options.strategy == Strategy::stateful) {
    StatefulSearch search(options.bounds, options.dependence, options.memory_budget);
    return run_search(program, search, options, /*exhaustive=*/true);
  }
  DporSearch search(options.bounds, options.dependence);
  return run_search(program, search, options, /*exhaustive=*/true);
}

}  // namespace unswept::model
