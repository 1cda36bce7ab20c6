#include "engine/ops/restore.h"

#include "tests/engine/real_store.h"

namespace unswept::engine {
namespace {

using test::RealStore;
using test::snapshot;

const SnapshotId kSnapshot = snapshot("vm/100/2026-01-01T00:00:00Z");
constexpr std::string_view kImage = "chunk--0chunk--1chunk--0end";

struct Fixture : RealStore {
  Result<std::string> restored(std::string_view archive) {
    auto reader = SnapshotReader::open(store, codec, {}, kSnapshot);
    if (!reader) return forward_error(reader);
    std::string data;
    auto bytes = reader->restore(archive, [&](ByteView piece) {
      data += as_text(piece);
      return Result<>();
    });
    if (!bytes) return forward_error(bytes);
    CHECK(*bytes == data.size());
    return data;
  }
};

TEST_CASE_METHOD(Fixture, "restore: images, streams and blobs come back", "[restore]") {
  add_snapshot({}, kSnapshot,
               {fixed_index("disk.img.fidx", kImage),
                dynamic_index("root.pxar.didx", {"hello", "world!!", "hello"}),
                blob("qemu-server.conf.blob", "memory: 512")});
  CHECK(restored("disk.img.fidx").value() == kImage);
  CHECK(restored("root.pxar.didx").value() == "helloworld!!hello");
  CHECK(restored("qemu-server.conf.blob").value() == "memory: 512");
}

TEST_CASE_METHOD(Fixture, "restore: what is not there is not found", "[restore]") {
  CHECK(restored("disk.img.fidx").error().kind == ErrorKind::not_found);
  add_snapshot({}, kSnapshot, {});
  CHECK(restored("disk.img.fidx").error().kind == ErrorKind::not_found);
}

TEST_CASE_METHOD(Fixture, "restore: damage ends it", "[restore]") {
  add_snapshot({}, kSnapshot, {fixed_index("disk.img.fidx", kImage), blob("a.blob", "x")});
  const std::string chunk = store.chunks().path(sha256(as_bytes("end")));
  write(chunk, codec.encode(as_bytes("END")).value());
  CHECK(restored("disk.img.fidx").error().kind == ErrorKind::invalid);
  REQUIRE(store.system().unlink(chunk).has_value());
  CHECK(restored("disk.img.fidx").error().kind == ErrorKind::invalid);
  write(store.path({}, kSnapshot) + "/a.blob", codec.encode(as_bytes("y")).value());
  CHECK(restored("a.blob").error().kind == ErrorKind::invalid);
}

TEST_CASE_METHOD(Fixture, "restore: an index that is not the manifest's is refused", "[restore]") {
  auto file = fixed_index("disk.img.fidx", kImage);
  file.entry.csum.bytes[0] ^= 1;
  add_snapshot({}, kSnapshot, {file});
  CHECK(restored("disk.img.fidx").error().kind == ErrorKind::invalid);
}

TEST_CASE_METHOD(Fixture, "restore: encrypted archives are refused with a reason", "[restore]") {
  auto file = fixed_index("disk.img.fidx", kImage);
  file.entry.crypt_mode = CryptMode::encrypt;
  add_snapshot({}, kSnapshot, {file});
  CHECK(restored("disk.img.fidx").error().message.find("encrypted") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "restore: the client's log is in no manifest, and comes back",
                 "[restore]") {
  add_snapshot({}, kSnapshot, {blob("a.blob", "x")});
  CHECK(restored(kClientLogName).error().kind == ErrorKind::not_found);
  const std::string path = store.path({}, kSnapshot) + '/' + std::string(kClientLogName);
  Bytes log = codec.encode(as_bytes("all went well")).value();
  write(path, log);
  CHECK(restored(kClientLogName).value() == "all went well");
  log.back() ^= std::byte{1};
  write(path, log);
  CHECK(restored(kClientLogName).error().kind == ErrorKind::invalid);
}

TEST_CASE_METHOD(Fixture, "restore: readers share a snapshot, changes exclude them", "[restore]") {
  add_snapshot({}, kSnapshot, {blob("a.blob", "x")});
  {
    const auto reader = SnapshotReader::open(store, codec, {}, kSnapshot);
    CHECK(restored("a.blob").value() == "x");
    CHECK_FALSE(store.lock_snapshot({}, kSnapshot, os::LockKind::exclusive).has_value());
  }
  const auto lock = store.lock_snapshot({}, kSnapshot, os::LockKind::exclusive);
  REQUIRE(lock.has_value());
  CHECK(restored("a.blob").error().kind == ErrorKind::lock_conflict);
}

TEST_CASE_METHOD(Fixture, "restore: an error of the sink ends it", "[restore]") {
  add_snapshot({}, kSnapshot, {fixed_index("disk.img.fidx", kImage)});
  auto reader = SnapshotReader::open(store, codec, {}, kSnapshot).value();
  int pieces = 0;
  const auto result = reader.restore("disk.img.fidx", [&](ByteView) -> Result<> {
    return ++pieces == 2 ? Result<>(fail(ErrorKind::io, "disk full")) : Result<>();
  });
  CHECK(result.error().message == "disk full");
  CHECK(pieces == 2);
}

}  // namespace
}  // namespace unswept::engine
