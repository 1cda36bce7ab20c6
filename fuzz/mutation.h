// fuzz/mutation.h: inputs changed at random, the same way in every run and on every machine.
#pragma once

#include <cstdint>
#include <span>

#include "engine/format/bytes.h"

namespace unswept::fuzz {

/// Numbers that follow from a seed (SplitMix64: Steele, Lea, Flood 2014).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 .. `bound` - 1.  REQUIRES: `bound` > 0.
  std::size_t below(std::size_t bound);

 private:
  std::uint64_t state_;
};

/// `input` with one to four changes: bits, bytes, integers that are at an end of their range, runs
/// of bytes taken out, repeated, or put in from one of `others`.
engine::Bytes mutate(engine::Bytes input, std::span<const engine::Bytes> others, Chance& chance);

}  // namespace unswept::fuzz
