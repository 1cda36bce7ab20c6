// engine/ops/gc/chunk_marker.h: marking the chunks of indexes, each once as long as it is
// remembered.
//
// Several of them can share a store's digests: each has a part of the digests and
// looks at every index for those.  Then nothing is shared between them but the
// store, and which of them marks a chunk follows from its digest alone.
//
// One that has all digests takes the chunk mutex for each mark, as specified.  Those
// that share do not, or they would only wait for each other: a mark is one system
// call, and whoever holds the mutex (an insert, a rename of a damaged chunk) can be
// met by the mark of another process at any moment anyway.  The collection that
// would sweep is the one that marks.
//
// Thread safety: each belongs to one task at a time; those that share digests may
// work at the same time.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/format/digest.h"
#include "engine/ops/gc/digest_cache.h"
#include "engine/store/datastore.h"
#include "engine/store/index_file.h"

namespace unswept::engine {

/// Number `number` of `count`, which have all digests among them.
struct DigestShare {
  unsigned number = 0;
  unsigned count = 1;

  bool is_whole() const { return count == 1; }
  bool has(const Digest& digest) const {
    return is_whole() || digest.bytes.back() % count == number;
  }
};

/// A digest without a chunk, and the index that refers to it.
struct MissingChunk {
  Digest digest;
  std::string_view index_path;
};

class ChunkMarker {
 public:
  ChunkMarker(const Datastore& store, std::size_t cache_capacity, DigestShare share = {});
  ChunkMarker(const ChunkMarker&) = delete;
  ChunkMarker& operator=(const ChunkMarker&) = delete;

  /// Marks the chunks of its share, in table order.  `path` is kept with what is missing.
  Result<> mark(const IndexView& index, std::string_view path);

  const DigestCache& cache() const { return cache_; }
  void tell(os::Gist& gist) const { gist << cache_ << missing_chunks_ << missing_.size(); }
  std::uint64_t missing_chunks() const { return missing_chunks_; }
  /// Those that nobody has taken yet; kept only where somebody wants warnings.
  std::vector<MissingChunk> take_missing() { return std::exchange(missing_, {}); }

 private:
  void look_ahead(const IndexView& index, std::size_t at) const;
  Result<> mark_chunk(const Digest& digest, std::string_view path);
  void note_missing(const Digest& digest, std::string_view path);

  /// Never waits.
  class NoMutex final : public os::Mutex {
   public:
    void lock() override {}
    bool try_lock() override { return true; }
    void unlock() noexcept override {}
  };

  os::System& system_;
  DigestShare share_;
  NoMutex no_mutex_;
  ChunkStore chunks_;
  DigestCache cache_;
  std::uint64_t missing_chunks_ = 0;
  std::vector<MissingChunk> missing_;
};

/// Fails if the user or the service wants the operation to end.
Result<> check_interrupted(os::System& system);

}  // namespace unswept::engine
