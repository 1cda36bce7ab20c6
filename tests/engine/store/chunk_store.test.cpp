#include "engine/store/chunk_store.h"

#include "engine/format/chunk_names.h"
#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

const std::string kName = "letter";

Bytes plain_blob(std::string_view text) { return wrap_blob(BlobKind::plain, as_bytes(text)); }

Bytes encrypted_blob(std::string_view text, BlobKind kind = BlobKind::encrypted) {
  return wrap_blob(kind, as_bytes(std::string(32, 'k') + std::string(text)));
}

/// A store with one old chunk, whose file holds `blob`.
struct Chunks : TestStore {
  explicit Chunks(const Bytes& blob) {
    add_chunk(kName);
    write(path(), as_text(blob));
    set_age(path(), 48 * kHour);
  }
  std::string path() const { return store.chunks().path(digest_of(kName)); }
  Result<InsertedChunk> insert(const Bytes& blob) {
    return store.chunks().insert(digest_of(kName), blob);
  }
  std::string content() const { return read(path()); }
};

TEST_CASE("insert: a new chunk is written beside its place and renamed", "[chunks]") {
  TestStore t;
  fs::create_directories(fs::path(t.store.chunks().path(digest_of(kName))).parent_path());
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_none());
  const auto inserted = store.chunks().insert(digest_of(kName), plain_blob("abc"));
  REQUIRE(inserted);
  CHECK_FALSE(inserted->duplicate);
  CHECK(inserted->stored_bytes == 15);
  const std::string path = "store/" + chunk_path(digest_of(kName));
  CHECK(system.calls == std::vector<std::string>{"stat " + path, "create " + path + ".tmp_",
                                                 "write " + path + ".tmp_",
                                                 "rename " + path + ".tmp_ -> " + path});
  CHECK(TestStore::read(t.root() + '/' + path) == as_text(plain_blob("abc")));
  CHECK((fs::status(t.root() + '/' + path).permissions() & fs::perms::mask) ==
        static_cast<fs::perms>(0644));
}

TEST_CASE("insert: with sync level file, file and directory are synced", "[chunks]") {
  TestStore t;
  fs::create_directories(fs::path(t.store.chunks().path(digest_of(kName))).parent_path());
  RecordingSystem system(t.system, t.root());
  Process process(system);
  StoreConfig config = t.config();
  config.sync = SyncLevel::file;
  const Datastore store(system, process, config, protocol_none());
  REQUIRE(store.chunks().insert(digest_of(kName), plain_blob("abc")));
  CHECK(system.count_calls("fsync") == 2);
  CHECK(system.calls.back().starts_with("fsync store/.chunks/"));
}

TEST_CASE("insert: a failed rename leaves no temporary file", "[chunks]") {
  Chunks t(plain_blob("too long"));
  RecordingSystem system(t.system, t.root());
  Process process(system);
  const Datastore store(system, process, t.config(), protocol_none());
  system.fault = [](const std::string& call) {
    return call.starts_with("rename") ? os::Errno::no_space_on_device : os::Errno{};
  };
  const auto inserted = store.chunks().insert(digest_of(kName), plain_blob("abc"));
  REQUIRE_FALSE(inserted);
  CHECK(inserted.error().code == os::Errno::no_space_on_device);
  CHECK(std::distance(fs::directory_iterator(fs::path(t.path()).parent_path()), {}) == 1);
}

TEST_CASE("insert: a chunk of the same length is touched", "[chunks]") {
  Chunks t(plain_blob("abc"));
  const auto inserted = t.insert(plain_blob("xyz"));
  REQUIRE(inserted);
  CHECK(inserted->duplicate);
  CHECK(t.content() == as_text(plain_blob("abc")));
  CHECK(t.is_marked(kName));
}

TEST_CASE("insert: an empty chunk file is replaced", "[chunks]") {
  Chunks t(Bytes{});
  const auto inserted = t.insert(plain_blob("abc"));
  REQUIRE(inserted);
  CHECK_FALSE(inserted->duplicate);
  CHECK(t.content() == as_text(plain_blob("abc")));
  CHECK(t.warnings.size() == 1);
}

