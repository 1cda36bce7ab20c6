#include "model/explore/tree_json.h"

#include <nlohmann/json.hpp>

namespace unswept::model {
namespace {

using Json = nlohmann::json;

Json from_asleep(std::span<const SleepingStep> asleep) {
  Json list = Json::array();
  for (const SleepingStep& sleeper : asleep)
    list.push_back({sleeper.actor, from_footprint(sleeper.footprint)});
  return list;
}

std::vector<SleepingStep> to_asleep(const Json& list) {
  std::vector<SleepingStep> asleep;
  for (const Json& sleeper : list)
    asleep.push_back({sleeper.at(0).get<ActorId>(), to_footprint(sleeper.at(1))});
  return asleep;
}

Json from_reliances(std::span<const Reliance> reliances) {
  Json list = Json::array();
  for (const Reliance& reliance : reliances)
    list.push_back({reliance.earlier, reliance.later, reliance.events});
  return list;
}

std::vector<Reliance> to_reliances(const Json& list) {
  std::vector<Reliance> reliances;
  for (const Json& reliance : list)
    reliances.push_back({reliance.at(0).get<EventIndex>(), reliance.at(1).get<ActorId>(),
                         reliance.at(2).get<std::uint64_t>()});
  return reliances;
}

Json from_find(const std::optional<Counterexample>& found) {
  if (!found) return nullptr;
  return {{"trace", to_text(found->trace)},
          {"promise", found->violation.promise},
          {"explanation", found->violation.explanation},
          {"execution", found->execution}};
}

std::optional<Counterexample> to_find(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const auto trace = parse_trace(json.at("trace").get<std::string>());
  if (!trace) throw Json::other_error::create(501, trace.error(), &json);
  return Counterexample{.trace = *trace,
                        .violation = {json.at("promise").get<std::string>(),
                                      json.at("explanation").get<std::string>()},
                        .run = {},
                        .execution = json.at("execution").get<std::uint64_t>()};
}

Json from_divergence(const std::optional<Divergence>& divergence) {
  if (!divergence) return nullptr;
  return {{"step", divergence->step},
          {"what", divergence->what},
          {"expected", divergence->expected},
          {"found", divergence->found}};
}

std::optional<Divergence> to_divergence(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return Divergence{.step = json.at("step").get<std::size_t>(),
                    .what = json.at("what").get<std::string>(),
                    .expected = json.at("expected").get<std::string>(),
                    .found = json.at("found").get<std::string>()};
}

Json from_states(const std::optional<StateCacheFigures>& states) {
  if (!states) return nullptr;
  return {{"states", states->states},
          {"lookups", states->lookups},
          {"hits", states->hits},
          {"partial_hits", states->partial_hits},
          {"bytes", states->bytes},
          {"full", states->full},
          {"collision_probability", states->collision_probability}};
}

std::optional<StateCacheFigures> to_states(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return StateCacheFigures{.states = json.at("states").get<std::uint64_t>(),
                           .lookups = json.at("lookups").get<std::uint64_t>(),
                           .hits = json.at("hits").get<std::uint64_t>(),
                           .partial_hits = json.at("partial_hits").get<std::uint64_t>(),
                           .bytes = json.at("bytes").get<std::uint64_t>(),
                           .full = json.at("full").get<bool>(),
                           .collision_probability = json.at("collision_probability").get<double>()};
}

}  // namespace

Json from_footprint(std::span<const Access> footprint) {
  Json list = Json::array();
  for (const Access& access : footprint)
    list.push_back({access.object, static_cast<int>(access.mode), access.decides});
  return list;
}

Json from_choices(std::span<const Choice> choices) {
  Json list = Json::array();
  for (const Choice& choice : choices)
    list.push_back({choice.answer, choice.count, static_cast<int>(choice.kind)});
  return list;
}

std::vector<Access> to_footprint(const Json& list) {
  std::vector<Access> footprint;
  for (const Json& access : list) {
    const int mode = access.at(1).get<int>();
    if (mode < 0 || mode > static_cast<int>(Mode::release_shared))
      throw Json::other_error::create(501, "unknown mode", &access);
    footprint.push_back(
        {access.at(0).get<ObjectId>(), static_cast<Mode>(mode), access.at(2).get<bool>()});
  }
  return footprint;
}

std::vector<Choice> to_choices(const Json& list) {
  std::vector<Choice> choices;
  for (const Json& choice : list)
    choices.push_back({choice.at(0).get<std::uint32_t>(), choice.at(1).get<std::uint32_t>(),
                       static_cast<ChoiceKind>(choice.at(2).get<int>())});
  return choices;
}

Json from_published(const PublishedNode& node) {
  return {{"parent", node.parent},
          {"led_here", node.led_here},
          {"choices", from_choices(node.choices)},
          {"enabled", node.enabled},
          {"backtrack", node.backtrack},
          {"picked", node.picked},
          {"asleep", from_asleep(node.asleep)},
          {"slept", node.slept},
          {"reliances", from_reliances(node.reliances)}};
}

PublishedNode to_published(const Json& json) {
  PublishedNode node;
  json.at("parent").get_to(node.parent);
  json.at("led_here").get_to(node.led_here);
  node.choices = to_choices(json.at("choices"));
  json.at("enabled").get_to(node.enabled);
  json.at("backtrack").get_to(node.backtrack);
  json.at("picked").get_to(node.picked);
  node.asleep = to_asleep(json.at("asleep"));
  json.at("slept").get_to(node.slept);
  node.reliances = to_reliances(json.at("reliances"));
  return node;
}

Json from_subtree(const Subtree& subtree) {
  Json way = Json::array();
  for (const WayStep& step : subtree.way)
    way.push_back({step.node, step.enabled, step.asleep, step.backtrack, step.picked,
                   from_choices(step.choices)});
  return {{"way", std::move(way)},
          {"asleep", from_asleep(subtree.asleep)},
          {"begun", from_footprint(subtree.begun)},
          {"reliances", from_reliances(subtree.reliances)}};
}

Subtree to_subtree(const Json& json) {
  Subtree subtree;
  for (const Json& step : json.at("way"))
    subtree.way.push_back({step.at(0).get<NodeId>(), step.at(1).get<ActorSet>(),
                           step.at(2).get<ActorSet>(), step.at(3).get<ActorSet>(),
                           step.at(4).get<ActorId>(), to_choices(step.at(5))});
  subtree.asleep = to_asleep(json.at("asleep"));
  subtree.begun = to_footprint(json.at("begun"));
  subtree.reliances = to_reliances(json.at("reliances"));
  return subtree;
}

Json from_figures(const ExploreResult& figures) {
  return {{"executions", figures.executions},
          {"blocked", figures.blocked},
          {"pruned", figures.pruned},
          {"cut", figures.cut},
          {"deadlocks", figures.deadlocks},
          {"violations", figures.violations},
          {"steps", figures.steps},
          {"replayed_steps", figures.replayed_steps},
          {"races", figures.races},
          {"depth_max", figures.depth_max},
          {"verified", figures.verified},
          {"bounds_hit", figures.bounds_hit},
          {"found", from_find(figures.counterexample)}};
}

ExploreResult to_figures(const Json& json) {
  ExploreResult figures;
  json.at("executions").get_to(figures.executions);
  json.at("blocked").get_to(figures.blocked);
  json.at("pruned").get_to(figures.pruned);
  json.at("cut").get_to(figures.cut);
  json.at("deadlocks").get_to(figures.deadlocks);
  json.at("violations").get_to(figures.violations);
  json.at("steps").get_to(figures.steps);
  json.at("replayed_steps").get_to(figures.replayed_steps);
  json.at("races").get_to(figures.races);
  json.at("depth_max").get_to(figures.depth_max);
  json.at("verified").get_to(figures.verified);
  json.at("bounds_hit").get_to(figures.bounds_hit);
  figures.counterexample = to_find(json.at("found"));
  return figures;
}

Json from_report(const ExploreResult& report) {
  Json json = from_figures(report);
  json["divergence"] = from_divergence(report.divergence);
  json["states"] = from_states(report.state_cache);
  return json;
}

ExploreResult to_report(const Json& json) {
  ExploreResult report = to_figures(json);
  report.divergence = to_divergence(json.at("divergence"));
  report.state_cache = to_states(json.at("states"));
  return report;
}

}  // namespace unswept::model
