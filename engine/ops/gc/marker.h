// engine/ops/gc/marker.h: marking the chunks of one index after the other, by one task or several.
//
// With one job an index is marked when it is opened.  With more, indexes are
// opened in the same order, and what they refer to is marked together by as many
// tasks as there are jobs, a batch of indexes at a time: an open index stays
// readable whatever happens to its file, and marks may come late, as long as
// they come before anything is swept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/ops/gc/chunk_marker.h"
#include "engine/os/task_runner.h"
#include "engine/store/datastore.h"
#include "engine/store/index_file.h"

namespace unswept::engine {

enum class Found : bool { vanished, marked };

/// Marks chunks, each once as long as a cache remembers it, and counts.
class Marker {
 public:
  /// One job.
  Marker(const Datastore& store, std::size_t cache_capacity);
  /// The jobs are tasks of `tasks`, and have a part of the capacity each.
  /// REQUIRES: at least one job.
  Marker(const Datastore& store, std::size_t cache_capacity, unsigned jobs, os::TaskRunner& tasks);

  /// Opens the index at an absolute path and marks all its chunks.
  Result<Found> mark_index(std::string_view path);
  /// The same, but the chunks may be marked later, by catch_up() at the latest.
  Result<Found> take_index(std::string_view path);
  /// Marks what was taken and is not marked yet.
  Result<> catch_up();

  std::uint64_t index_files() const { return index_files_; }
  std::uint64_t index_bytes() const { return index_bytes_; }
  std::uint64_t cache_hits() const;
  std::uint64_t cache_misses() const;
  std::uint64_t missing_chunks() const;
  /// What is marked, what was taken, and what was counted.
  void tell(os::Gist& gist) const;

 private:
  struct TakenIndex {
    std::string path;
    IndexFile file;
    void tell(os::Gist& gist) const;
  };

  Result<std::optional<IndexFile>> open(std::string_view path);
  Result<> mark_taken(ChunkMarker& marker) const;
  void warn_missing();

  const Datastore& store_;
  os::TaskRunner* tasks_ = nullptr;                    // none: one job
  std::vector<std::unique_ptr<ChunkMarker>> markers_;  // one per job
  std::vector<TakenIndex> taken_;
  std::size_t taken_digests_ = 0;
  std::uint64_t index_files_ = 0;
  std::uint64_t index_bytes_ = 0;
};

}  // namespace unswept::engine
