// engine/cli/help.h: the help texts of unswept-store.
#pragma once

#include <string>
#include <string_view>

namespace unswept::engine {

/// The help of a command ("move-group", "ns create"), or of the whole tool if there is none of
/// that name.
std::string help_text(std::string_view command);

}  // namespace unswept::engine
