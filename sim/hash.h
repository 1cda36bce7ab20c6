// sim/hash.h: hashes that are the same in every run of the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/program.h"
#include "sim/objects.h"

namespace unswept::sim {

std::uint64_t hash_bytes(std::span<const std::byte> bytes);
std::uint64_t hash_text(std::string_view text);

/// Takes in one value after the other; order matters.
class Digest {
 public:
  constexpr Digest& operator<<(std::uint64_t value) {
    state_ = mix(state_ ^ value) + 0x9e3779b97f4a7c15U;
    return *this;
  }
  constexpr std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x51ed270b7f4a7c15U;
};

/// 128 bits of a few values; order matters.
class WideDigest {
 public:
  constexpr WideDigest& operator<<(std::uint64_t value) {
    high_ = mix(high_ ^ value) + 0x9e3779b97f4a7c15U;
    low_ = mix(low_ + value * 0xa0761d6478bd642fU) ^ 0xe7037ed1a0b428dbU;
    return *this;
  }
  constexpr model::Fingerprint value() const { return {high_, low_}; }

 private:
  std::uint64_t high_ = 0x243f6a8885a308d3U;
  std::uint64_t low_ = 0x13198a2e03707344U;
};

/// Fingerprints of independent parts are summed up, so that one part can be taken out again.
constexpr model::Fingerprint operator+(model::Fingerprint a, model::Fingerprint b) {
  return {a.high + b.high, a.low + b.low};
}
constexpr model::Fingerprint operator-(model::Fingerprint a, model::Fingerprint b) {
  return {a.high - b.high, a.low - b.low};
}

}  // namespace unswept::sim
