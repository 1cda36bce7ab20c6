// scenarios/setup/files.h: making files in a world that is being set up.
//
// Nothing here may fail in a simulated world; if it does, the program stops.
#pragma once

#include <string>
#include <string_view>

#include "engine/format/bytes.h"
#include "engine/os/system.h"

namespace unswept::scenarios {

/// With all missing parents; existing directories are fine.
void make_directories(os::System& system, std::string_view path);
void write_file(os::System& system, std::string_view path, engine::ByteView content,
                std::uint32_t mode = 0644);

}  // namespace unswept::scenarios
