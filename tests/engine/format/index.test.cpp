#include "engine/format/index.h"

#include "engine/format/dynamic_index.h"
#include "engine/format/fixed_index.h"
#include "engine/format/sha256.h"
#include "tests/catch.h"
#include "tests/engine/format/examples.h"

namespace unswept::engine {
namespace {

using test::digest_of;

constexpr std::int64_t kCtime = 1700000000;

Uuid counting_uuid() {
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.size(); ++i) uuid[i] = static_cast<std::byte>(i);
  return uuid;
}

Bytes example_fixed_index() {
  const std::vector<Digest> digests = {sha256(as_bytes(std::string(65536, 'A'))),
                                       sha256(as_bytes("tail\n"))};
  return build_fixed_index({counting_uuid(), kCtime, {}, 65541, 65536}, digests);
}

Bytes example_dynamic_index() {
  const Digest hello = sha256(as_bytes("hello"));
  const std::vector<DynamicEntry> entries = {
      {5, hello}, {12, sha256(as_bytes("world!!"))}, {17, hello}};
  return build_dynamic_index({counting_uuid(), kCtime, {}}, entries);
}

void put(Bytes& bytes, std::size_t offset, std::uint64_t value) {
  write_little_endian(std::span<std::byte>(bytes), offset, value);
}

TEST_CASE("fixed index: the example of the format is reproduced byte for byte", "[index]") {
  const Bytes file = example_fixed_index();
  CHECK(file.size() == 4160);
  CHECK(sha256(file).hex() == "aaf2aa879766cc43d9b0b1a2d969a4df2ee8e8a973ba0a2ee04c769424ed710e");
}

TEST_CASE("fixed index: what was written is read", "[index]") {
  const Bytes file = example_fixed_index();
  const auto view = IndexView::open(IndexKind::fixed, file).value();
  CHECK(view.chunk_count() == 2);
  CHECK(view.data_size() == 65541);
  CHECK(view.chunk_size() == 65536);
  CHECK(view.ctime() == kCtime);
  CHECK(view.uuid() == counting_uuid());
  CHECK(view.digest(0).hex() == "156c38442089c1323d3e3ba549a6ac24341c47e8b6367bec4740c9b8c865826e");
  CHECK(view.digest(1).hex() == "bc2d901b7d0a8558810c4f24b4cf8ae94efb29e3e4d10f4349a3b1e63ef96e7d");
  CHECK(view.chunk_begin(1) == 65536);
  CHECK(view.chunk_end(0) == 65536);
  CHECK(view.chunk_end(1) == 65541);
  CHECK(view.stored_csum().hex() ==
        "2f19e809862bc295db864a0a12ac074c7ce47ef3dce176507224385af2271e7d");
  CHECK(view.computed_csum() == view.stored_csum());
}

TEST_CASE("dynamic index: the example of the format is reproduced byte for byte", "[index]") {
  const Bytes file = example_dynamic_index();
  CHECK(file.size() == 4216);
  CHECK(sha256(file).hex() == "ef3a514a19bab0a83fd4e41a771358f6ceb82401a7b15990e9da985605ce0b5f");
}

TEST_CASE("dynamic index: what was written is read", "[index]") {
  const Bytes file = example_dynamic_index();
  const auto view = IndexView::open(IndexKind::dynamic, file).value();
  CHECK(view.chunk_count() == 3);
  CHECK(view.data_size() == 17);
  CHECK(view.digest(0) == digest_of(test::kHelloDigest));
  CHECK(view.digest(2) == view.digest(0));
  CHECK(view.chunk_begin(0) == 0);
  CHECK(view.chunk_begin(2) == 12);
  CHECK(view.chunk_end(2) == 17);
  CHECK(view.computed_csum() == view.stored_csum());
}

TEST_CASE("index: a wrong checksum is no reason to refuse opening", "[index]") {
  Bytes file = example_fixed_index();
  file[kIndexCsumOffset] ^= std::byte{1};
  const auto view = IndexView::open(IndexKind::fixed, file);
  REQUIRE(view.has_value());
  CHECK(view->computed_csum() != view->stored_csum());
}

TEST_CASE("index: each kind refuses the other's magic and files shorter than a header", "[index]") {
  CHECK_FALSE(IndexView::open(IndexKind::dynamic, example_fixed_index()).has_value());
  CHECK_FALSE(IndexView::open(IndexKind::fixed, example_dynamic_index()).has_value());
  const Bytes file = example_fixed_index();
  CHECK_FALSE(IndexView::open(IndexKind::fixed, ByteView(file).first(4095)).has_value());
  CHECK_FALSE(IndexView::open(IndexKind::dynamic, {}).has_value());
}

TEST_CASE("fixed index: the length must fit size and chunk size exactly", "[index]") {
  Bytes file = example_fixed_index();
  CHECK_FALSE(IndexView::open(IndexKind::fixed, ByteView(file).first(4128)).has_value());
  CHECK_FALSE(IndexView::open(IndexKind::fixed, ByteView(file).first(4159)).has_value());
  put(file, kFixedSizeOffset, 131073);
  CHECK_FALSE(IndexView::open(IndexKind::fixed, file).has_value());
  put(file, kFixedSizeOffset, 131072);
  CHECK(IndexView::open(IndexKind::fixed, file).has_value());
  put(file, kFixedSizeOffset, ~std::uint64_t{0});
  CHECK_FALSE(IndexView::open(IndexKind::fixed, file).has_value());
}

TEST_CASE("fixed index: an empty one and an odd chunk size are refused", "[index]") {
  Bytes empty = example_fixed_index();
  empty.resize(kIndexHeaderSize);
  put(empty, kFixedSizeOffset, 0);
  CHECK_FALSE(IndexView::open(IndexKind::fixed, empty).has_value());
  for (const std::uint64_t chunk_size : {std::uint64_t{0}, std::uint64_t{65537}}) {
    Bytes file = example_fixed_index();
    put(file, kFixedChunkSizeOffset, chunk_size);
    CHECK_FALSE(IndexView::open(IndexKind::fixed, file).has_value());
  }
}

TEST_CASE("fixed index: the last chunk of the largest image does not overflow", "[index]") {
  constexpr std::uint64_t kLargest = ~std::uint64_t{0};
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  const std::vector<Digest> digests(2);
  const Bytes file = build_fixed_index({{}, 0, {}, kLargest, kHalf}, digests);
  const auto view = IndexView::open(IndexKind::fixed, file).value();
  CHECK(view.chunk_end(0) == kHalf);
  CHECK(view.chunk_end(1) == kLargest);
}

TEST_CASE("dynamic index: broken entries and none at all are refused, falling ends are not",
          "[index]") {
  const Bytes file = example_dynamic_index();
  CHECK_FALSE(IndexView::open(IndexKind::dynamic, ByteView(file).first(4096)).has_value());
  CHECK_FALSE(IndexView::open(IndexKind::dynamic, ByteView(file).first(4215)).has_value());
  const Bytes falling = build_dynamic_index({}, std::vector<DynamicEntry>{{9, {}}, {4, {}}});
  CHECK(IndexView::open(IndexKind::dynamic, falling)->data_size() == 4);
}

TEST_CASE("index: the extension tells the kind", "[index]") {
  CHECK(index_kind("a.fidx") == IndexKind::fixed);
  CHECK(index_kind("a.didx") == IndexKind::dynamic);
  CHECK_FALSE(index_kind("a.blob").has_value());
  CHECK_FALSE(index_kind(".fidx").has_value());
}

}  // namespace
}  // namespace unswept::engine
