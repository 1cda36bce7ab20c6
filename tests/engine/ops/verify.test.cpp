#include "engine/ops/verify.h"

#include "engine/cli/task_id.h"
#include "engine/store/manifest_file.h"
#include "tests/engine/real_store.h"

namespace unswept::engine {
namespace {

using test::ns;
using test::RealStore;
using test::snapshot;

const SnapshotId kFirst = snapshot("vm/100/2026-01-01T00:00:00Z");
const SnapshotId kSecond = snapshot("vm/100/2026-01-02T00:00:00Z");
constexpr std::string_view kImage = "chunk--0chunk--1chunk--0end";

struct Fixture : RealStore {
  void damage(const Digest& digest, ByteView bytes) { write(store.chunks().path(digest), bytes); }

  VerifyReport verify(const SnapshotId& id, const VerifyOptions& options = {}) {
    return verify_snapshot(store, codec, {}, id, options).value();
  }
  std::optional<VerifyResult> stored_result(const SnapshotId& id) {
    return load_manifest(store, codec, {}, id)->verify_result();
  }
  bool is_bad(const Digest& digest) {
    return !store.exists(store.chunks().path(digest)) &&
           store.exists(store.chunks().path(digest) + ".0.bad");
  }
};

TEST_CASE_METHOD(Fixture, "verify: a sound snapshot is good and says so in its manifest",
                 "[verify]") {
  add_snapshot({}, kFirst,
               {fixed_index("disk.img.fidx", kImage),
                dynamic_index("root.pxar.didx", {"hello", "world!!", "hello"}),
                blob("qemu-server.conf.blob", "memory: 512")});
  const auto report = verify(kFirst, {ChunkOrder::inode, "UPID:test"});
  CHECK(report.good());
  CHECK(report.chunks_read == 5);
  CHECK(report.bytes_read == 31);
  CHECK(stored_result(kFirst) == VerifyResult{VerifyState::ok, "UPID:test"});
}

TEST_CASE_METHOD(Fixture, "verify: chunks are read in either order with the same result",
                 "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  for (const ChunkOrder order : {ChunkOrder::inode, ChunkOrder::index}) {
    CHECK(verify(kFirst, {order, ""}).chunks_read == 3);
  }
}

TEST_CASE_METHOD(Fixture, "verify: a missing chunk fails the snapshot", "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  const Digest digest = sha256(as_bytes("end"));
  REQUIRE(store.system().unlink(store.chunks().path(digest)).has_value());
  const auto report = verify(kFirst);
  CHECK_FALSE(report.good());
  CHECK(report.failed() == 1);
  REQUIRE(report.snapshots[0].problems.size() == 1);
  CHECK(report.snapshots[0].problems[0].find(digest.hex()) != std::string::npos);
  CHECK(stored_result(kFirst)->state == VerifyState::failed);
}

TEST_CASE_METHOD(Fixture, "verify: damaged chunks are set aside", "[verify]") {
  const Digest digest = sha256(as_bytes("end"));
  const std::vector<Bytes> damages = {
      {},
      Bytes(100, std::byte{1}),
      codec.encode(as_bytes("END")).value(),
      codec.encode(as_bytes("longer")).value(),
      wrap_blob(BlobKind::zstd, as_bytes("no zstd")),
  };
  for (const Bytes& bytes : damages) {
    RealStore fresh;
    fresh.add_snapshot({}, kFirst, {fresh.fixed_index("disk.img.fidx", kImage)});
    const std::string path = fresh.store.chunks().path(digest);
    fresh.write(path, bytes);
    const auto report = verify_snapshot(fresh.store, fresh.codec, {}, kFirst).value();
    CHECK_FALSE(report.good());
    CHECK(report.chunks_bad == 1);
    CHECK_FALSE(fresh.store.exists(path));
    CHECK(fresh.store.exists(path + ".0.bad"));
  }
}

TEST_CASE_METHOD(Fixture, "verify: a chunk of the wrong kind is an error but stays", "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  const Digest digest = sha256(as_bytes("end"));
  damage(digest, wrap_blob(BlobKind::encrypted, Bytes(40)));
  CHECK_FALSE(verify(kFirst).good());
  CHECK_FALSE(is_bad(digest));
}

TEST_CASE_METHOD(Fixture, "verify: a chunk of the wrong kind is good for an index of its own kind",
                 "[verify]") {
  auto said_to_be_encrypted = fixed_index("disk.img.fidx", kImage);
  said_to_be_encrypted.entry.crypt_mode = CryptMode::encrypt;
  add_snapshot({}, kSecond, {said_to_be_encrypted});
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  const auto report = verify_group(store, codec, {}, kFirst.group).value();
  REQUIRE(report.snapshots.size() == 2);
  CHECK(report.snapshots[0].problems.size() == 4);
  CHECK(report.snapshots[1].good());
  CHECK(report.chunks_bad == 0);
}

TEST_CASE_METHOD(Fixture, "verify: a damaged chunk is set aside even if it is of the wrong kind",
                 "[verify]") {
  auto file = fixed_index("disk.img.fidx", kImage);
  file.entry.crypt_mode = CryptMode::encrypt;
  add_snapshot({}, kFirst, {file});
  const Digest digest = sha256(as_bytes("end"));
  damage(digest, codec.encode(as_bytes("END")).value());
  CHECK_FALSE(verify(kFirst).good());
  CHECK(is_bad(digest));
}

TEST_CASE_METHOD(Fixture, "verify: encrypted chunks are good when their container is", "[verify]") {
  auto file = fixed_index("disk.img.fidx", kImage);
  file.entry.crypt_mode = CryptMode::encrypt;
  for (const std::string_view data : {"chunk--0", "chunk--1", "end"}) {
    damage(sha256(as_bytes(data)), wrap_blob(BlobKind::encrypted, Bytes(40)));
  }
  add_snapshot({}, kFirst, {file});
  CHECK(verify(kFirst).good());
  damage(sha256(as_bytes("end")), codec.encode(as_bytes("end")).value());
  CHECK_FALSE(verify(kFirst).good());
}

TEST_CASE_METHOD(Fixture, "verify: files must be what the manifest says", "[verify]") {
  const auto index = fixed_index("disk.img.fidx", kImage);
  const auto conf = blob("a.conf.blob", "x");
  auto verdict = [&](auto change) {
    auto changed_index = index;
    auto changed_conf = conf;
    change(changed_index, changed_conf);
    add_snapshot({}, kFirst, {changed_index, changed_conf});
    return verify(kFirst).good();
  };
  using test::MadeFile;
  CHECK(verdict([](MadeFile&, MadeFile&) {}));
  CHECK_FALSE(verdict([](MadeFile& i, MadeFile&) { i.entry.csum.bytes[0] ^= 1; }));
  CHECK_FALSE(verdict([](MadeFile& i, MadeFile&) { i.entry.size += 1; }));
  CHECK_FALSE(verdict([](MadeFile& i, MadeFile&) { i.bytes.pop_back(); }));
  CHECK_FALSE(verdict([](MadeFile&, MadeFile& c) { c.entry.csum.bytes[0] ^= 1; }));
  CHECK_FALSE(verdict([](MadeFile&, MadeFile& c) { c.entry.size += 1; }));
  CHECK_FALSE(verdict([](MadeFile&, MadeFile& c) { c.bytes.back() ^= std::byte{1}; }));
}

TEST_CASE_METHOD(Fixture, "verify: a file that is gone or has an odd name is a failure",
                 "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage), blob("a.blob", "x")});
  REQUIRE(store.system().unlink(store.path({}, kFirst) + "/a.blob").has_value());
  REQUIRE(store.system().unlink(store.path({}, kFirst) + "/disk.img.fidx").has_value());
  CHECK(verify(kFirst).snapshots[0].problems.size() == 2);

  auto outside = blob("a.blob", "x");
  outside.entry.filename = "a.txt";
  add_snapshot({}, kSecond, {outside});
  CHECK_FALSE(verify(kSecond).good());
}

TEST_CASE_METHOD(Fixture, "verify: an unfinished snapshot fails", "[verify]") {
  add_snapshot({}, kFirst, {});
  REQUIRE(store.system().unlink(store.path({}, kFirst) + "/index.json.blob").has_value());
  CHECK_FALSE(verify(kFirst).good());
}

TEST_CASE_METHOD(Fixture, "verify: a snapshot that is gone or busy is skipped", "[verify]") {
  CHECK(verify(kFirst).snapshots[0].skipped);
  add_snapshot({}, kFirst, {});
  const auto lock = store.lock_snapshot({}, kFirst, os::LockKind::exclusive);
  REQUIRE(lock.has_value());
  const auto report = verify(kFirst);
  CHECK(report.snapshots[0].skipped);
  CHECK(report.good());
}

TEST_CASE_METHOD(Fixture, "verify: falling offsets are the index's fault, not the chunk's",
                 "[verify]") {
  const Digest digest = add_chunk("chunk--0");
  Bytes bytes =
      build_dynamic_index({}, std::vector<DynamicEntry>{{8, digest}, {4, add_chunk("end")}});
  const Digest csum = IndexView::open(IndexKind::dynamic, bytes)->stored_csum();
  add_snapshot({}, kFirst, {{bytes, {"a.didx", CryptMode::none, 4, csum}}});
  CHECK_FALSE(verify(kFirst).good());
  CHECK_FALSE(is_bad(sha256(as_bytes("end"))));
}

TEST_CASE_METHOD(Fixture, "verify: a group goes newest first and reads each chunk once",
                 "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  add_snapshot({}, kSecond, {fixed_index("disk.img.fidx", kImage)});
  const auto report = verify_group(store, codec, {}, kFirst.group).value();
  REQUIRE(report.snapshots.size() == 2);
  CHECK(report.snapshots[0].snapshot == kSecond);
  CHECK(report.chunks_read == 3);
  CHECK(report.good());
}

TEST_CASE_METHOD(Fixture, "verify: a chunk found bad fails later snapshots without being read",
                 "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  add_snapshot({}, kSecond, {fixed_index("disk.img.fidx", kImage)});
  damage(sha256(as_bytes("end")), {});
  const auto report = verify_group(store, codec, {}, kFirst.group).value();
  CHECK(report.failed() == 2);
  CHECK(report.chunks_bad == 1);
}

TEST_CASE_METHOD(Fixture, "verify: a store goes through namespaces and sorted groups", "[verify]") {
  for (const char* text : {"vm/100/2026-01-01T00:00:00Z", "vm/9/2026-01-01T00:00:00Z",
                           "host/benchmark/2026-01-01T00:00:00Z", "ct/5/2026-01-01T00:00:00Z"}) {
    add_snapshot({}, snapshot(text), {});
  }
  for (const char* text :
       {"host/benchmark/2026-01-01T00:00:00Z", "ct/benchmark/2026-01-01T00:00:00Z"}) {
    add_snapshot(ns("a/b"), snapshot(text), {});
  }
  const auto report = verify_namespace(store, codec, {}).value();
  std::string order;
  for (const auto& verified : report.snapshots) {
    order += display_name(verified.ns, verified.snapshot.group) + " ";
  }
  CHECK(order == "root:ct/5 root:vm/9 root:vm/100 a/b:ct/benchmark ");
  CHECK(verify_namespace(store, codec, {}, 0)->snapshots.size() == 3);
}

TEST_CASE_METHOD(Fixture, "verify: a group that cannot be listed is a failure", "[verify]") {
  CHECK_FALSE(verify_group(store, codec, {}, kFirst.group)->good());
}

TEST_CASE("verify: an interrupted run says so and stores nothing", "[verify]") {
  std::atomic<bool> stop = true;
  os::PosixOptions options;
  options.interrupt = &stop;
  RealStore real(options);
  real.add_snapshot({}, kFirst, {real.fixed_index("disk.img.fidx", kImage)});
  const auto report = verify_snapshot(real.store, real.codec, {}, kFirst);
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().kind == ErrorKind::aborted);
  CHECK_FALSE(load_manifest(real.store, real.codec, {}, kFirst)->verify_result().has_value());
}

TEST_CASE_METHOD(Fixture, "verify: what was verified may be passed over, unless that is long ago",
                 "[verify]") {
  add_snapshot({}, kFirst, {fixed_index("disk.img.fidx", kImage)});
  const auto task_of = [&](std::int64_t age) {
    return make_task_id("verify", "test", system.now().seconds - age, AuthId::root());
  };
  VerifyOptions ignore;
  ignore.ignore_verified = true;
  ignore.upid = task_of(1'000);
  const auto passed_over = [&](const VerifyOptions& options) {
    return verify(kFirst, options).snapshots[0].verified_before;
  };
  CHECK_FALSE(passed_over(ignore));  // it never was
  CHECK(passed_over(ignore));

  VerifyOptions outdated = ignore;
  outdated.outdated_after = 2'000;
  CHECK(passed_over(outdated));
  outdated.outdated_after = 500;
  outdated.upid = "no task";
  CHECK_FALSE(passed_over(outdated));
  CHECK_FALSE(passed_over(outdated));  // nobody knows when "no task" was
  CHECK(passed_over(ignore));
  CHECK_FALSE(passed_over({}));
}

}  // namespace
}  // namespace unswept::engine
