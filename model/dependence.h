// model/dependence.h: when two steps commute, as a table.
//
// The default is footprint.h's conflict() and reversible().  A table can be
// spoilt, which is how tests prove that the cross-checks would notice.
#pragma once

#include <array>
#include <cstdint>

#include "model/footprint.h"

namespace unswept::model {

inline constexpr std::size_t kModeCount = 7;
constexpr std::size_t index_of(Mode mode) { return static_cast<std::size_t>(mode); }

/// A set of modes: bit i stands for the mode with index i.
using ModeSet = std::uint8_t;
constexpr ModeSet set_of(Mode mode) { return static_cast<ModeSet>(1U << index_of(mode)); }
constexpr bool contains(ModeSet set, Mode mode) { return (set >> index_of(mode) & 1) != 0; }

class Dependence {
 public:
  constexpr Dependence() {
    for (std::size_t later = 0; later < kModeCount; ++later)
      for (std::size_t earlier = 0; earlier < kModeCount; ++earlier) {
        const Mode a = static_cast<Mode>(earlier);
        const Mode b = static_cast<Mode>(later);
        if (conflict(a, b)) conflicts_[later] |= set_of(a);
        if (conflict(a, b) && reversible(a, b)) reversible_[later] |= set_of(a);
      }
  }

  /// Modes that do not commute with `mode` on the same object.
  constexpr ModeSet conflicts(Mode mode) const { return conflicts_[index_of(mode)]; }
  /// Of those, the ones a later access of `mode` could have preceded.
  constexpr ModeSet reversibles(Mode mode) const { return reversible_[index_of(mode)]; }

  /// For tests: pretends that accesses of `a` and `b` commute.
  constexpr void forget(Mode a, Mode b) {
    auto without = [](ModeSet set, Mode m) { return static_cast<ModeSet>(set & ~set_of(m)); };
    for (auto* table : {&conflicts_, &reversible_}) {
      (*table)[index_of(a)] = without((*table)[index_of(a)], b);
      (*table)[index_of(b)] = without((*table)[index_of(b)], a);
    }
  }

  constexpr bool conflict_of(Mode a, Mode b) const { return contains(conflicts(a), b); }

  bool dependent(std::span<const Access> a, std::span<const Access> b) const {
    for (const Access& x : a)
      for (const Access& y : b)
        if (x.object == y.object && conflict_of(x.mode, y.mode)) return true;
    return false;
  }

 private:
  std::array<ModeSet, kModeCount> conflicts_{};
  std::array<ModeSet, kModeCount> reversible_{};
};

}  // namespace unswept::model
