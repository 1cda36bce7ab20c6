// tests/engine/format/examples.h: bytes written as in a hex dump.
#pragma once

#include <string_view>

#include "engine/format/bytes.h"
#include "engine/format/digest.h"

namespace unswept::engine::test {

/// "42 ab 38": white space is ignored.
inline Bytes from_hex(std::string_view text) {
  Bytes bytes;
  int digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    if (++digits % 2 == 0) {
      bytes.push_back(static_cast<std::byte>(value & 0xff));
      value = 0;
    }
  }
  return bytes;
}

inline Digest digest_of(std::string_view hex) { return Digest::parse(hex).value(); }

inline constexpr const char* kHelloDigest =
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

}  // namespace unswept::engine::test
