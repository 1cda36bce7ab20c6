#include "engine/ops/chunker.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "engine/format/blob.h"
#include "engine/format/sha256.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

/// Bytes that nothing can be said of; the same for the same seed on every machine.
Bytes noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

std::vector<std::size_t> cuts(const Chunker& chunker, ByteView data) {
  std::vector<std::size_t> lengths;
  while (!data.empty()) {
    lengths.push_back(chunker.cut(data));
    data = data.subspan(lengths.back());
  }
  return lengths;
}

std::set<Digest> chunks_of(const Chunker& chunker, ByteView data) {
  std::set<Digest> digests;
  for (const std::size_t length : cuts(chunker, data)) {
    digests.insert(sha256(data.first(length)));
    data = data.subspan(length);
  }
  return digests;
}

constexpr std::uint64_t kAverage = 1024;

TEST_CASE("chunker: the bounds follow from a power of two", "[chunker]") {
  const auto bounds = chunk_bounds(kDynamicChunkSize);
  REQUIRE(bounds);
  CHECK(bounds->min == 1 << 20);
  CHECK(bounds->average == 4 << 20);
  CHECK(bounds->max == 16 << 20);
  CHECK(bounds->max <= kMaxChunkData);
  for (const std::uint64_t bad : {0U, 1U, 128U, 1000U, 5U << 20}) CHECK_FALSE(chunk_bounds(bad));
}

TEST_CASE("chunker: every chunk but the last keeps to the bounds, and nothing is lost",
          "[chunker]") {
  const Chunker chunker(*chunk_bounds(kAverage));
  const Bytes data = noise(1 << 20, 1);
  const auto lengths = cuts(chunker, data);
  CHECK(std::accumulate(lengths.begin(), lengths.end(), std::size_t{0}) == data.size());
  for (const std::size_t length : std::span(lengths).first(lengths.size() - 1)) {
    CHECK(length > chunker.bounds().min);
    CHECK(length <= chunker.bounds().max);
  }
  // The average over a thousand chunks is where it aims at, within a quarter.
  const double average = static_cast<double>(data.size()) / static_cast<double>(lengths.size());
  CHECK(average > 0.75 * kAverage);
  CHECK(average < 1.25 * kAverage);
}

TEST_CASE("chunker: what is inserted changes the chunks around it only", "[chunker]") {
  const Chunker chunker(*chunk_bounds(kAverage));
  const Bytes before = noise(256 << 10, 2);
  for (const std::size_t at : {std::size_t{0}, std::size_t{100'001}, before.size()}) {
    Bytes after = before;
    const Bytes inserted = noise(13, 3);
    after.insert(after.begin() + static_cast<std::ptrdiff_t>(at), inserted.begin(), inserted.end());
    const auto old_chunks = chunks_of(chunker, before);
    const auto new_chunks = chunks_of(chunker, after);
    std::vector<Digest> shared;
    std::ranges::set_intersection(old_chunks, new_chunks, std::back_inserter(shared));
    INFO("inserted at " << at);
    CHECK(shared.size() + 8 >= old_chunks.size());
    CHECK(shared.size() < new_chunks.size());
  }
}

TEST_CASE("chunker: only the bytes up to the maximum decide about a cut", "[chunker]") {
  const Chunker chunker(*chunk_bounds(kAverage));
  const Bytes data = noise(64 << 10, 4);
  for (ByteView rest = data; rest.size() > chunker.bounds().max;) {
    const std::size_t length = chunker.cut(rest);
    CHECK(chunker.cut(rest.first(chunker.bounds().max)) == length);
    rest = rest.subspan(length);
  }
}

TEST_CASE("chunker: without anything to go by, chunks have the maximum", "[chunker]") {
  const Chunker chunker(*chunk_bounds(kAverage));
  const Bytes zeros(10'000);
  CHECK(cuts(chunker, zeros) == std::vector<std::size_t>{4096, 4096, 1808});
  CHECK(chunker.cut({}) == 0);
  CHECK(chunker.cut(ByteView(zeros).first(1)) == 1);
}

// Another table or rule would share nothing with what was backed up before.
TEST_CASE("chunker: cuts fall where they always fell", "[chunker]") {
  const Chunker chunker(*chunk_bounds(kAverage));
  CHECK(cuts(chunker, noise(8'000, 5)) ==
        std::vector<std::size_t>{267, 395, 1505, 1043, 1243, 1250, 1025, 1177, 95});
}

}  // namespace
}  // namespace unswept::engine
