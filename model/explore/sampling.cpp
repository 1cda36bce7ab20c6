#include "model/explore/sampling.h"

#include <utility>

#include "model/explore/campaign.h"
#include "model/explore/pct.h"
#include "model/explore/pos.h"
#include "model/explore/random_walk.h"
#include "model/explore/surw.h"
#include "model/explore/walk_team.h"

namespace unswept::model {
namespace {

/// Walks of automatic: a moment, on anything that can be explored at all.
constexpr std::uint64_t kAutomaticWalks = 2'000;
/// It begins with one walk, which makes the profile, and two executions of the search: where these
/// find something, nothing else would do so sooner.  Then, by turns, this many walks and a quarter
/// as many executions, and twice as many each time.  bench/README.md has the measurements behind
/// these numbers and the turns of the samplers.
constexpr std::uint64_t kFirstTurn = 8;
constexpr std::uint64_t kWalksPerExecution = 4;

void add_sampler(SamplingPlan& plan, std::unique_ptr<Sampler> sampler) {
  plan.samplers.push_back(std::move(sampler));
}

/// Walk 0 is always a random one: it makes the profile.
SamplingPlan plan_for(const ExploreOptions& options, std::uint64_t walks) {
  SamplingPlan plan{options.seed, walks, {}};
  switch (options.strategy) {
    case Strategy::pct:
      add_sampler(plan, std::make_unique<RandomWalk>());
      add_sampler(plan, std::make_unique<Pct>(options.pct_depth));
      plan.turns = {1};
      break;
    case Strategy::pos:
      add_sampler(plan, std::make_unique<Pos>(options.dependence));
      break;
    case Strategy::surw:
      add_sampler(plan, std::make_unique<RandomWalk>());
      add_sampler(plan, std::make_unique<Surw>(options.dependence));
      plan.turns = {1};
      break;
    case Strategy::automatic:
      add_sampler(plan, std::make_unique<RandomWalk>());
      add_sampler(plan, std::make_unique<Surw>(options.dependence));
      add_sampler(plan, std::make_unique<Pct>(options.pct_depth + 1, Pct::Steps::contended));
      plan.turns = {1, 0, 1, 2};
      break;
    default:
      add_sampler(plan, std::make_unique<RandomWalk>());
      break;
  }
  return plan;
}

/// One part for each sampler that drew something.
void describe(const SampledWalks& walks, std::vector<Part>& parts) {
  std::vector<Part> drawn;
  for (std::size_t i = 0; i < walks.samplers(); ++i) {
    const auto [sampler, figures] = walks.drawn(i);
    if (figures.walks == 0) continue;
    drawn.push_back({.name = sampler.name(),
                     .executions = figures.walks,
                     .steps = figures.steps,
                     .violations = figures.violations,
                     .guarantee = sampler.guarantee(figures)});
  }
  parts.insert(parts.begin(), std::make_move_iterator(drawn.begin()),
               std::make_move_iterator(drawn.end()));
}

ExploreResult run_walks(Program& program, SampledWalks& walks, const ExploreOptions& options) {
  return run_search(program, walks, noting_violations(options, walks), /*exhaustive=*/false);
}

/// How much of `count` walks is done is known exactly.
ExploreOptions telling_share(const ExploreOptions& options, std::uint64_t count) {
  ExploreOptions telling = options;
  if (!options.progress) return telling;
  telling.progress = [&options, count](const Progress& progress) {
    Progress known = progress;
    known.searched = progress.executions;
    known.share = static_cast<double>(progress.executions) / static_cast<double>(count);
    return options.progress(known);
  };
  return telling;
}

}  // namespace

ExploreResult explore_sampled(Program& program, const ExploreOptions& options) {
  const std::uint64_t count = options.bounds.executions.value_or(options.walks);
  const auto make_walks = [&] {
    return std::make_unique<SampledWalks>(plan_for(options, count), options.bounds,
                                          options.dependence);
  };
  const auto walks = make_walks();
  const ExploreOptions telling = telling_share(options, count);
  const bool together = options.team.size > 1 && options.team.join && count > options.team.alone &&
                        !options.count_traces;
  ExploreResult result = together ? walk_together(program, *walks, telling, count, make_walks)
                                  : run_walks(program, *walks, telling);
  describe(*walks, result.parts);
  return result;
}

ExploreResult explore_automatically(Program& program, const ExploreOptions& options,
                                    const ExhaustiveSearch& exhaustive) {
  using Then = Campaign::Then;
  Campaign campaign(options);
  SampledWalks walks(plan_for(options, kAutomaticWalks), options.bounds, options.dependence);
  const auto search = exhaustive(options);
  const auto finish = [&] {
    // What the walks leave open, the search would have covered.
    std::erase(campaign.result().bounds_hit, bound::sampling);
    describe(walks, campaign.result().parts);
    return std::move(campaign.result());
  };
  const auto draw = [&](std::uint64_t count) {
    return campaign.add("", run_walks(program, walks, campaign.options(count)));
  };
  const auto search_on = [&](std::uint64_t count) {
    return campaign.add("dpor",
                        run_search(program, *search, campaign.options(count), /*exhaustive=*/true));
  };
  if (draw(1) == Then::stopped || search_on(2) != Then::paused) return finish();
  Then drawn = Then::paused;
  for (std::uint64_t turn = kFirstTurn; drawn == Then::paused; turn *= 2) {
    drawn = draw(turn);
    if (drawn == Then::stopped || search_on(turn / kWalksPerExecution) != Then::paused)
      return finish();
  }
  ExploreOptions rest = campaign.options();
  rest.strategy = Strategy::dpor;
  campaign.add("dpor", explore(program, rest));
  return finish();
}

}  // namespace unswept::model
