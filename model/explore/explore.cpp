#include "model/explore/explore.h"

#include <memory>

#include "model/explore/dpor.h"
#include "model/explore/optimal.h"
#include "model/explore/raising.h"
#include "model/explore/sampling.h"
#include "model/explore/search.h"
#include "model/explore/shard.h"
#include "model/explore/team.h"
#include "model/explore/worker.h"

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
    case Strategy::optimal:
      return "optimal";
    case Strategy::stateful:
      return "stateful";
    case Strategy::random:
      return "random";
    case Strategy::pct:
      return "pct";
    case Strategy::pos:
      return "pos";
    case Strategy::surw:
      return "surw";
    case Strategy::automatic:
      return "auto";
  }
  return "";
}

namespace {

std::unique_ptr<Search> exhaustive_search(const ExploreOptions& options) {
  return make_tree_search(options, /*workers=*/1);
}

/// Whether several may explore, or some of it now and the rest another time.
bool is_shared(const ExploreOptions& options) {
  // Distinct traces are counted by one worker only, who sees all of them.
  if (options.count_traces) return false;
  return (options.team.size > 1 && options.team.join) || options.peers.link != nullptr ||
         options.checkpoint.write || options.checkpoint.resume != nullptr;
}

/// Wakeup trees wake all sleepers as long as no step's outcome leads past the waker.  The
/// first execution that is given up half-way says that one did; then source sets, which
/// rely on no such thing, explore the space from the beginning.
ExploreResult explore_optimally(Program& program, const ExploreOptions& options) {
  OptimalSearch optimal(options.bounds, options.dependence);
  ExploreResult result = run_search(program, optimal, options, /*exhaustive=*/true);
  if (!optimal.overslept()) return result;
  DporSearch search(options.bounds, options.dependence);
  result = run_search(program, search, options, /*exhaustive=*/true);
  result.gave_way = true;
  return result;
}

}  // namespace

ExploreResult explore(Program& program, const ExploreOptions& options) {
  if (options.raised != Raised::none) return explore_raising(program, options);
  switch (options.strategy) {
    case Strategy::random:
    case Strategy::pct:
    case Strategy::pos:
    case Strategy::surw:
      return explore_sampled(program, options);
    case Strategy::automatic:
      return explore_automatically(program, options, exhaustive_search);
    case Strategy::naive:
    case Strategy::dpor:
    case Strategy::optimal:
    case Strategy::stateful:
      break;
  }
  const bool reduced = !options.bounds.preemptions && !options.bounds.delays;
  if (options.strategy == Strategy::optimal && reduced) return explore_optimally(program, options);
  const bool source_sets =
      options.strategy == Strategy::dpor || options.strategy == Strategy::stateful;
  if (options.shard.claim && source_sets && reduced) return explore_shard(program, options);
  if (is_shared(options)) return explore_together(program, options);
  return run_search(program, *exhaustive_search(options), options, /*exhaustive=*/true);
}

}  // namespace unswept::model
