#include "engine/ops/gc/marker.h"

#include "engine/os/table_memory.h"
#include "engine/points.h"

namespace unswept::engine {

Result<> check_interrupted(os::System& system) {
  if (!system.interrupted()) return {};
  return fail(ErrorKind::aborted, "garbage collection was interrupted");
}

Result<Found> Marker::mark_index(std::string_view path) {
  os::System& system = store_.system();
  if (auto going = check_interrupted(system); !going) return forward_error(going);
  auto index = IndexFile::open(system, path);
  if (!index) return forward_error(index);
  if (!*index) {
    system.point(points::gc_mark_vanished, store_.below_base(path));
    return Found::vanished;
  }
  if (auto marked = mark_chunks((*index)->view(), path); !marked) return forward_error(marked);
  system.point(points::gc_mark_index, store_.below_base(path));
  return Found::marked;
}

Result<> Marker::mark_chunks(const IndexView& index, std::string_view path) {
  ++index_files_;
  index_bytes_ += index.data_size();
  for (std::size_t i = 0; i < index.chunk_count(); ++i) {
    if (auto going = check_interrupted(store_.system()); !going) return going;
    look_ahead(index, i);
    if (auto marked = mark_chunk(index.digest(i), path); !marked) return marked;
  }
  return {};
}

/// Has fetched what will be looked at: the index, then the cache's table, then its entry.  The
/// distances are in digests; memory takes about as long as a few insertions.
void Marker::look_ahead(const IndexView& index, std::size_t at) const {
  constexpr std::size_t kNear = 8;
  constexpr std::size_t kFar = 16;
  constexpr std::size_t kFarthest = 64;
  const std::size_t left = index.chunk_count() - at;
  if (left > kNear) cache_.expect_near(index.digest(at + kNear));
  if (left > kFar) cache_.expect_far(index.digest(at + kFar));
  if (left > kFarthest) os::prefetch(index.digest_address(at + kFarthest));
}

Result<> Marker::mark_chunk(const Digest& digest, std::string_view path) {
  if (cache_.insert(digest)) return {};
  auto touched = store_.chunks().touch_if_exists(digest);
  if (!touched) return forward_error(touched);
  if (*touched) return {};
  auto bad = store_.chunks().touch_bad_chunks(digest);
  if (!bad) return forward_error(bad);
  if (!*bad) warn_missing(digest, path);
  return {};
}

void Marker::warn_missing(const Digest& digest, std::string_view path) {
  ++missing_chunks_;
  os::System& system = store_.system();
  if (!system.log_wanted(os::LogLevel::warning)) return;
  std::string message = "chunk ";
  digest.append_hex(message);
  message += " is missing; it is needed by ";
  message += path;
  system.log(os::LogLevel::warning, message);
}

}  // namespace unswept::engine