TEST_CASE("insert: of two unencrypted blobs the shorter one stays", "[chunks]") {
  Chunks shorter(plain_blob("abc"));
  const auto kept = shorter.insert(plain_blob("longer"));
  REQUIRE(kept);
  CHECK(kept->duplicate);
  CHECK(shorter.content() == as_text(plain_blob("abc")));
  CHECK(shorter.is_marked(kName));

  Chunks longer(plain_blob("longer"));
  const auto replaced = longer.insert(plain_blob("abc"));
  REQUIRE(replaced);
  CHECK_FALSE(replaced->duplicate);
  CHECK(longer.content() == as_text(plain_blob("abc")));
}

TEST_CASE("insert: an encrypted blob is refused where an unencrypted one is", "[chunks]") {
  Chunks t(plain_blob("abc"));
  const auto inserted = t.insert(encrypted_blob("abc"));
  REQUIRE_FALSE(inserted);
  CHECK(inserted.error().kind == ErrorKind::invalid);
  CHECK(t.content() == as_text(plain_blob("abc")));
}

TEST_CASE("insert: two uncompressed encrypted blobs of different length cannot both be right",
          "[chunks]") {
  Chunks t(encrypted_blob("abc"));
  CHECK_FALSE(t.insert(encrypted_blob("longer")));
}

TEST_CASE("insert: another encrypted blob keeps the file that is there", "[chunks]") {
  Chunks t(encrypted_blob("longer", BlobKind::zstd_encrypted));
  const auto inserted = t.insert(encrypted_blob("abc"));
  REQUIRE(inserted);
  CHECK(inserted->duplicate);
  CHECK(t.content() == as_text(encrypted_blob("longer", BlobKind::zstd_encrypted)));
  CHECK(t.is_marked(kName));
}

TEST_CASE("insert: a directory in the chunk's place is an error", "[chunks]") {
  TestStore t;
  fs::create_directories(t.store.chunks().path(digest_of(kName)));
  CHECK_FALSE(t.store.chunks().insert(digest_of(kName), plain_blob("abc")));
}

TEST_CASE("insert: chunk subdirectories are not made", "[chunks]") {
  TestStore t;
  const auto inserted = t.store.chunks().insert(digest_of(kName), plain_blob("abc"));
  REQUIRE_FALSE(inserted);
  CHECK(inserted.error().code == os::Errno::no_such_file_or_directory);
}

TEST_CASE("touch: marks a chunk, and tells when there is none", "[chunks]") {
  Chunks t(plain_blob("abc"));
  CHECK(t.store.chunks().touch(digest_of(kName)));
  CHECK(t.is_marked(kName));
  CHECK(*t.store.chunks().touch_if_exists(digest_of(kName)));
  CHECK_FALSE(*t.store.chunks().touch_if_exists(digest_of("other")));
  CHECK_FALSE(t.store.chunks().touch(digest_of("other")));
}

TEST_CASE("bad chunks: the first free name is taken, and the last one again and again",
          "[chunks]") {
  TestStore t;
  const auto digest = digest_of(kName);
  for (int n = 0; n < 12; ++n) {
    t.add_chunk(kName);
    const auto renamed = t.store.chunks().rename_to_bad(digest);
    REQUIRE(renamed);
    CHECK(**renamed ==
          t.store.chunks().path(digest) + '.' + std::to_string(std::min(n, 9)) + ".bad");
  }
  const auto nothing = t.store.chunks().rename_to_bad(digest);
  REQUIRE(nothing);
  CHECK_FALSE(nothing->has_value());
}

TEST_CASE("bad chunks: all of a digest are touched", "[chunks]") {
  TestStore t;
  const auto digest = digest_of(kName);
  CHECK_FALSE(*t.store.chunks().touch_bad_chunks(digest));
  for (int n = 0; n < 2; ++n) {
    t.add_chunk(kName);
    REQUIRE(t.store.chunks().rename_to_bad(digest));
  }
  CHECK(*t.store.chunks().touch_bad_chunks(digest));
  for (const char* suffix : {".0.bad", ".1.bad"})
    CHECK(t.age_of(t.store.chunks().path(digest) + suffix) < kHour);
}

}  // namespace
}  // namespace unswept::test
