// engine/ops/chunker.h: cutting a stream where its content says so.
//
// Cuts move along with what is inserted or removed before them, so that two
// streams that share a stretch of bytes share most chunks of it, at whatever
// offsets it lies.
//
// The method is FastCDC: W. Xia et al., "FastCDC: A Fast and Efficient
// Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016.
// A gear hash rolls over the bytes, h = 2h + G[byte]: its top bits depend on the
// last 64 bytes.  A chunk ends behind the byte that makes the top bits zero: two
// more bits than the average asks for up to the average, two fewer beyond it
// (normalised chunking, level 2), never before the minimum (a quarter of the
// average, skipped without hashing) and always at the maximum (four times it).
//
// Where cuts fall is part of what a store looks like: another table or another
// rule would find nothing of what older backups have uploaded.  So the table is
// made by a fixed rule (splitmix64 from zero), and tests hold both down.  Upstream
// clients cut by a buzhash with the same bounds; their chunks are good to read,
// but only equal ones are shared.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/format/bytes.h"

namespace unswept::engine {

struct ChunkBounds {
  std::size_t min = 0;
  std::size_t average = 0;  // what cuts aim at; a power of two
  std::size_t max = 0;      // bytes, as all of these
};

/// The bounds for an average chunk size; nothing unless it is a power of two of 256 bytes or more.
std::optional<ChunkBounds> chunk_bounds(std::uint64_t average);

/// What dynamic indexes are cut into unless told otherwise: 1, 4 and 16 MiB.
inline constexpr std::uint64_t kDynamicChunkSize = std::uint64_t{4} << 20;

class Chunker {
 public:
  explicit Chunker(const ChunkBounds& bounds);

  const ChunkBounds& bounds() const { return bounds_; }

  /// The length of the first chunk of `data`, which is the rest of a stream or at least the
  /// maximum of it.  0 if there is no data.
  std::size_t cut(ByteView data) const;

 private:
  ChunkBounds bounds_;
  std::uint64_t early_mask_;  // before the average
  std::uint64_t late_mask_;
};

}  // namespace unswept::engine
