// sim/shared.h: variables that actors share; each access is a step.
//
//   Shared<int> turn(world, 0);      // before seal()
//   ... on an actor:
//   turn.fetch_add(1);
//
// A failed compare_exchange only reads.  All accesses are sequentially consistent.
//
// Thread safety: as the World.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace unswept::sim {

class Machine;
class World;
struct SharedCell;

/// The accesses, on 64 bits.
class SharedWord {
 public:
  SharedWord(World& world, std::uint64_t initial);

  std::uint64_t read();
  void write(std::uint64_t value);
  /// The value before.  Bits outside of `mask` stay zero.
  std::uint64_t fetch_add(std::uint64_t summand, std::uint64_t mask);
  /// Whether it held `expected`, which is updated if not.
  bool compare_exchange(std::uint64_t& expected, std::uint64_t desired);
  /// Without a step.
  std::uint64_t peek() const;

 private:
  Machine& machine_;
  SharedCell& cell_;
};

template <class T>
class Shared {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));

 public:
  Shared(World& world, T initial) : word_(world, pack(initial)) {}

  T read() { return unpack(word_.read()); }
  void write(T value) { word_.write(pack(value)); }
  T fetch_add(T summand)
    requires std::is_integral_v<T>
  {
    return unpack(word_.fetch_add(pack(summand), kMask));
  }
  bool compare_exchange(T& expected, T desired) {
    std::uint64_t bits = pack(expected);
    const bool done = word_.compare_exchange(bits, pack(desired));
    expected = unpack(bits);
    return done;
  }
  T peek() const { return unpack(word_.peek()); }

 private:
  static constexpr std::uint64_t kMask = ~std::uint64_t{0} >> (64 - 8 * sizeof(T));

  static std::uint64_t pack(T value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
  }
  static T unpack(std::uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
  }

  SharedWord word_;
};

}  // namespace unswept::sim
