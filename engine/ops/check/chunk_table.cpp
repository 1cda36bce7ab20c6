#include "engine/ops/check/chunk_table.h"

#include <algorithm>
#include <span>

namespace unswept::engine {
namespace {

std::size_t prefix_of(const Digest& digest) {
  return std::size_t{digest.bytes[0]} << 8 | digest.bytes[1];
}

KnownChunk make_chunk(const Digest& digest, std::uint64_t stored) {
  constexpr std::uint64_t kLongest = KnownChunk::kTooLong;
  return {digest, static_cast<std::uint32_t>(std::min(stored, kLongest)), 0, false};
}

}  // namespace

void ChunkTable::add(const Digest& digest, std::uint64_t stored) {
  for (const std::size_t prefix = prefix_of(digest); last_prefix_ < prefix;)
    before_[++last_prefix_] = chunks_.size();
  chunks_.push_back(make_chunk(digest, stored));
}

KnownChunk& ChunkTable::add_late(const Digest& digest, std::uint64_t stored) {
  return late_.insert_or_assign(digest, make_chunk(digest, stored)).first->second;
}

KnownChunk* ChunkTable::find(const Digest& digest) {
  const std::size_t prefix = prefix_of(digest);
  if (prefix <= last_prefix_) {
    const std::size_t end = prefix == last_prefix_ ? chunks_.size() : before_[prefix + 1];
    const std::span<KnownChunk> range(chunks_.data() + before_[prefix], end - before_[prefix]);
    const auto found = std::ranges::lower_bound(range, digest, {}, &KnownChunk::digest);
    if (found != range.end() && found->digest == digest) return &*found;
  }
  const auto late = late_.find(digest);
  return late == late_.end() ? nullptr : &late->second;
}

}  // namespace unswept::engine
