#include "engine/ops/index_writer.h"

#include <string>
#include <sys/stat.h>
#include <vector>

#include "engine/store/atomic_file.h"
#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;
using test::named_digest;

FixedIndexWriter fixed(CommandStore& store, std::optional<std::uint64_t> size) {
  auto writer = FixedIndexWriter::create(store.system, store.path("x.fidx"), 64, size);
  REQUIRE(writer);
  return std::move(*writer);
}

TEST_CASE("index writer: a fixed index is what its builder makes", "[index-writer]") {
  CommandStore store;
  auto writer = fixed(store, 96);
  REQUIRE(writer.append(named_digest("short"), 64, 32));
  REQUIRE(writer.append(named_digest("c1"), 0, 64));
  const std::vector digests{named_digest("c1"), named_digest("short")};
  CHECK(store.has("x.tmp_fidx"));
  REQUIRE(writer.close({2, 96, sha256(std::as_bytes(std::span(digests)))}));
  CHECK_FALSE(store.has("x.tmp_fidx"));

  const std::string content = store.content("x.fidx");
  const auto view = IndexView::open(IndexKind::fixed, as_bytes(content));
  REQUIRE(view);
  const Bytes expected = build_fixed_index(
      {.uuid = view->uuid(), .ctime = view->ctime(), .csum = {}, .size = 96, .chunk_size = 64},
      digests);
  CHECK(content == as_text(expected));
}

TEST_CASE("index writer: a dynamic index is what its builder makes", "[index-writer]") {
  CommandStore store;
  auto writer = DynamicIndexWriter::create(store.system, store.path("x.didx"));
  REQUIRE(writer);
  REQUIRE(writer->append(named_digest("c1"), 0, 64));
  REQUIRE(writer->append(named_digest("short"), 64, 32));
  const std::vector<DynamicEntry> entries{{64, named_digest("c1")}, {96, named_digest("short")}};
  const Bytes plain = build_dynamic_index({}, entries);
  const Digest csum = IndexView::open(IndexKind::dynamic, plain)->computed_csum();
  REQUIRE(writer->close({2, 96, csum}));

  const std::string content = store.content("x.didx");
  const auto view = IndexView::open(IndexKind::dynamic, as_bytes(content));
  REQUIRE(view);
  const Bytes expected =
      build_dynamic_index({.uuid = view->uuid(), .ctime = view->ctime(), .csum = {}}, entries);
  CHECK(content == as_text(expected));
}

TEST_CASE("index writer: a long dynamic index is written in pieces", "[index-writer]") {
  CommandStore store;
  auto writer = DynamicIndexWriter::create(store.system, store.path("x.didx"));
  REQUIRE(writer);
  constexpr std::uint64_t kChunks = 30'000;  // 1.2 MB
  std::vector<DynamicEntry> entries;
  for (std::uint64_t i = 0; i < kChunks; ++i) {
    REQUIRE(writer->append(named_digest("c1"), i * 64, 64));
    entries.push_back({(i + 1) * 64, named_digest("c1")});
  }
  const Bytes plain = build_dynamic_index({}, entries);
  const Digest csum = IndexView::open(IndexKind::dynamic, plain)->computed_csum();
  REQUIRE(writer->close({kChunks, kChunks * 64, csum}));
  const std::string content = store.content("x.didx");
  CHECK(IndexView::open(IndexKind::dynamic, as_bytes(content))->computed_csum() == csum);
}

TEST_CASE("index writer: chunks of a fixed index are aligned, and only the last is short",
          "[index-writer]") {
  CommandStore store;
  auto writer = fixed(store, 160);
  CHECK_FALSE(writer.append(named_digest("c1"), 32, 64));
  CHECK_FALSE(writer.append(named_digest("c1"), 0, 32));
  CHECK_FALSE(writer.append(named_digest("c1"), 0, 65));
  CHECK_FALSE(writer.append(named_digest("c1"), 0, 0));
  CHECK_FALSE(writer.append(named_digest("c1"), 128, 64));
  CHECK(writer.append(named_digest("short"), 128, 32));
  writer.abandon();
  CHECK_FALSE(store.has("x.tmp_fidx"));
}

