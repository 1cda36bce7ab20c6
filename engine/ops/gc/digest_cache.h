// engine/ops/gc/digest_cache.h: the digests that were marked last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/format/digest.h"

namespace unswept::engine {

/// A least-recently-used set.  Memory grows with what is in it, not with its capacity.
class DigestCache {
 public:
  /// `capacity` < 2^32.  With 0 nothing is ever in it.
  explicit DigestCache(std::size_t capacity) : capacity_(capacity) {}

  /// Makes `digest` the most recent; true if it was in the set already.
  bool insert(const Digest& digest);

  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }

 private:
  using Index = std::uint32_t;
  static constexpr Index kNone = 0xffffffff;

  struct Node {
    Digest digest;
    Index newer = kNone;
    Index older = kNone;
  };

  Index take_node();
  void unlink(Index index);
  void push_newest(Index index);

  std::size_t capacity_;
  std::unordered_map<Digest, Index, DigestHash> index_of_;  // never iterated
  std::vector<Node> nodes_;
  Index newest_ = kNone;
  Index oldest_ = kNone;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
};

}  // namespace unswept::engine
