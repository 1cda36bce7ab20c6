// scenarios/variants/protocols.h: every protocol that can be checked: the engine's, and
// variants that are wrong on purpose, kept to prove that the checker sees the difference.
#pragma once

#include <string_view>
#include <vector>

#include "engine/protocol/protocol.h"

namespace unswept::scenarios {

/// Null when there is none of that name.
const engine::Protocol* find_protocol(std::string_view name);

/// The engine's protocols first.
std::vector<std::string_view> protocol_names();

/// The engine's own, without the variants.
std::vector<std::string_view> engine_protocol_names();

struct ProtocolInfo {
  std::string_view name;
  std::string_view about;
};
std::vector<ProtocolInfo> all_protocols();

}  // namespace unswept::scenarios
