// sim/history.h: what an actor has learnt since it last forgot everything, as a number.
#pragma once

#include <cstdint>

#include "sim/objects.h"

namespace unswept::sim {

/// What an actor has learnt, in 128 bits.
class History {
 public:
  void clear(std::uint64_t seed) {
    high_ = mix(seed + 1);
    low_ = mix(seed + 2);
  }
  void add(std::uint64_t value) {
    high_ = (high_ ^ value) * 0xd6e8feb86659fd93U;
    high_ ^= high_ >> 32;
    low_ = (low_ + value) * 0x9fb21c651e98df25U;
    low_ ^= low_ >> 29;
  }
  std::uint64_t high() const { return high_; }
  std::uint64_t low() const { return low_; }

 private:
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

}  // namespace unswept::sim
