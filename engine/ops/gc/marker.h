// engine/ops/gc/marker.h: marking the chunks of one index after the other.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/error.h"
#include "engine/format/digest.h"
#include "engine/ops/gc/digest_cache.h"
#include "engine/store/datastore.h"
#include "engine/store/index_file.h"

namespace unswept::engine {

enum class Found : bool { vanished, marked };

/// Marks chunks, each once as long as the cache remembers it, and counts.
class Marker {
 public:
  Marker(const Datastore& store, std::size_t cache_capacity)
      : store_(store), cache_(cache_capacity) {}

  /// Opens the index at an absolute path and marks all its chunks.
  Result<Found> mark_index(std::string_view path);

  std::uint64_t index_files() const { return index_files_; }
  std::uint64_t index_bytes() const { return index_bytes_; }
  std::uint64_t missing_chunks() const { return missing_chunks_; }
  const DigestCache& cache() const { return cache_; }

 private:
  Result<> mark_chunks(const IndexView& index, std::string_view path);
  void look_ahead(const IndexView& index, std::size_t at) const;
  Result<> mark_chunk(const Digest& digest, std::string_view path);
  void warn_missing(const Digest& digest, std::string_view path);

  const Datastore& store_;
  DigestCache cache_;
  std::uint64_t index_files_ = 0;
  std::uint64_t index_bytes_ = 0;
  std::uint64_t missing_chunks_ = 0;
};

/// Fails if the user or the service wants the operation to end.
Result<> check_interrupted(os::System& system);

}  // namespace unswept::engine
