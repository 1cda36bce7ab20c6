#include "scenarios/promises/reach.h"

#include <algorithm>

namespace unswept::scenarios {
namespace {

std::optional<engine::Namespace> moved(const engine::Command& command, const engine::Namespace& ns,
                                       std::string_view group) {
  if (const auto* move = std::get_if<engine::MoveGroup>(&command))
    if (move->from == ns && move->group.path() == group) return move->to;
  if (const auto* move = std::get_if<engine::MoveNamespace>(&command))
    if (move->from.contains(ns))
      if (auto mapped = ns.map_prefix(move->from, move->to)) return *std::move(mapped);
  return std::nullopt;
}

/// One more move for each namespace in `reach`.  Whether any was new.
bool extend(std::set<engine::Namespace>& reach, const Scenario& scenario, std::string_view group) {
  const std::size_t before = reach.size();
  const std::vector<engine::Namespace> known(reach.begin(), reach.end());
  for (const ActorSpec& actor : scenario.actors)
    for (const OperationSpec& operation : actor.operations)
      for (const engine::Namespace& ns : known)
        if (auto target = moved(operation.command, ns, group)) reach.insert(*std::move(target));
  return reach.size() > before;
}

}  // namespace

std::set<engine::Namespace> reach_of(const Scenario& scenario, const engine::Namespace& origin,
                                     std::string_view group) {
  std::set<engine::Namespace> reach{origin};
  while (extend(reach, scenario, group)) continue;
  return reach;
}

std::optional<engine::Namespace> namespace_in(std::string_view path) {
  engine::Namespace ns;
  while (path.starts_with("ns/")) {
    path.remove_prefix(3);
    auto child = ns.child(path.substr(0, path.find('/')));
    if (!child) return std::nullopt;
    ns = *std::move(child);
    path.remove_prefix(std::min(path.size(), path.find('/')));
    if (path.starts_with('/')) path.remove_prefix(1);
  }
  return ns;
}

}  // namespace unswept::scenarios
