// engine/cli/help.h: the help texts of unswept-store.
#pragma once

#include <string>
#include <string_view>

#include "engine/cli/command.h"

namespace unswept::engine {

/// The help of a command ("move-group", "ns create"), of all that begin with a word ("ns"), or of
/// the whole tool if there is none of that name.
std::string help_text(std::string_view command);

/// What a shell would be given: "tar -c /etc | unswept-store --store /backup/store backup ...".
std::string example_line(const CommandExample& example);

}  // namespace unswept::engine
