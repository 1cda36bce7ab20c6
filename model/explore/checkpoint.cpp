#include "model/explore/checkpoint.h"

#include <nlohmann/json.hpp>

namespace unswept::model {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

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

Json from_node(NodeId id, const SharedNode& node) {
  Json asleep = Json::array();
  for (const SleepingStep& sleeper : node.what.asleep)
    asleep.push_back({sleeper.actor, from_footprint(sleeper.footprint)});
  Json reliances = Json::array();
  for (const Reliance& reliance : node.what.reliances)
    reliances.push_back({reliance.earlier, reliance.later, reliance.events});
  return {{"id", id},
          {"parent", node.what.parent},
          {"led_here", node.what.led_here},
          {"choices", from_choices(node.what.choices)},
          {"enabled", node.what.enabled},
          {"backtrack", node.what.backtrack},
          {"asleep", std::move(asleep)},
          {"reliances", std::move(reliances)},
          {"begun", node.begun},
          {"unsettled", node.unsettled},
          {"begun_there", from_footprint(node.begun_there)},
          {"rest", from_choices(node.rest)},
          {"rest_waits", node.rest_waits}};
}

Json from_find(const std::optional<Counterexample>& found) {
  if (!found) return nullptr;
  return {{"trace", to_text(found->trace)},
          {"promise", found->violation.promise},
          {"explanation", found->violation.explanation},
          {"execution", found->execution}};
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

SharedNode to_node(const Json& json) {
  SharedNode node;
  node.what.parent = json.at("parent").get<NodeId>();
  node.what.led_here = json.at("led_here").get<ActorId>();
  node.what.choices = to_choices(json.at("choices"));
  node.what.enabled = json.at("enabled").get<ActorSet>();
  node.what.backtrack = json.at("backtrack").get<ActorSet>();
  for (const Json& sleeper : json.at("asleep"))
    node.what.asleep.push_back({sleeper.at(0).get<ActorId>(), to_footprint(sleeper.at(1))});
  for (const Json& reliance : json.at("reliances"))
    node.what.reliances.push_back({reliance.at(0).get<EventIndex>(), reliance.at(1).get<ActorId>(),
                                   reliance.at(2).get<std::uint64_t>()});
  node.begun = json.at("begun").get<ActorSet>();
  node.unsettled = json.at("unsettled").get<ActorId>();
  node.begun_there = to_footprint(json.at("begun_there"));
  node.rest = to_choices(json.at("rest"));
  node.rest_waits = json.at("rest_waits").get<bool>();
  return node;
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

bool names_an_actor(ActorId actor) { return actor < kActorsMax; }

/// Whether the nodes make a tree in which everybody can go on.
bool is_whole(const std::map<NodeId, SharedNode>& nodes) {
  std::size_t roots = 0;
  for (const auto& [id, node] : nodes) {
    const bool is_root = node.what.parent == kNoNode;
    roots += is_root ? 1 : 0;
    // A node is numbered after the one before it.
    if (!is_root && (node.what.parent >= id || !nodes.contains(node.what.parent))) return false;
    if (!is_root && !names_an_actor(node.what.led_here)) return false;
    if (node.unsettled != kNoActor && !names_an_actor(node.unsettled)) return false;
    if (node.rest_waits && node.unsettled == kNoActor) return false;
    for (const SleepingStep& sleeper : node.what.asleep)
      if (!names_an_actor(sleeper.actor)) return false;
    for (const Reliance& reliance : node.what.reliances)
      if (reliance.earlier == 0 || !names_an_actor(reliance.later)) return false;
  }
  return nodes.empty() || roots == 1;
}

void measure_depths(std::map<NodeId, SharedNode>& nodes) {
  for (auto& [id, node] : nodes)
    node.depth = node.what.parent == kNoNode ? 0 : nodes.at(node.what.parent).depth + 1;
}

}  // namespace

std::string to_json(const Checkpoint& checkpoint) {
  Json nodes = Json::array();
  for (const auto& [id, node] : checkpoint.nodes) nodes.push_back(from_node(id, node));
  const Json json = {{"format", kFormat},
                     {"strategy", to_string(checkpoint.strategy)},
                     {"figures", from_figures(checkpoint.figures)},
                     {"nodes", std::move(nodes)}};
  return json.dump();
}

std::expected<Checkpoint, std::string> parse_checkpoint(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("format").get<int>() != kFormat)
      return std::unexpected("it was written by another version of the program");
    Checkpoint checkpoint;
    const std::string strategy = json.at("strategy");
    if (strategy == to_string(Strategy::dpor))
      checkpoint.strategy = Strategy::dpor;
    else if (strategy == to_string(Strategy::stateful))
      checkpoint.strategy = Strategy::stateful;
    else
      return std::unexpected("unknown strategy \"" + strategy + '"');
    checkpoint.figures = to_figures(json.at("figures"));
    for (const Json& node : json.at("nodes"))
      checkpoint.nodes.emplace(node.at("id").get<NodeId>(), to_node(node));
    if (!is_whole(checkpoint.nodes)) return std::unexpected("its nodes do not make a tree");
    measure_depths(checkpoint.nodes);
    return checkpoint;
  } catch (const Json::exception& wrong) {
    return std::unexpected(std::string("it is damaged: ") + wrong.what());
  }
}

}  // namespace unswept::model
