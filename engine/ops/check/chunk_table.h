// engine/ops/check/chunk_table.h: the chunks of a store and what indexes say of them.
//
// 44 bytes for each chunk.  Filled in ascending order of digests, then asked in any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "engine/format/digest.h"

namespace unswept::engine {

struct KnownChunk {
  Digest digest;
  std::uint32_t stored = 0;  // length of the file in bytes; kTooLong and all above it are one
  std::uint32_t length = 0;  // of the data, as the first index says that has it; 0 without one
  bool encrypted = false;    // as that index says

  static constexpr std::uint32_t kTooLong = std::numeric_limits<std::uint32_t>::max();

  bool is_referenced() const { return length != 0; }
};

class ChunkTable {
 public:
  /// REQUIRES: digests come in ascending order, each once.
  void add(const Digest& digest, std::uint64_t stored);

  /// A chunk that appeared after the table was filled.
  KnownChunk& add_late(const Digest& digest, std::uint64_t stored);

  KnownChunk* find(const Digest& digest);

  template <class Visit>
  void for_each(Visit visit) const {
    for (const KnownChunk& chunk : chunks_) visit(chunk);
    for (const auto& [digest, chunk] : late_) visit(chunk);
  }

  std::size_t size() const { return chunks_.size() + late_.size(); }

 private:
  std::vector<KnownChunk> chunks_;
  /// By the first two bytes of a digest: how many chunks come before those that start with them.
  std::vector<std::size_t> before_ = std::vector<std::size_t>(std::size_t{1} << 16);
  std::size_t last_prefix_ = 0;
  std::map<Digest, KnownChunk> late_;
};

}  // namespace unswept::engine
