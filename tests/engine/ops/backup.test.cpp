#include "engine/ops/backup.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/ops/backup_session.h"
#include "engine/store/index_file.h"
#include "engine/store/manifest_file.h"
#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;
using test::named_digest;

constexpr std::string_view kFirst = "vm/1/2026-01-01T00:00:00Z";
constexpr std::string_view kSecond = "vm/1/2026-01-02T00:00:00Z";
const std::string kBackupFirst = "backup vm/1 --time 2026-01-01T00:00:00Z ";
const std::string kBackupSecond = "backup vm/1 --time 2026-01-02T00:00:00Z ";

SnapshotId snapshot(std::string_view text) { return *SnapshotId::parse(text); }

std::vector<Digest> digests_in(CommandStore& store, const std::string& path) {
  auto index = IndexFile::open(store.system, store.path(path));
  REQUIRE(index);
  REQUIRE(*index);
  std::vector<Digest> digests;
  const IndexView& view = (*index)->view();
  for (std::size_t i = 0; i < view.chunk_count(); ++i) digests.push_back(view.digest(i));
  return digests;
}

bool mentions(const std::string& call, const std::string& chunk) {
  return call.find(named_digest(chunk).hex()) != std::string::npos;
}

bool touches_chunk(const CommandStore& store, const std::string& chunk) {
  return std::ranges::any_of(store.system.calls,
                             [&](const std::string& call) { return mentions(call, chunk); });
}

TEST_CASE("backup: the log of the client is stored, and not listed", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1 client.log=text");
  const std::string log = std::string(kFirst) + '/' + std::string(kClientLogName);
  CHECK(store.has(log));
  const auto manifest = load_manifest(store.store(), store.codec, {}, snapshot(kFirst));
  REQUIRE(manifest);
  CHECK(manifest->find("disk.fidx") != nullptr);
  CHECK(manifest->find(kClientLogName) == nullptr);
  store.must("restore " + std::string(kFirst) + " client.log.blob " + store.path("copy"));
  CHECK(store.content("copy") == "text");
  store.must("verify");
}

TEST_CASE("backup: a snapshot has its indexes, its blobs and a manifest of them", "[backup]") {
  CommandStore store;
  store.must("ns create a");
  store.must(kBackupFirst + "--ns a disk.fidx=@c1,c2 root.didx=@c3,short vm.conf.blob=name:x");
  const std::string directory = "ns/a/" + std::string(kFirst);
  CHECK(store.list(directory) ==
        std::vector<std::string>{"disk.fidx", "index.json.blob", "root.didx", "vm.conf.blob"});
  CHECK(store.content("ns/a/vm/1/owner") == "root@pam\n");
  CHECK(digests_in(store, directory + "/disk.fidx") ==
        std::vector{named_digest("c1"), named_digest("c2")});
  CHECK(digests_in(store, directory + "/root.didx") ==
        std::vector{named_digest("c3"), named_digest("short")});
  for (const char* chunk : {"c1", "c2", "c3", "short"}) CHECK(store.has_chunk(chunk));

  const auto manifest =
      load_manifest(store.store(), store.codec, *Namespace::parse("a"), snapshot(kFirst));
  REQUIRE(manifest);
  REQUIRE(manifest->files.size() == 3);
  CHECK(manifest->files[0].filename == "disk.fidx");
  CHECK(manifest->files[0].size == 128);
  CHECK(manifest->files[1].size == 96);
  const std::string blob = store.content(directory + "/vm.conf.blob");
  CHECK(manifest->files[2].size == blob.size());
  CHECK(manifest->files[2].csum == sha256(as_bytes(blob)));
  CHECK(manifest->upload_statistics()->count == 4);
  store.must("verify --ns a");
}

