#include "engine/ops/gc/digest_cache.h"

#include <utility>

namespace unswept::engine {

bool DigestCache::insert(const Digest& digest) {
  const std::uint32_t hash = hash_of(digest);
  if (!slots_.empty()) {
    if (const Index known = slots_[find(digest, hash)].node; known != kNone) {
      ++hits_;
      if (known == newest_) return true;
      unlink(known);
      push_newest(known);
      return true;
    }
  }
  ++misses_;
  if (capacity_ == 0) return false;
  const Index index = take_node();
  nodes_[index].digest = digest;
  slots_[find(digest, hash)] = {index, hash};
  push_newest(index);
  return false;
}

/// In which order they came makes a difference only when some have to go.  Those who ask have no
/// store with as many chunks as usual caches have room for.
void DigestCache::tell(os::Gist& gist) const {
  constexpr std::size_t kNeverFull = 1 << 16;
  const auto gist_of = [](const Digest& digest) {
    return os::Gist() << std::string_view(reinterpret_cast<const char*>(digest.bytes.data()),
                                          Digest::kSize);
  };
  os::GistOfSet known;
  for (Index index = newest_; index != kNone; index = nodes_[index].older) {
    const os::Gist one = gist_of(nodes_[index].digest);
    if (capacity_ < kNeverFull) gist << one.high() << one.low();
    known.add(one);
  }
  gist << known << hits_ << misses_;
}

/// The slot of `digest`, or the empty one where it would go.
std::size_t DigestCache::find(const Digest& digest, std::uint32_t hash) const {
  std::size_t slot = home(hash);
  while (slots_[slot].node != kNone &&
         (slots_[slot].hash != hash || nodes_[slots_[slot].node].digest != digest))
    slot = after(slot);
  return slot;
}

std::size_t DigestCache::find_node(Index index) const {
  std::size_t slot = home(hash_of(nodes_[index].digest));
  while (slots_[slot].node != index) slot = after(slot);
  return slot;
}

/// Twice as many slots.
void DigestCache::grow() {
  constexpr std::size_t kFirstSlots = 16;
  const Slots before =
      std::exchange(slots_, Slots(slots_.empty() ? kFirstSlots : 2 * slots_.size()));
  for (const Slot& kept : before) {
    if (kept.node == kNone) continue;
    std::size_t slot = home(kept.hash);
    while (slots_[slot].node != kNone) slot = after(slot);
    slots_[slot] = kept;
  }
}

/// Closes the gap: what stands behind it without interruption moves up, unless it is nearer to its
/// home than the gap is (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).
void DigestCache::empty_slot(std::size_t gap) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = after(gap); slots_[slot].node != kNone; slot = after(slot)) {
    const std::size_t from_home = (slot - home(slots_[slot].hash)) & mask;
    const std::size_t from_gap = (slot - gap) & mask;
    if (from_home < from_gap) continue;
    slots_[gap] = slots_[slot];
    gap = slot;
  }
  slots_[gap] = {};
}

/// A new node, or that of the least recent digest, which leaves the set.
DigestCache::Index DigestCache::take_node() {
  if (nodes_.size() < capacity_) {
    if (2 * (nodes_.size() + 1) > slots_.size()) grow();
    nodes_.emplace_back();
    return static_cast<Index>(nodes_.size() - 1);
  }
  const Index index = oldest_;
  unlink(index);
  empty_slot(find_node(index));
  return index;
}

void DigestCache::unlink(Index index) {
  const Node& node = nodes_[index];
  (node.newer == kNone ? newest_ : nodes_[node.newer].older) = node.older;
  (node.older == kNone ? oldest_ : nodes_[node.older].newer) = node.newer;
}

void DigestCache::push_newest(Index index) {
  nodes_[index].newer = kNone;
  nodes_[index].older = newest_;
  (newest_ == kNone ? oldest_ : nodes_[newest_].newer) = index;
  newest_ = index;
}

}  // namespace unswept::engine
