#include "model/explore/checkpoint.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "model/explore/tree_json.h"

namespace unswept::model {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

/// Those that several can follow; optimal only with bounds on the schedule, where it is naive.
constexpr Strategy kStrategies[] = {Strategy::dpor, Strategy::stateful, Strategy::naive,
                                    Strategy::optimal};

Json from_node(NodeId id, const SharedNode& node) {
  Json json = from_published(node.what);
  json["id"] = id;
  json["begun"] = node.begun;
  json["unsettled"] = node.unsettled;
  json["begun_there"] = from_footprint(node.begun_there);
  json["rest"] = from_choices(node.rest);
  json["rest_waits"] = node.rest_waits;
  return json;
}

SharedNode to_node(const Json& json) {
  SharedNode node;
  node.what = to_published(json);
  node.begun = json.at("begun").get<ActorSet>();
  node.unsettled = json.at("unsettled").get<ActorId>();
  node.begun_there = to_footprint(json.at("begun_there"));
  node.rest = to_choices(json.at("rest"));
  node.rest_waits = json.at("rest_waits").get<bool>();
  return node;
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
    const auto known =
        std::ranges::find(kStrategies, strategy, [](Strategy one) { return to_string(one); });
    if (known == std::end(kStrategies))
      return std::unexpected("unknown strategy \"" + strategy + '"');
    checkpoint.strategy = *known;
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