TEST_CASE("backup: the calls of a first backup, in order", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1");
  const std::string chunk = "store/" + chunk_path(named_digest("c1"));
  const std::string directory = "store/" + std::string(kFirst);
  std::vector<std::string> calls;
  for (const std::string& call : store.system.calls) {
    // What locking a file takes is the business of the lock.
    const bool of_a_lock = call.find("locks") != std::string::npos && !call.starts_with("lock ");
    if (!of_a_lock) calls.push_back(call);
  }
  const std::string group_lock = "locks/test/vm-1";
  const std::string snapshot_lock = group_lock + R"(-2026\x2d01\x2d01T00\x3a00\x3a00Z)";
  CHECK(calls ==
        std::vector<std::string>{
            "stat store",
            "mkdir store/vm",
            "mkdir store/vm/1",
            "lock " + group_lock + ".tmp_",
            "create store/vm/1/owner",
            "write store/vm/1/owner",
            "open store/vm/1/owner",
            "open store/vm/1",
            "list store/vm/1",
            "list store/vm/1",
            "mkdir " + directory,
            "lock " + snapshot_lock + ".tmp_",
            "create store/.lock",
            "record-lock read store/.lock",
            "create " + directory + "/disk.tmp_fidx",
            "truncate " + directory + "/disk.tmp_fidx",
            "write " + directory + "/disk.tmp_fidx",
            "stat " + chunk,
            "create " + chunk + ".tmp_",
            "write " + chunk + ".tmp_",
            "rename " + chunk + ".tmp_ -> " + chunk,
            "write " + directory + "/disk.tmp_fidx",
            "write " + directory + "/disk.tmp_fidx",
            "rename " + directory + "/disk.tmp_fidx -> " + directory + "/disk.fidx",
            "create " + directory + "/index.json.blob.tmp_",
            "write " + directory + "/index.json.blob.tmp_",
            "rename " + directory + "/index.json.blob.tmp_ -> " + directory + "/index.json.blob",
            "record-lock unlock store/.lock",
            "lock " + snapshot_lock + "-.index.json.lck.tmp_",
            "open " + directory + "/index.json.blob",
            "create " + directory + "/index.json.blob.tmp_",
            "write " + directory + "/index.json.blob.tmp_",
            "rename " + directory + "/index.json.blob.tmp_ -> " + directory + "/index.json.blob",
            "open store",
            "syncfs store",
        });
}

TEST_CASE("backup: chunks known from the previous snapshot are not touched or looked at",
          "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1,c2");
  store.system.calls.clear();
  const auto report = std::get<BackupResult>(store.must(kBackupSecond + "disk.fidx=@c1,c3"));
  CHECK_FALSE(touches_chunk(store, "c1"));
  CHECK_FALSE(touches_chunk(store, "c2"));
  CHECK(store.has_chunk("c3"));
  CHECK(report.chunks_reused == 1);
  CHECK(report.uploads.count == 1);
  CHECK(digests_in(store, std::string(kSecond) + "/disk.fidx") ==
        std::vector{named_digest("c1"), named_digest("c3")});
}

TEST_CASE("backup: a chunk known from one archive may be used in another", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "a.fidx=@c1 b.didx=@c2");
  store.system.calls.clear();
  const auto report =
      std::get<BackupResult>(store.must(kBackupSecond + "a.fidx=@c1 b.didx=@c1,c2"));
  CHECK(report.chunks_reused == 3);
  CHECK(report.uploads.count == 0);
}

TEST_CASE("backup: a known chunk can be uploaded all the same, and is touched then", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1");
  store.system.calls.clear();
  const auto report = std::get<BackupResult>(store.must(kBackupSecond + "disk.fidx=@+c1"));
  CHECK(store.system.has_call("touch store/" + chunk_path(named_digest("c1"))));
  CHECK(report.uploads.duplicates == 1);
}

TEST_CASE("backup: an incremental one copies the index and appends only what changed", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1,c2,short");
  const auto report =
      std::get<BackupResult>(store.must(kBackupSecond + "disk.fidx=@c1,c3,short --incremental"));
  CHECK(report.chunks_reused == 2);
  CHECK(report.uploads.count == 1);
  CHECK(digests_in(store, std::string(kSecond) + "/disk.fidx") ==
        std::vector{named_digest("c1"), named_digest("c3"), named_digest("short")});
  store.must("verify");
}

