// model/explore/access_numbers.h: who uses what in which way, as dense numbers (internal).
//
// A set of uses is then a bit set.  A use is contended when another actor's use of
// the same object conflicts with it; only those can be part of a race.
//
// Numbers are given out in the order in which uses are first seen, and never
// taken back.  Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/explore/object_table.h"
#include "model/program.h"

namespace unswept::model {

using Bits = std::vector<std::uint64_t>;

inline bool has_bit(std::span<const std::uint64_t> bits, std::uint32_t n) {
  return n / 64 < bits.size() && (bits[n / 64] >> (n % 64) & 1) != 0;
}
inline void set_bit(Bits& bits, std::uint32_t n) {
  if (n / 64 >= bits.size()) bits.resize(n / 64 + 1);
  bits[n / 64] |= std::uint64_t{1} << (n % 64);
}
inline void unite(Bits& bits, std::span<const std::uint64_t> others) {
  if (others.size() > bits.size()) bits.resize(others.size());
  for (std::size_t i = 0; i < others.size(); ++i) bits[i] |= others[i];
}

class AccessNumbers {
 public:
  struct Use {
    ActorId actor;
    Access access;
  };

  explicit AccessNumbers(const Dependence& dependence) : dependence_(dependence) {}

  std::uint32_t number_of(ActorId actor, const Access& access);
  const Use& operator[](std::uint32_t number) const { return uses_[number]; }
  /// The numbers of all uses of `object`.
  std::span<const std::uint32_t> of(ObjectId object);
  std::span<const std::uint64_t> contended() const { return contended_; }

 private:
  const Dependence dependence_;
  ObjectTable objects_;
  std::vector<std::vector<std::uint32_t>> by_object_;
  std::vector<Use> uses_;
  Bits contended_;
};

}  // namespace unswept::model
