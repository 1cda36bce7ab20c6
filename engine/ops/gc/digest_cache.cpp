#include "engine/ops/gc/digest_cache.h"

namespace unswept::engine {

bool DigestCache::insert(const Digest& digest) {
  if (const auto known = index_of_.find(digest); known != index_of_.end()) {
    ++hits_;
    unlink(known->second);
    push_newest(known->second);
    return true;
  }
  ++misses_;
  if (capacity_ == 0) return false;
  const Index index = take_node();
  nodes_[index].digest = digest;
  index_of_.emplace(digest, index);
  push_newest(index);
  return false;
}

/// A new node, or that of the least recent digest, which leaves the set.
DigestCache::Index DigestCache::take_node() {
  if (nodes_.size() < capacity_) {
    nodes_.emplace_back();
    return static_cast<Index>(nodes_.size() - 1);
  }
  const Index index = oldest_;
  unlink(index);
  index_of_.erase(nodes_[index].digest);
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
