// scenarios/promises/reach.h: where the moves of a scenario may take a snapshot.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cli/command.h"
#include "engine/format/names.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// The namespaces in which a snapshot of `group` may be that was first in `origin`, whichever moves
/// are carried out and in whichever order.
std::set<engine::Namespace> reach_of(const Scenario& scenario, const engine::Namespace& origin,
                                     std::string_view group);

/// The namespace of "ns/a/ns/b/vm/100/..."; nothing if the path is no such thing.
std::optional<engine::Namespace> namespace_in(std::string_view path);

}  // namespace unswept::scenarios
