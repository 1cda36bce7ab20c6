// A store that is damaged, or half of what it was, is not swept.
#include <functional>

#include "engine/format/fixed_index.h"
#include "tests/disk/disk_store.h"

namespace unswept::test {
namespace {

struct Damage {
  const char* name;
  std::function<void(const DiskStore&)> done;
  const char* complaint;
  int exit_code = 1;
};

fs::path index_path(const DiskStore& store) {
  return store.at(snapshot_name("vm/1", 1)) / "disk.img.fidx";
}

/// Changes the bytes of the index.
std::function<void(const DiskStore&)> index_with(std::function<void(std::string&)> change) {
  return [change = std::move(change)](const DiskStore& store) {
    std::string bytes = read_text(index_path(store));
    change(bytes);
    write_text(index_path(store), bytes);
  };
}

void write_journal(const DiskStore& store, std::string_view text) {
  fs::create_directories(store.locks() + "/store");
  write_text(store.locks() + "/store/move-journal", text);
}

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all = {
      {"an index cut off in its table",
       index_with([](std::string& bytes) { bytes.resize(bytes.size() - 1); }), "disk.img.fidx"},
      {"an index cut off in its header", index_with([](std::string& bytes) { bytes.resize(100); }),
       "shorter than its header"},
      {"an empty index", index_with([](std::string& bytes) { bytes.clear(); }),
       "shorter than its header"},
      {"an index with an entry too many",
       index_with([](std::string& bytes) { bytes.append(32, '\0'); }), "does not fit"},
      {"an index with another magic", index_with([](std::string& bytes) { bytes[0] ^= 1; }),
       "wrong magic"},
      {"an index whose size field is wrong",
       index_with([](std::string& bytes) { bytes[engine::kFixedSizeOffset + 7] ^= 1; }),
       "does not fit"},
      {"an index with chunks of no size", index_with([](std::string& bytes) {
         std::fill_n(bytes.begin() + engine::kFixedChunkSizeOffset, 8, '\0');
       }),
       "power of two"},
      {"an index that is the other kind",
       [](const DiskStore& store) {
         fs::rename(index_path(store), index_path(store).parent_path() / "disk.img.didx");
       },
       "wrong magic"},
      {"a directory in place of an index",
       [](const DiskStore& store) {
         fs::remove(index_path(store));
         fs::create_directory(index_path(store));
       },
       "disk.img.fidx"},
      {"a pipe in place of an index, which nobody writes to",
       [](const DiskStore& store) {
         fs::remove(index_path(store));
         REQUIRE(::mkfifo(index_path(store).c_str(), 0600) == 0);
       },
       "disk.img.fidx"},
      {"a damaged index where none belongs",
       [](const DiskStore& store) { write_text(store.at("vm/lost.fidx"), "lost"); }, "lost.fidx"},
      {"a snapshot at no possible time",
       [](const DiskStore& store) { fs::create_directory(store.at("vm/1/2026-13-01T00:00:00Z")); },
       "2026-13-01T00:00:00Z"},
      {"a namespace of no possible name",
       [](const DiskStore& store) { fs::create_directories(store.at("ns/not a name")); },
       "not a name"},
      {"a journal of other things",
       [](const DiskStore& store) { write_journal(store, "what is this\n"); }, "what is this"},
      {"a journal that is not text",
       [](const DiskStore& store) { write_journal(store, "/a\xff.fidx\n/b.fidx\n"); },
       "move-journal"},
      {"no chunk directory",
       [](const DiskStore& store) { fs::rename(store.at(".chunks"), store.at("chunks")); },
       "is not a datastore", 2},
      {"a file in place of the chunk directory",
       [](const DiskStore& store) {
         fs::rename(store.at(".chunks"), store.at("chunks"));
         write_text(store.at(".chunks"), "");
       },
       "is not a datastore", 2},
      {"no store at all",
       [](const DiskStore& store) { fs::rename(store.base(), store.root() + "/gone"); },
       "is not a datastore", 2},
  };
  return all;
}

TEST_CASE("disk: a damaged store is not swept", "[disk][damage]") {
  for (const Damage& damage : damages()) {
    INFO(damage.name);
    const DiskStore store;
    store.backup("vm/1", 1, "ab");
    store.backup("vm/2", 1, "yz");
    store.must({"remove-group", "vm/2"});
    store.age_chunks();
    damage.done(store);
    const Tree before = tree_of(store.root());
    const auto gc = store.gc();
    INFO(gc.err);
    CHECK(gc.exit_code == damage.exit_code);
    CHECK(is_one_error(gc.err));
    CHECK(contains(gc.err, damage.complaint));
    // Referenced or not, every chunk is where it was; and so is all the rest but for lock files.
    for (const auto& [path, what] : before) {
      if (contains(path, ".chunks/")) CHECK(fs::exists(fs::path(store.root()) / path));
    }
  }
}

TEST_CASE("disk: the store that is swept when it is sound is the one that is not when damaged",
          "[disk][damage]") {
  const DiskStore store;
  store.backup("vm/1", 1, "ab");
  store.backup("vm/2", 1, "yz");
  store.must({"remove-group", "vm/2"});
  store.age_chunks();
  store.must(store.gc_words());
  CHECK(store.chunks() == "ab");
}

TEST_CASE("disk: the chunks of a snapshot stay, whatever its manifest says", "[disk][damage]") {
  for (const std::string_view manifest : {"", "no blob", "\x42\xab\x38\x07\xbe\x83\x70\xa1"}) {
    const DiskStore store;
    store.backup("vm/1", 1, "ab");
    const fs::path path = store.at(snapshot_name("vm/1", 1)) / "index.json.blob";
    if (manifest.empty()) {
      fs::remove(path);
    } else {
      write_text(path, manifest);
    }
    store.age_chunks();
    store.must(store.gc_words());
    CHECK(store.chunks() == "ab");
    CHECK(store({"restore", snapshot_name("vm/1", 1), "disk.img.fidx"}).exit_code == 1);
    // Without a manifest it is an unfinished backup, with a bad one a damaged one.
    CHECK(store({"check"}).exit_code == (manifest.empty() ? 0 : 1));
  }
}

TEST_CASE("disk: a damaged chunk is set aside by verify, and kept while something refers to it",
          "[disk][damage]") {
  const DiskStore store;
  store.backup("vm/1", 1, "ab");
  const fs::path chunk = store.at(engine::chunk_path(letter_digest('b')));
  write_text(chunk, "damaged");
  CHECK(store({"verify"}).exit_code == 1);
  CHECK_FALSE(store.has_chunk('b'));
  const fs::path bad = chunk.string() + ".0.bad";
  store.age_chunks();
  store.must(store.gc_words());
  CHECK(read_text(bad.string()) == "damaged");

  // The next backup brings the chunk again, and the bad one goes with the next collection.
  store.backup("vm/1", 2, "ab");
  CHECK(store.restore("vm/1", 1) == image_of("ab"));
  store.age_chunks();
  store.must(store.gc_words());
  CHECK_FALSE(fs::exists(bad));
}

TEST_CASE("disk: files of no reasonable size are not read into memory", "[disk][damage]") {
  const DiskStore store;
  store.backup("vm/1", 1, "ab");
  constexpr std::uintmax_t kTebibyte = std::uintmax_t{1} << 40;  // sparse
  fs::resize_file(store.at(engine::chunk_path(letter_digest('b'))), kTebibyte);
  const auto restored = store({"restore", snapshot_name("vm/1", 1), "disk.img.fidx"});
  INFO(restored.err);
  CHECK(restored.exit_code == 1);
  CHECK(contains(restored.err, "File too large"));
  fs::resize_file(store.at("vm/1/owner"), kTebibyte);
  CHECK(store(store.backup_words("vm/1", 2, "c")).exit_code == 1);
  fs::resize_file(store.at(snapshot_name("vm/1", 1)) / "index.json.blob", kTebibyte);
  CHECK(store({"restore", snapshot_name("vm/1", 1), "disk.img.fidx"}).exit_code == 1);
}

}  // namespace
}  // namespace unswept::test
