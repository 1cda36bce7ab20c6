// engine/counted.h: a number of things, in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace unswept::engine {

/// "1 chunk", "2 chunks".
inline std::string counted(std::uint64_t count, std::string_view noun) {
  std::string text = std::to_string(count);
  text += ' ';
  text += noun;
  if (count != 1) text += 's';
  return text;
}

}  // namespace unswept::engine
