#include "engine/format/manifest_codec.h"

#include "engine/format/sha256.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

Manifest manifest_of(int day) {
  Manifest manifest;
  manifest.snapshot = *SnapshotId::parse("vm/1/2026-01-" + std::to_string(day) + "T00:00:00Z");
  manifest.files.push_back({"disk.fidx", CryptMode::none, 64, sha256({})});
  return manifest;
}

TEST_CASE("manifest codec: what it remembers is what it would make anew", "[manifest]") {
  BlobCodec blobs;
  ManifestCodec codec(blobs);
  // More than it remembers, and twice.
  for (int round = 0; round < 2; ++round) {
    for (int day = 10; day < 30; ++day) {
      const Manifest manifest = manifest_of(day);
      const auto blob = codec.encode(manifest);
      REQUIRE(blob);
      CHECK(*blob == *codec.encode(manifest));
      CHECK(*blob == *blobs.encode(as_bytes(manifest.print())));
      CHECK(*codec.decode(*blob) == manifest);
      CHECK(*codec.decode(*blob) == manifest);
    }
  }
}

TEST_CASE("manifest codec: a changed manifest is another one", "[manifest]") {
  BlobCodec blobs;
  ManifestCodec codec(blobs);
  Manifest manifest = manifest_of(10);
  const Bytes before = *codec.encode(manifest);
  manifest.set_notes("changed");
  const Bytes after = *codec.encode(manifest);
  CHECK(codec.decode(after)->notes() == "changed");
  CHECK_FALSE(codec.decode(before)->notes().has_value());
}

TEST_CASE("manifest codec: somebody else's blob is read, but not written again", "[manifest]") {
  BlobCodec blobs;
  ManifestCodec codec(blobs);
  const Manifest manifest = manifest_of(10);
  const Bytes plain = *blobs.encode(as_bytes(manifest.print()), Compress::no);
  CHECK(*codec.decode(plain) == manifest);
  CHECK(*codec.encode(manifest) == *blobs.encode(as_bytes(manifest.print())));
}

TEST_CASE("manifest codec: damage is an error each time", "[manifest]") {
  BlobCodec blobs;
  ManifestCodec codec(blobs);
  Bytes blob = *codec.encode(manifest_of(10));
  REQUIRE(codec.decode(blob));
  blob.back() ^= std::byte{1};
  CHECK_FALSE(codec.decode(blob));
  CHECK_FALSE(codec.decode(blob));
  CHECK_FALSE(codec.decode(*blobs.encode(as_bytes("{}"))));
}

}  // namespace
}  // namespace unswept::engine
