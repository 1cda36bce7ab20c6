#include "engine/format/blob.h"

#include "engine/format/crc32.h"
#include "engine/format/sha256.h"
#include "tests/catch.h"
#include "tests/engine/format/examples.h"

namespace unswept::engine {
namespace {

using test::from_hex;

const Bytes kHelloWorld =
    from_hex("42 ab 38 07 be 83 70 a1 2d 3b 08 af 68 65 6c 6c 6f 20 77 6f 72 6c 64 0a");
const Bytes kHundredLetters = from_hex(
    "31 b9 58 42 6f b6 a3 7f 32 fd 38 40 28 b5 2f fd 20 64 45 00 00 10 61 61 01 00 3f 01 2c");

Bytes decoded(ByteView blob) { return BlobCodec().decode(blob).value(); }

TEST_CASE("blob: 'hello world' is stored plain, byte for byte as specified", "[blob]") {
  const auto blob = BlobCodec().encode(as_bytes("hello world\n")).value();
  CHECK(blob == kHelloWorld);
  CHECK(crc32(as_bytes("hello world\n")) == 0xaf083b2d);
  CHECK(sha256(blob).hex() == "670f057b89f3ff375dae887f19d1f517f49bb37577969d02a957c9850593db86");
  CHECK(as_text(decoded(blob)) == "hello world\n");
}

TEST_CASE("blob: a compressed blob of another writer is read", "[blob]") {
  CHECK(as_text(decoded(kHundredLetters)) == std::string(100, 'a'));
  CHECK(open_blob(kHundredLetters)->kind == BlobKind::zstd);
}

TEST_CASE("blob: what shrinks is compressed, what does not stays plain", "[blob]") {
  BlobCodec codec;
  const std::string letters(100, 'a');
  CHECK(blob_kind(codec.encode(as_bytes(letters)).value()) == BlobKind::zstd);
  CHECK(blob_kind(codec.encode(as_bytes(letters), Compress::no).value()) == BlobKind::plain);
  CHECK(blob_kind(codec.encode(as_bytes("")).value()) == BlobKind::plain);
}

TEST_CASE("blob: the chunk 'hello' has the specified bytes", "[blob]") {
  CHECK(BlobCodec().encode(as_bytes("hello")).value() ==
        from_hex("42 ab 38 07 be 83 70 a1 86 a6 10 36 68 65 6c 6c 6f"));
}

TEST_CASE("blob: every size comes back from a reused codec", "[blob]") {
  BlobCodec codec;
  for (const std::size_t size : {0u, 1u, 12u, 4096u, 131072u, 1000000u}) {
    std::string data(size, 'x');
    for (std::size_t i = 0; i < size; i += 7) data[i] = static_cast<char>(i * 2654435761u >> 13);
    for (const Compress compress : {Compress::no, Compress::yes}) {
      const auto blob = codec.encode(as_bytes(data), compress).value();
      CHECK(as_text(codec.decode(blob).value()) == data);
    }
  }
}

TEST_CASE("blob: a compressed stream of unknown length is read", "[blob]") {
  // The frame of 5000 zeros, written by `zstd` from a pipe: no content size in its header.
  const Bytes frame = from_hex("28 b5 2f fd 00 48 4d 00 00 10 00 00 01 00 83 d3 03 2c");
  const auto data = BlobCodec().decode(wrap_blob(BlobKind::zstd, frame));
  REQUIRE(data.has_value());
  CHECK(data->size() == 5000);
}

TEST_CASE("blob: the magics are hashes of the specified texts", "[blob]") {
  const auto magic_of = [](std::string_view text) {
    const auto hash = sha256(as_bytes(text));
    return Bytes(hash.as_bytes().begin(), hash.as_bytes().begin() + kBlobMagicSize);
  };
  CHECK(blob_kind(magic_of("Proxmox Backup uncompressed blob v1.0")) == BlobKind::plain);
  CHECK(blob_kind(magic_of("Proxmox Backup zstd compressed blob v1.0")) == BlobKind::zstd);
  CHECK(blob_kind(magic_of("Proxmox Backup encrypted blob v1.0")) == BlobKind::encrypted);
  CHECK(blob_kind(magic_of("Proxmox Backup zstd compressed encrypted blob v1.0")) ==
        BlobKind::zstd_encrypted);
}

TEST_CASE("blob: damage is refused", "[blob]") {
  BlobCodec codec;
  CHECK_FALSE(codec.decode(Bytes()).has_value());
  CHECK_FALSE(codec.decode(ByteView(kHelloWorld).first(11)).has_value());
  for (std::size_t i = 0; i < kHelloWorld.size(); ++i) {
    Bytes damaged = kHelloWorld;
    damaged[i] ^= std::byte{1};
    CHECK_FALSE(codec.decode(damaged).has_value());
  }
  const ByteView frame = ByteView(kHundredLetters).subspan(kBlobHeaderSize);
  CHECK_FALSE(codec.decode(wrap_blob(BlobKind::zstd, frame.first(10))).has_value());
  CHECK_FALSE(codec.decode(wrap_blob(BlobKind::zstd, {})).has_value());
  CHECK(codec.decode(kHundredLetters).has_value());
}

TEST_CASE("blob: data beyond the limit is refused", "[blob]") {
  BlobCodec codec;
  CHECK(codec.decode(kHundredLetters, 100).has_value());
  CHECK_FALSE(codec.decode(kHundredLetters, 99).has_value());
  CHECK_FALSE(codec.decode(kHelloWorld, 11).has_value());
}

TEST_CASE("blob: a frame that says more than it can hold is refused before memory is taken",
          "[blob]") {
  // Magic, a descriptor with an 8-byte content size, 128 MiB, and an empty last block.
  const Bytes frame = from_hex("28 b5 2f fd e0 00 00 00 08 00 00 00 00 01 00 00");
  const auto data = BlobCodec().decode(wrap_blob(BlobKind::zstd, frame));
  REQUIRE_FALSE(data.has_value());
  CHECK(data.error().message == "damaged zstd stream: it cannot hold what it says");
}

TEST_CASE("blob: encrypted kinds are recognised, checked and kept shut", "[blob]") {
  const Bytes payload(40, std::byte{7});
  for (const BlobKind kind : {BlobKind::encrypted, BlobKind::zstd_encrypted}) {
    Bytes blob = wrap_blob(kind, payload);
    CHECK(blob.size() == 52);
    CHECK(open_blob(blob)->kind == kind);
    CHECK(open_blob(blob)->payload.size() == 8);
    CHECK_FALSE(BlobCodec().decode(blob).has_value());
    blob[20] ^= std::byte{1};  // initialisation vector and tag are not covered by the CRC
    CHECK(open_blob(blob).has_value());
    blob[50] ^= std::byte{1};
    CHECK_FALSE(open_blob(blob).has_value());
    CHECK_FALSE(open_blob(ByteView(blob).first(43)).has_value());
  }
}

}  // namespace
}  // namespace unswept::engine
