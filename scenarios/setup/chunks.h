// scenarios/setup/chunks.h: the chunks that a scenario speaks of.
//
// "c1" stands for a tiny chunk whose content follows from its name, so that files
// need no bytes and two scenarios mean the same.  All contents are equally long,
// as a fixed index wants it.  Blobs are encoded once, here, never during a run.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/format/bytes.h"
#include "engine/format/digest.h"

namespace unswept::scenarios {

/// Bytes of data in a scenario's chunk, and the chunk size of its fixed indexes.
inline constexpr std::size_t kChunkBytes = 64;

struct Chunk {
  std::string name;
  engine::Digest digest;
  engine::Bytes data;  // kChunkBytes
  engine::Bytes blob;  // as it stands on disk
};

class ChunkCatalogue {
 public:
  /// The chunk of that name, made at the first call.  References stay valid.
  const Chunk& add(std::string_view name);
  /// Null when there is none.
  const Chunk* find(std::string_view name) const;
  const Chunk* find(const engine::Digest& digest) const;
  /// By name.
  const std::map<std::string, Chunk, std::less<>>& all() const { return chunks_; }

 private:
  std::map<std::string, Chunk, std::less<>> chunks_;
  std::unordered_map<engine::Digest, const Chunk*, engine::DigestHash> by_digest_;
};

}  // namespace unswept::scenarios
