// engine/cli/amounts.h: numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/counted.h"

namespace unswept::engine {

/// "4.0 MiB"; powers of 1024.
std::string size_text(std::uint64_t bytes);

/// "1 index", "2 indexes": for nouns that engine/counted.h does not know.
std::string counted(std::uint64_t count, std::string_view noun, std::string_view plural);

/// "2:05", "1:00:00" of seconds.
std::string duration_text(std::uint64_t seconds);

}  // namespace unswept::engine
