// engine/ops/gc/digest_cache.h: the digests that were marked last.
//
// With a million digests each look into the set waits for memory several times,
// longer than for anything else that marking does outside of the kernel.  Who
// knows which digests come next says so with expect(), and does not wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/format/digest.h"
#include "engine/os/knowledge.h"
#include "engine/os/table_memory.h"

namespace unswept::engine {

/// A least-recently-used set.  Memory grows with what is in it, not with its capacity:
/// 48 to 56 bytes per digest, half as much again for a moment while it grows.
class DigestCache {
 public:
  /// `capacity` < 2^31.  With 0 nothing is ever in it.
  explicit DigestCache(std::size_t capacity) : capacity_(capacity) {}

  /// Makes `digest` the most recent; true if it was in the set already.
  bool insert(const Digest& digest);

  /// Hints that `digest` is inserted soon: expect_far() first, expect_near() some
  /// insertions later.  They make no difference but in time.
  void expect_far(const Digest& digest) const {
    if (!slots_.empty()) os::prefetch(&slots_[home(hash_of(digest))]);
  }
  void expect_near(const Digest& digest) const {
    if (slots_.empty()) return;
    const std::uint32_t hash = hash_of(digest);
    std::size_t slot = home(hash);
    while (slots_[slot].node != kNone && slots_[slot].hash != hash) slot = after(slot);
    if (slots_[slot].node != kNone) os::prefetch(&nodes_[slots_[slot].node]);
  }

  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }
  /// What is in it, and what it has counted.
  void tell(os::Gist& gist) const;

 private:
  using Index = std::uint32_t;
  static constexpr Index kNone = 0xffffffff;

  struct Node {
    Digest digest;
    Index newer = kNone;
    Index older = kNone;
  };

  /// A place of the hash table.  Hashes are kept, so that hardly any other digest is looked at and
  /// places can be moved without looking at digests at all.
  struct Slot {
    Index node = kNone;
    std::uint32_t hash = 0;
  };

  using Slots = std::vector<Slot, os::TableAllocator<Slot>>;

  static std::uint32_t hash_of(const Digest& digest) {
    return static_cast<std::uint32_t>(DigestHash()(digest));
  }
  std::size_t home(std::uint32_t hash) const { return hash & (slots_.size() - 1); }
  std::size_t after(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }

  std::size_t find(const Digest& digest, std::uint32_t hash) const;
  std::size_t find_node(Index index) const;
  void grow();
  void empty_slot(std::size_t slot);
  Index take_node();
  void unlink(Index index);
  void push_newest(Index index);

  std::size_t capacity_;
  Slots slots_;  // linear probing; a power of two, or none; never full
  std::vector<Node, os::TableAllocator<Node>> nodes_;
  Index newest_ = kNone;
  Index oldest_ = kNone;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
};

}  // namespace unswept::engine
