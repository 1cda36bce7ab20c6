// engine/format/digest.h: the SHA-256 value that names a chunk, and other 32-byte checksums.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace unswept::engine {

struct Digest {
  static constexpr std::size_t kSize = 32;
  static constexpr std::size_t kHexSize = 64;

  std::array<std::uint8_t, kSize> bytes{};

  /// REQUIRES: `from` has at least kSize bytes.
  static Digest read(std::span<const std::byte> from) {
    Digest digest;
    std::memcpy(digest.bytes.data(), from.data(), kSize);
    return digest;
  }

  /// Exactly 64 hex digits of either case.
  static std::optional<Digest> parse(std::string_view hex);

  /// 64 lower-case hex digits, as in file names and JSON.
  std::string hex() const;
  void append_hex(std::string& out) const;

  std::span<const std::byte, kSize> as_bytes() const {
    return std::as_bytes(std::span<const std::uint8_t, kSize>(bytes));
  }

  bool operator==(const Digest&) const = default;
  std::strong_ordering operator<=>(const Digest& other) const {
    return std::memcmp(bytes.data(), other.bytes.data(), kSize) <=> 0;
  }
};

/// A digest is already uniformly distributed: its first bytes are its hash.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t hash = 0;
    std::memcpy(&hash, digest.bytes.data(), sizeof(hash));
    return hash;
  }
};

}  // namespace unswept::engine
