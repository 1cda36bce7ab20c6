#include "model/explore/state_table.h"

#include <cmath>
#include <utility>

#include "model/explore/mix.h"

namespace unswept::model {

// Either where the state is, or the free slot where it belongs.
std::size_t StateTable::place(const Shard& shard, const Fingerprint& state) {
  const std::size_t mask = shard.slots.size() - 1;
  std::size_t at = mix(state.low ^ state.high) & mask;
  while (shard.slots[at].used() && shard.slots[at].state != state) at = (at + 1) & mask;
  return at;
}

const KnownState* StateTable::find(const Fingerprint& state) const {
  const Shard& shard = shards_[shard_of(state)];
  if (shard.slots.empty()) return nullptr;
  const Slot& slot = shard.slots[place(shard, state)];
  return slot.used() ? &slot.known : nullptr;
}

bool StateTable::store(const Fingerprint& state, const KnownState& known, std::size_t bytes_max) {
  Shard& shard = shards_[shard_of(state)];
  if (shard.slots.empty() && !make_room(shard, bytes_max)) return false;
  std::size_t at = place(shard, state);
  if (!shard.slots[at].used()) {
    if (4 * (shard.size + 1) > 3 * shard.slots.size()) {
      if (!make_room(shard, bytes_max)) return false;
      at = place(shard, state);
    }
    ++shard.size;
    ++size_;
  }
  shard.slots[at] = {state, known};
  return true;
}

bool StateTable::make_room(Shard& shard, std::size_t bytes_max) {
  const std::size_t slots = shard.slots.empty() ? kInitialSlots : 2 * shard.slots.size();
  const std::size_t bytes = bytes_ + (slots - shard.slots.size()) * sizeof(Slot);
  if (bytes > bytes_max) return false;
  const Shard old = std::exchange(shard, {std::vector<Slot>(slots), shard.size});
  for (const Slot& slot : old.slots)
    if (slot.used()) shard.slots[place(shard, slot.state)] = slot;
  bytes_ = bytes;
  return true;
}

double collision_probability(std::uint64_t states) {
  const auto n = static_cast<double>(states);
  return std::ldexp(n * n, -129);
}

}  // namespace unswept::model
