// sim/shared.h: variables that actors share; each access is a step.
//
//   Shared<int> turn(world, 0);      // before seal()
//   ... on an actor:
//   turn.fetch_add(1);
//
// A failed compare_exchange only reads.  All accesses are sequentially consistent.
//
// All of it is inline: so little happens that the way to the scheduler and back decides what an
// access costs.
//
// Thread safety: as the World.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/call.h"
#include "sim/scheduler.h"
#include "sim/shared_cells.h"

namespace unswept::sim {

class World;

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
  std::uint64_t peek() const { return cell_.value; }

 private:
  /// "add x3".
  struct Describe {
    std::string operator()() const;

    std::string_view verb;
    const SharedCell& cell;
  };
  template <class Value, class Run>
  Value access(Op op, std::string_view verb, Run run) {
    CallOf<Value, Run, Describe> call(op, scheduler_.current_process(), run, {verb, cell_});
    scheduler_.submit(call);
    return call.value();
  }

  Scheduler& scheduler_;
  SharedCells& cells_;
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

// --- implementation ------------------------------------------------------------

inline std::uint64_t SharedWord::read() {
  return access<std::uint64_t>(Op::shared_read, "read", [this](Touch& touch) {
    touch.read(cell_.object);
    return cell_.value;
  });
}

inline void SharedWord::write(std::uint64_t value) {
  access<Nothing>(Op::shared_write, "write", [this, value](Touch& touch) {
    touch.write(cell_.object);
    if (!touch.dry()) cells_.set(cell_, value);
    return Nothing{};
  });
}

inline std::uint64_t SharedWord::fetch_add(std::uint64_t summand, std::uint64_t mask) {
  return access<std::uint64_t>(Op::shared_add, "add", [this, summand, mask](Touch& touch) {
    touch.write(cell_.object);
    const std::uint64_t before = cell_.value;
    if (!touch.dry()) cells_.set(cell_, (before + summand) & mask);
    return before;
  });
}

inline bool SharedWord::compare_exchange(std::uint64_t& expected, std::uint64_t desired) {
  const std::uint64_t wanted = expected;
  const auto run = [this, wanted, desired](Touch& touch) {
    const std::uint64_t now = cell_.value;
    touch.use(cell_.object, now == wanted ? model::Mode::write : model::Mode::read);
    if (now == wanted && !touch.dry()) cells_.set(cell_, desired);
    return now;
  };
  expected = access<std::uint64_t>(Op::shared_compare_exchange, "compare-exchange", run);
  return expected == wanted;
}

}  // namespace unswept::sim