TEST_CASE("index writer: nothing follows a short chunk", "[index-writer]") {
  CommandStore store;
  auto writer = fixed(store, std::nullopt);
  REQUIRE(writer.append(named_digest("short"), 64, 32));
  CHECK_FALSE(writer.append(named_digest("c1"), 128, 64));
  CHECK(writer.append(named_digest("c1"), 0, 64));
  writer.abandon();
}

TEST_CASE("index writer: a fixed index with holes is not closed", "[index-writer]") {
  CommandStore store;
  auto writer = fixed(store, 128);
  REQUIRE(writer.append(named_digest("c1"), 64, 64));
  CHECK_FALSE(writer.close({1, 128, {}}));
  CHECK_FALSE(store.has("x.fidx"));
  writer.abandon();
}

TEST_CASE("index writer: chunks of a dynamic index follow one another", "[index-writer]") {
  CommandStore store;
  auto writer = DynamicIndexWriter::create(store.system, store.path("x.didx"));
  REQUIRE(writer);
  CHECK_FALSE(writer->append(named_digest("c1"), 64, 64));
  CHECK(writer->append(named_digest("c1"), 0, 64));
  CHECK_FALSE(writer->append(named_digest("c1"), 0, 64));
  writer->abandon();
}

TEST_CASE("index writer: odd chunk sizes and empty images are refused", "[index-writer]") {
  CommandStore store;
  CHECK_FALSE(FixedIndexWriter::create(store.system, store.path("x.fidx"), 65, 65));
  CHECK_FALSE(FixedIndexWriter::create(store.system, store.path("x.fidx"), 0, 65));
  CHECK_FALSE(FixedIndexWriter::create(store.system, store.path("x.fidx"), 64, 0));
  CHECK_FALSE(store.has("x.tmp_fidx"));
}

TEST_CASE("index writer: sizes and offsets that no index can have are refused", "[index-writer]") {
  CommandStore store;
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;
  const std::string path = store.path("x.fidx");
  CHECK_FALSE(FixedIndexWriter::create(store.system, path, 1, ~std::uint64_t{0}));
  CHECK_FALSE(FixedIndexWriter::create(store.system, path, 64, kHuge));
  CHECK_FALSE(store.has("x.tmp_fidx"));

  auto far_out = fixed(store, std::nullopt);
  CHECK_FALSE(far_out.append(named_digest("c1"), kHuge, 64));
  CHECK_FALSE(far_out.append(named_digest("c1"), ~std::uint64_t{63}, 64));
  CHECK(far_out.append(named_digest("c1"), 0, 64));
  far_out.abandon();

  // The end of the chunk is 2^64, which is 0.
  auto large = FixedIndexWriter::create(store.system, path, kHuge, std::nullopt);
  REQUIRE(large);
  CHECK_FALSE(large->append(named_digest("c1"), kHuge, kHuge));
  large->abandon();

  auto stream = DynamicIndexWriter::create(store.system, store.path("x.didx"));
  REQUIRE(stream);
  REQUIRE(stream->append(named_digest("c1"), 0, kHuge));
  CHECK_FALSE(stream->append(named_digest("c2"), kHuge, kHuge));
  stream->abandon();
}

TEST_CASE("index writer: the umask alone decides the mode of an index", "[index-writer]") {
  CommandStore store;
  const mode_t before = ::umask(0002);
  auto image = fixed(store, 64);
  auto stream = DynamicIndexWriter::create(store.system, store.path("x.didx"));
  ::umask(before);
  REQUIRE(stream);
  CHECK(store.system.stat(store.path("x.tmp_fidx"), os::Follow::no)->mode == 0664);
  CHECK(store.system.stat(store.path("x.tmp_didx"), os::Follow::no)->mode == 0664);
  image.abandon();
  stream->abandon();
}

}  // namespace
}  // namespace unswept::engine
