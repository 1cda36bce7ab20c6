// model/explore/state_table.h: the states that have been explored, by fingerprint (internal).
//
// A flat table with open addressing, 32 bytes a state, cut into shards by the
// first bits of the fingerprint.  A shard is a table of its own that grows on its
// own: whoever lets several threads share one gives each shard a lock.
//
// When the memory is used up nothing new is taken in; what is known stays known.
// Thread safety: none.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/explore/summaries.h"
#include "model/program.h"

namespace unswept::model {

struct KnownState {
  ActorSet asleep = 0;                           // those whose steps were not explored from there
  Summaries::Id summary = Summaries::kNoNumber;  // what happens below it
};

class StateTable {
 public:
  /// Null if the state is not known.  Valid until the next store().
  const KnownState* find(const Fingerprint& state) const;
  /// Takes a state in, or replaces what is known of it.  `bytes_max`: what the table may grow to.
  /// False if there was no room.
  bool store(const Fingerprint& state, const KnownState& known, std::size_t bytes_max);

  std::uint64_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Slot {
    Fingerprint state;
    KnownState known;
    bool used() const { return known.summary != Summaries::kNoNumber; }
  };
  struct Shard {
    std::vector<Slot> slots;
    std::size_t size = 0;
  };
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kInitialSlots = 16;

  static std::size_t shard_of(const Fingerprint& state) { return state.high >> 58; }
  static std::size_t place(const Shard& shard, const Fingerprint& state);
  bool make_room(Shard& shard, std::size_t bytes_max);

  std::array<Shard, kShards> shards_;
  std::uint64_t size_ = 0;
  std::size_t bytes_ = 0;
};

/// How likely it is that two of `states` random fingerprints are the same.
double collision_probability(std::uint64_t states);

}  // namespace unswept::model
