#include "engine/ops/gc/atime_check.h"

#include <chrono>

#include "engine/format/blob.h"
#include "engine/format/sha256.h"

namespace unswept::engine {

namespace {

constexpr std::size_t kTestChunkSize = std::size_t{4} << 20;
constexpr std::chrono::milliseconds kPause{1'000};
constexpr int kAttempts = 2;

struct TestChunk {
  Digest digest;
  Bytes blob;
};

Result<TestChunk> make_test_chunk() {
  const Bytes zeros(kTestChunkSize);
  auto blob = BlobCodec().encode(zeros);
  if (!blob) return forward_error(blob);
  return TestChunk{sha256(zeros), std::move(*blob)};
}

Result<os::Stat> stat_chunk(const Datastore& store, const Digest& digest) {
  const std::string path = store.chunks().path(digest);
  auto stat = store.system().stat(path);
  if (!stat) return os_failure(stat.error(), "stat", path);
  return *stat;
}

enum class Answer : bool { kept, replaced_meanwhile };

Result<Answer> try_once(const Datastore& store, const TestChunk& chunk) {
  auto inserted = store.chunks().insert(chunk.digest, chunk.blob);
  if (!inserted) return forward_error(inserted);
  store.system().sleep(kPause);
  auto before = stat_chunk(store, chunk.digest);
  if (!before) return forward_error(before);
  if (auto touched = store.chunks().touch(chunk.digest); !touched) return forward_error(touched);
  auto after = stat_chunk(store, chunk.digest);
  if (!after) return forward_error(after);
  if (before->inode != after->inode) return Answer::replaced_meanwhile;
  if (before->atime < after->atime) return Answer::kept;
  return fail(ErrorKind::refused,
              "the file system of " + store.base() +
                  " does not keep access times; nothing can be collected there until it does");
}

}  // namespace

Digest access_time_chunk() { return sha256(Bytes(kTestChunkSize)); }

Result<> check_access_times(const Datastore& store) {
  auto chunk = make_test_chunk();
  if (!chunk) return forward_error(chunk);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto answer = try_once(store, *chunk);
    if (!answer) return forward_error(answer);
    if (*answer == Answer::kept) return {};
  }
  return fail(ErrorKind::lock_conflict,
              "the test chunk was replaced twice while its access time was being checked");
}

}  // namespace unswept::engine
