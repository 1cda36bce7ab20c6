// engine/format/fixed_index.h: writing a fixed index, piece by piece or whole.
#pragma once

#include <cstdint>
#include <span>

#include "engine/format/index.h"

namespace unswept::engine {

inline constexpr std::size_t kFixedEntrySize = Digest::kSize;
inline constexpr std::size_t kFixedSizeOffset = 64;
inline constexpr std::size_t kFixedChunkSizeOffset = 72;
/// What the server's writer uses.
inline constexpr std::uint64_t kFixedChunkSize = std::uint64_t{4} << 20;

struct FixedIndexHeader {
  Uuid uuid{};
  std::int64_t ctime = 0;
  Digest csum;             // zero until the index is closed
  std::uint64_t size = 0;  // zero until the index is closed
  std::uint64_t chunk_size = kFixedChunkSize;

  std::array<std::byte, kIndexHeaderSize> encode() const;
};

/// How many chunks an image has.
constexpr std::uint64_t fixed_chunk_count(std::uint64_t size, std::uint64_t chunk_size) {
  return size / chunk_size + (size % chunk_size != 0);
}

/// Where digest `i` stands in the file.
constexpr std::uint64_t fixed_entry_offset(std::uint64_t i) {
  return kIndexHeaderSize + i * kFixedEntrySize;
}

/// The whole file; the csum of `header` is ignored and computed.
/// REQUIRES: as many digests as size and chunk size of `header` demand.
Bytes build_fixed_index(FixedIndexHeader header, std::span<const Digest> digests);

}  // namespace unswept::engine