TEST_CASE("backup: an incremental one of a changed size starts afresh", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1");
  const auto report =
      std::get<BackupResult>(store.must(kBackupSecond + "disk.fidx=@c1,c2 --incremental"));
  CHECK(report.chunks_reused == 1);
  store.must("verify");
}

TEST_CASE("backup: an image of unknown size grows its index and cuts it at the end", "[backup]") {
  CommandStore store;
  store.archives.size_known = false;
  std::string chunks = "c1";
  for (int i = 0; i < 150; ++i) chunks += ",c2";
  store.must(kBackupFirst + "disk.fidx=@" + chunks + ",short");
  const std::string file = std::string(kFirst) + "/disk.fidx";
  CHECK(store.content(file).size() == fixed_entry_offset(152));
  // To 128 and to 256 digests, and to what there really is.
  CHECK(store.system.count_calls("truncate store/" + std::string(kFirst)) == 3);
  CHECK(digests_in(store, file).size() == 152);
  store.must("verify");
}

TEST_CASE("backup: locks and the writer go up and come down", "[backup]") {
  CommandStore store;
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kFirst)});
  REQUIRE(session);
  CHECK(store.error_of("backup vm/1 a.fidx=@c1") == ErrorKind::lock_conflict);
  CHECK(store.error_of("forget " + std::string(kFirst)) == ErrorKind::lock_conflict);
  CHECK(store.store().process_store().lock.oldest_writer().has_value());
  session->abort();
  CHECK_FALSE(store.store().process_store().lock.oldest_writer().has_value());
  store.must(kBackupFirst + "a.fidx=@c1");
}

TEST_CASE("backup: the previous snapshot cannot be removed while a backup runs on it", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "a.fidx=@c1");
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kSecond)});
  REQUIRE(session);
  REQUIRE(session->previous());
  CHECK(session->previous()->id == snapshot(kFirst));
  CHECK(store.error_of("forget " + std::string(kFirst)) == ErrorKind::lock_conflict);
  session->abort();
  CHECK(store.has(kFirst));
  CHECK_FALSE(store.has(kSecond));
}

TEST_CASE("backup: only a newer snapshot, of a group one owns, in a namespace there is",
          "[backup]") {
  CommandStore store;
  store.must(kBackupSecond + "a.fidx=@c1");
  CHECK(store.error_of(kBackupFirst + "a.fidx=@c1") == ErrorKind::refused);
  CHECK(store.error_of(kBackupSecond + "a.fidx=@c1") == ErrorKind::refused);
  CHECK(store.error_of("backup vm/1 --owner me@pbs a.fidx=@c1") == ErrorKind::refused);
  CHECK(store.error_of("backup vm/1 --ns b a.fidx=@c1") == ErrorKind::not_found);
  CHECK(store.error_of("backup host/benchmark a.fidx=@c1") == ErrorKind::refused);
  CHECK(store.list("vm/1") == std::vector<std::string>{"2026-01-02T00:00:00Z", "owner"});
}

TEST_CASE("backup: a snapshot that failed verification is no base", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "a.fidx=@c1");
  REQUIRE(update_manifest(store.store(), store.codec, {}, snapshot(kFirst),
                          [](Manifest& m) { m.set_verify_result({VerifyState::failed, "upid"}); }));
  const auto report = std::get<BackupResult>(store.must(kBackupSecond + "a.fidx=@c1"));
  CHECK(report.chunks_reused == 0);
  CHECK(report.uploads.duplicates == 1);
}

TEST_CASE("backup: a damaged index of the base costs uploads, not the backup", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "a.fidx=@c1");
  store.write(std::string(kFirst) + "/a.fidx", "not an index");
  const auto report = std::get<BackupResult>(store.must(kBackupSecond + "a.fidx=@c1"));
  CHECK(report.uploads.count == 1);
}

