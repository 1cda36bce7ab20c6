#include "model/explore/sampled_walks.h"

#include <algorithm>
#include <utility>

namespace unswept::model {

SampledWalks::SampledWalks(SamplingPlan plan, const Bounds& bounds, const Dependence& dependence)
    : plan_(std::move(plan)),
      steps_max_(bounds.steps),
      schedule_(bounds),
      profile_(dependence),
      wants_profile_(std::ranges::any_of(
          plan_.samplers, [](const auto& sampler) { return sampler->needs_profile(); })),
      figures_(plan_.samplers.size()) {}

void SampledWalks::begin(std::size_t) {
  random_ = Random(mix(plan_.seed) + mix(walk_ ^ 0x5851f42d4c957f2d));
  trace_.decisions.clear();
  last_ = kNoActor;
  spent_ = {};
  steps_ = 0;
  close_ = Close::ended;
  sampler_ = plan_.samplers[turn()].get();
  sampler_->begin(random_);
}

ActorId SampledWalks::pick(const Situation& situation) {
  if (steps_max_ && steps_ >= *steps_max_) {
    close_ = Close::cut;
    return kNoActor;
  }
  const ActorSet enabled = situation.enabled();
  const ActorSet candidates = schedule_.allowed(enabled, last_, spent_, bounds_hit_);
  const ActorId actor = sampler_->pick(situation, candidates, random_);
  spent_ = ScheduleBounds::after(enabled, last_, actor, spent_);
  last_ = actor;
  trace_.decisions.push_back(Decision::pick(actor));
  return actor;
}

std::uint32_t SampledWalks::choose(ActorId actor, ChoiceKind kind, std::uint32_t count) {
  const std::uint32_t answer = random_.below(count);
  trace_.decisions.push_back(Decision::choose(actor, kind, answer, count));
  return answer;
}

void SampledWalks::taken(const Step& step) {
  ++steps_;
  if (profiling()) profile_.add(step);
  sampler_->taken(step, random_);
}

bool SampledWalks::advance() {
  WalkFigures& figures = figures_[turn()];
  ++figures.walks;
  figures.steps += steps_;
  figures.longest = std::max(figures.longest, steps_);
  if (profiling()) {
    profile_.finish();
    use_profile(profile_);
  }
  return ++walk_ < plan_.walks;
}

void SampledWalks::use_profile(const Profile& profile) {
  for (const auto& sampler : plan_.samplers)
    if (sampler->needs_profile()) sampler->profiled(profile);
}

void SampledWalks::learn_from(const SampledWalks& other) { use_profile(other.profile_); }

SampledWalks::Books SampledWalks::take_books() {
  return {std::exchange(figures_, std::vector<WalkFigures>(plan_.samplers.size())),
          std::exchange(bounds_hit_, {})};
}

void SampledWalks::put_books(const Books& books) {
  figures_ = books.figures;
  figures_.resize(plan_.samplers.size());
  bounds_hit_ = books.bounds_hit;
}

void SampledWalks::Books::add(const Books& more) {
  figures.resize(std::max(figures.size(), more.figures.size()));
  for (std::size_t i = 0; i < more.figures.size(); ++i) {
    figures[i].walks += more.figures[i].walks;
    figures[i].steps += more.figures[i].steps;
    figures[i].longest = std::max(figures[i].longest, more.figures[i].longest);
    figures[i].violations += more.figures[i].violations;
  }
  bounds_hit.preemptions |= more.bounds_hit.preemptions;
  bounds_hit.delays |= more.bounds_hit.delays;
}

ExploreOptions noting_violations(ExploreOptions options, SampledWalks& walks) {
  const bool deadlock_allowed = options.deadlock_allowed;
  options.executed = [deadlock_allowed, &walks, executed = std::move(options.executed)](
                         const Program& run, const Ending& ending) {
    const bool stuck = ending.outcome == Outcome::deadlock && !deadlock_allowed;
    if (stuck || !ending.violations.empty()) walks.note_violation();
    if (executed) executed(run, ending);
  };
  return options;
}

}  // namespace unswept::model
