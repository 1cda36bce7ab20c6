// engine/format/hex.h: hex digits, lower case when written and either case when read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace unswept::engine {

constexpr bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Writes two digits per byte from `out` on and returns what is behind them.
char* write_hex(char* out, std::span<const std::uint8_t> bytes);
void append_hex(std::string& out, std::span<const std::uint8_t> bytes);

/// Fills `out`; false unless `hex` is exactly two hex digits per byte of it.
bool parse_hex(std::string_view hex, std::span<std::uint8_t> out);

}  // namespace unswept::engine