TEST_CASE("backup: a failure on the way removes the snapshot, its locks and a new group",
          "[backup]") {
  CommandStore store;
  store.system.fault = [](const std::string& call) {
    const bool last = call.starts_with("rename") && call.ends_with("disk.fidx");
    return last ? os::Errno::no_space_on_device : os::Errno{};
  };
  CHECK(store.error_of(kBackupFirst + "disk.fidx=@c1") == ErrorKind::io);
  CHECK_FALSE(store.has("vm/1"));
  CHECK(store.has("vm"));
  CHECK_FALSE(store.has_lock("vm-1"));
  CHECK_FALSE(store.has_lock(R"(vm-1-2026\x2d01\x2d01T00\x3a00\x3a00Z)"));
  store.system.fault = nullptr;
  store.must(kBackupFirst + "disk.fidx=@c1");
}

TEST_CASE("backup: a failure leaves the older snapshots of the group alone", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1");
  store.system.fault = [](const std::string& call) {
    return call.starts_with("syncfs") ? os::Errno::io_error : os::Errno{};
  };
  CHECK(store.error_of(kBackupSecond + "disk.fidx=@c1") == ErrorKind::io);
  CHECK(store.list("vm/1") == std::vector<std::string>{"2026-01-01T00:00:00Z", "owner"});
}

TEST_CASE("backup: it fails when its base has gone by the end", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1");
  store.system.at_point = [&](const std::string& point) {
    if (point == "backup.manifest.written") std::filesystem::remove_all(store.path(kFirst));
  };
  CHECK(store.error_of(kBackupSecond + "disk.fidx=@c1") == ErrorKind::refused);
  CHECK_FALSE(store.has(kSecond));
}

TEST_CASE("backup: points in their order", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "disk.fidx=@c1");
  store.system.points.clear();
  store.must(kBackupSecond + "disk.fidx=@c1,c2");
  CHECK(store.system.points ==
        std::vector<std::string>{"backup.started(" + std::string(kSecond) + ")",
                                 "backup.known(disk.fidx)",
                                 "backup.chunk.inserted(" + named_digest("c2").hex() + ")",
                                 "backup.index.closed(disk.fidx)", "backup.manifest.written",
                                 "backup.done(" + std::string(kSecond) + ")"});
}

TEST_CASE("backup session: a chunk that is not known cannot be appended", "[backup]") {
  CommandStore store;
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kFirst)});
  REQUIRE(session);
  const auto writer = session->create_dynamic("a.didx");
  REQUIRE(writer);
  const auto appended = session->append_chunk(*writer, named_digest("c1"), 0);
  REQUIRE_FALSE(appended);
  CHECK(appended.error().kind == ErrorKind::refused);
  session->abort();
}

TEST_CASE("backup session: an upload must be what it says", "[backup]") {
  CommandStore store;
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kFirst)});
  REQUIRE(session);
  const auto writer = session->create_dynamic("a.didx");
  const Bytes blob = *store.codec.encode(test::named_chunk("c1"));
  CHECK_FALSE(session->upload_chunk(*writer, {named_digest("c2"), 64, blob}));
  CHECK_FALSE(session->upload_chunk(*writer, {named_digest("c1"), 63, blob}));
  CHECK_FALSE(session->upload_chunk(*writer, {named_digest("c1"), 64, ByteView(blob).first(20)}));
  CHECK_FALSE(session->upload_chunk(WriterId{7}, {named_digest("c1"), 64, blob}));
  CHECK(session->upload_chunk(*writer, {named_digest("c1"), 64, blob}));
  session->abort();
}

TEST_CASE("backup session: neither an open index nor nothing at all can be finished", "[backup]") {
  CommandStore store;
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kFirst)});
  REQUIRE(session);
  CHECK_FALSE(session->finish());
  const auto writer = session->create_dynamic("a.didx");
  REQUIRE(writer);
  CHECK_FALSE(session->finish());
  session->abort();
  CHECK_FALSE(store.has("vm/1"));
}

