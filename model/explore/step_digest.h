// model/explore/step_digest.h: 64 bits to recognise a step by when it is repeated (internal).
#pragma once

#include <cstdint>

#include "model/program.h"

namespace unswept::model {

/// Of everything that has to be the same when the same answers are given.
/// The order in which a footprint lists its accesses does not matter.
inline std::uint64_t digest_of(const Step& step) {
  __extension__ using Wide = unsigned __int128;
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  auto fold = [](std::uint64_t x) {
    const Wide product = static_cast<Wide>(x) * kOdd;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  // Independent multiplications: this runs for every repeated step.
  std::uint64_t sum = fold(step.result ^ (std::uint64_t{step.op} << 48)) + step.actor +
                      (std::uint64_t{step.ordinal} << 8);
  for (const Access& access : step.footprint)
    sum += fold(access.object + (std::uint64_t{static_cast<std::uint8_t>(access.mode)} << 56) + 1);
  return sum;
}

}  // namespace unswept::model
