#include "engine/ops/gc/chunk_marker.h"

#include "engine/os/table_memory.h"

namespace unswept::engine {

Result<> check_interrupted(os::System& system) {
  if (!system.interrupted()) return {};
  return fail(ErrorKind::aborted, "garbage collection was interrupted");
}

ChunkMarker::ChunkMarker(const Datastore& store, std::size_t cache_capacity, DigestShare share)
    : system_(store.system()),
      share_(share),
      chunks_(share.is_whole() ? store.chunks()
                               : ChunkStore(system_, no_mutex_, store.base(), SyncLevel::none)),
      cache_(cache_capacity) {}

Result<> ChunkMarker::mark(const IndexView& index, std::string_view path) {
  for (std::size_t i = 0; i < index.chunk_count(); ++i) {
    look_ahead(index, i);
    const Digest digest = index.digest(i);
    if (!share_.has(digest)) continue;
    if (auto going = check_interrupted(system_); !going) return going;
    if (auto marked = mark_chunk(digest, path); !marked) return marked;
  }
  return {};
}

/// Has fetched what will be looked at: the index, then the cache's table, then its entry.  The
/// distances are in digests; memory takes about as long as a few insertions.
void ChunkMarker::look_ahead(const IndexView& index, std::size_t at) const {
  const std::size_t near = 8 * share_.count;
  const std::size_t far = 2 * near;
  constexpr std::size_t kFarthest = 64;
  const std::size_t left = index.chunk_count() - at;
  const auto expect = [&](std::size_t ahead, auto how) {
    if (left <= ahead) return;
    const Digest digest = index.digest(at + ahead);
    if (share_.has(digest)) how(digest);
  };
  expect(near, [this](const Digest& digest) { cache_.expect_near(digest); });
  expect(far, [this](const Digest& digest) { cache_.expect_far(digest); });
  if (left > kFarthest) os::prefetch(index.digest_address(at + kFarthest));
}

Result<> ChunkMarker::mark_chunk(const Digest& digest, std::string_view path) {
  if (cache_.insert(digest)) return {};
  auto touched = chunks_.touch_if_exists(digest);
  if (!touched) return forward_error(touched);
  if (*touched) return {};
  auto bad = chunks_.touch_bad_chunks(digest);
  if (!bad) return forward_error(bad);
  if (!*bad) note_missing(digest, path);
  return {};
}

void ChunkMarker::note_missing(const Digest& digest, std::string_view path) {
  ++missing_chunks_;
  if (system_.log_wanted(os::LogLevel::warning)) missing_.push_back({digest, path});
}

}  // namespace unswept::engine