TEST_CASE("backup session: a csum that differs is an error after the index has its name",
          "[backup]") {
  CommandStore store;
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kFirst)});
  REQUIRE(session);
  const auto writer = session->create_dynamic("a.didx");
  const Bytes blob = *store.codec.encode(test::named_chunk("c1"));
  REQUIRE(session->upload_chunk(*writer, {named_digest("c1"), 64, blob}));
  REQUIRE(session->append_chunk(*writer, named_digest("c1"), 0));
  CHECK_FALSE(session->close_index(*writer, {2, 64, {}}));
  CHECK_FALSE(session->close_index(*writer, {1, 63, {}}));
  CHECK_FALSE(store.has(std::string(kFirst) + "/a.didx"));
  CHECK_FALSE(session->close_index(*writer, {1, 64, {}}));
  CHECK(store.has(std::string(kFirst) + "/a.didx"));
  session->abort();
  CHECK_FALSE(store.has("vm/1"));
}

TEST_CASE("backup session: an incremental index needs the csum of its base", "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "a.fidx=@c1");
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kSecond)});
  REQUIRE(session);
  CHECK_FALSE(session->create_fixed_incremental("a.fidx", 64, 64, named_digest("c1")));
  const Digest csum = session->previous()->manifest.find("a.fidx")->csum;
  CHECK_FALSE(session->create_fixed_incremental("a.fidx", 64, 128, csum));
  const auto writer = session->create_fixed_incremental("a.fidx", 64, 64, csum);
  REQUIRE(writer);
  // The copied chunk is in the index, but not known.
  CHECK_FALSE(session->is_known(named_digest("c1")));
  CHECK(session->close_index(*writer, {0, 64, csum}));
  session->abort();
}

TEST_CASE("backup session: an incremental index that cannot be begun leaves nothing open",
          "[backup]") {
  CommandStore store;
  store.must(kBackupFirst + "a.fidx=@c1");
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kSecond)});
  REQUIRE(session);
  const Digest csum = session->previous()->manifest.find("a.fidx")->csum;
  CHECK_FALSE(session->create_fixed_incremental("a.fidx", 64, 128, csum));
  CHECK_FALSE(store.has(std::string(kSecond) + "/a.tmp_fidx"));
  const Bytes manifest = *store.manifests.encode(session->previous()->manifest);
  REQUIRE(session->store_blob(kManifestName, manifest));
  CHECK(session->finish());
}

TEST_CASE("backup session: an index of the previous snapshot is asked for by a plain name",
          "[backup]") {
  CommandStore store;
  store.must("backup vm/2 --time 2026-01-01T00:00:00Z a.fidx=@c2");
  store.must(kBackupFirst + "a.fidx=@c1");
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kSecond)});
  REQUIRE(session);
  const auto outside = session->download_previous("../../2/2026-01-01T00:00:00Z/a.fidx");
  REQUIRE_FALSE(outside);
  CHECK(outside.error().kind == ErrorKind::invalid);
  CHECK_FALSE(session->is_known(named_digest("c2")));
  CHECK(session->download_previous("a.fidx"));
  session->abort();
}

TEST_CASE("backup session: an encoded chunk is larger than its header and not too large",
          "[backup]") {
  CommandStore store;
  auto session = BackupSession::start(store.store(), store.manifests, {{}, snapshot(kFirst)});
  REQUIRE(session);
  const auto writer = session->create_dynamic("a.didx");
  for (const std::size_t payload : {std::size_t{0}, kMaxUploadedBlob}) {
    const Bytes blob = wrap_blob(BlobKind::plain, Bytes(payload));
    for (const Checked checked : {Checked::no, Checked::yes}) {
      const auto uploaded = session->upload_chunk(*writer, {named_digest("c1"), 64, blob, checked});
      REQUIRE_FALSE(uploaded);
      CHECK(uploaded.error().kind == ErrorKind::invalid);
    }
  }
  CHECK_FALSE(store.has_chunk("c1"));
  session->abort();
}

}  // namespace
}  // namespace unswept::engine
