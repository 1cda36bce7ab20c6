// engine/format/bytes.h: bytes, text and little-endian integers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace unswept::engine {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

inline ByteView as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

static_assert(std::endian::native == std::endian::little,
              "the formats are little-endian, and so are all machines they are used on");

/// REQUIRES: `offset` + sizeof(Integer) <= `bytes`.size().
template <class Integer>
Integer read_little_endian(ByteView bytes, std::size_t offset) {
  Integer value;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;
}

/// REQUIRES: `offset` + sizeof(Integer) <= `bytes`.size().
template <class Integer>
void write_little_endian(std::span<std::byte> bytes, std::size_t offset, Integer value) {
  std::memcpy(bytes.data() + offset, &value, sizeof(value));
}

/// Appends `bytes` to `out`.
inline void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace unswept::engine
