#include "scenarios/workload/interchangeable.h"

#include <algorithm>
#include <utility>

namespace unswept::scenarios {
namespace {

bool may_be_exchanged(const ExploreSpec& explore) {
  return explore.symmetry && explore.mode != SearchMode::pinned && !explore.bounds.delays &&
         !explore.bounds.preemptions && explore.raised == model::Raised::none;
}

bool is_alone_in_its_process(const ActorSpec& actor, const Scenario& scenario) {
  return std::ranges::count(scenario.actors, actor.process, &ActorSpec::process) == 1;
}

bool waits_for(const ActorSpec& actor, const std::string& name) {
  return std::ranges::find(actor.after, name) != actor.after.end();
}

bool wait_for_the_same(const ActorSpec& a, const ActorSpec& b) {
  return std::ranges::is_permutation(a.after, b.after);
}

bool do_the_same(const ActorSpec& a, const ActorSpec& b) {
  return a.stop_on_error == b.stop_on_error && a.must_succeed == b.must_succeed &&
         std::ranges::equal(a.operations, b.operations, {}, &OperationSpec::text,
                            &OperationSpec::text);
}

bool are_interchangeable(const ActorSpec& a, const ActorSpec& b, const Scenario& scenario) {
  const bool processes_correspond =
      a.process == b.process ||
      (is_alone_in_its_process(a, scenario) && is_alone_in_its_process(b, scenario));
  const bool awaited_alike = std::ranges::all_of(scenario.actors, [&](const ActorSpec& other) {
    return waits_for(other, a.name) == waits_for(other, b.name);
  });
  return processes_correspond && awaited_alike && wait_for_the_same(a, b) && do_the_same(a, b);
}

}  // namespace

std::vector<std::vector<model::ActorId>> interchangeable_actors(const Scenario& scenario) {
  if (!may_be_exchanged(scenario.explore)) return {};
  const auto& actors = scenario.actors;
  std::vector<std::vector<model::ActorId>> classes;
  for (model::ActorId actor = 0; actor < actors.size(); ++actor) {
    const auto same = std::ranges::find_if(classes, [&](const std::vector<model::ActorId>& some) {
      return are_interchangeable(actors[some.front()], actors[actor], scenario);
    });
    if (same == classes.end())
      classes.push_back({actor});
    else
      same->push_back(actor);
  }
  std::erase_if(classes, [](const std::vector<model::ActorId>& same) { return same.size() < 2; });
  return classes;
}

}  // namespace unswept::scenarios
