// Directories and files that may not be read or written: one error, nothing lost.
#include "tests/disk/disk_store.h"
#include "tests/disk/other_user.h"

namespace unswept::test {
namespace {

/// Takes permissions away for a scope.
class Mode {
 public:
  Mode(fs::path path, unsigned mode) : path_(std::move(path)), before_(fs::status(path_)) {
    fs::permissions(path_, static_cast<fs::perms>(mode));
  }
  ~Mode() { fs::permissions(path_, before_.permissions()); }
  Mode(const Mode&) = delete;
  Mode& operator=(const Mode&) = delete;

 private:
  fs::path path_;
  fs::file_status before_;
};

struct Guarded {
  DiskStore store;
  OtherUser user{prepared(store)};

  static const DiskStore& prepared(const DiskStore& store) {
    store.must({"ns", "create", "b"});
    store.backup("vm/1", 1, "ab");
    store.backup("vm/1", 2, "abc");
    store.backup("vm/2", 1, "yz");
    store.must({"remove-group", "vm/2"});
    store.age_chunks();
    return store;
  }

  /// One error that names the place, and then everything is as it was.
  void refuses(const std::vector<std::string>& words, const fs::path& path, unsigned mode) const {
    const Tree before = lasting_tree_of(store.base());
    {
      const Mode taken(path, mode);
      const auto result = user(words);
      INFO(words.front() << ": " << result.err);
      CHECK(result.exit_code == 1);
      CHECK(is_one_error(result.err));
      CHECK(contains(result.err, "Permission denied"));
    }
    CHECK(differences(before, lasting_tree_of(store.base())) == Paths());
    CHECK(user({"check"}).exit_code == 0);
  }
};

TEST_CASE("disk: what may not be read is not swept", "[disk][permissions]") {
  const Guarded t;
  if (!t.user.works()) return not_tested("another user cannot run the tool from here");
  const std::string chunks = t.store.chunks();
  REQUIRE(chunks == "abcyz");
  const fs::path snapshot = t.store.at(snapshot_name("vm/1", 1));
  for (const fs::path& path :
       {t.store.base() / fs::path("ns"), t.store.at("ns/b"), t.store.at("vm"), t.store.at("vm/1"),
        snapshot, snapshot / "disk.img.fidx", t.store.at(".chunks")}) {
    INFO(path.string());
    t.refuses({"gc", "--no-atime-check"}, path, 0);
    CHECK(t.store.chunks() == chunks);
  }
  REQUIRE(t.user({"gc", "--no-atime-check"}).exit_code == 0);
  CHECK(t.store.chunks() == "abc");
}

TEST_CASE("disk: what may not be written is as it was", "[disk][permissions]") {
  const Guarded t;
  if (!t.user.works()) return not_tested("another user cannot run the tool from here");
  constexpr unsigned kReadOnly = 0555;
  const fs::path group = t.store.at("vm/1");
  const fs::path snapshot = t.store.at(snapshot_name("vm/1", 1));
  const fs::path chunk = t.store.at(engine::chunk_path(letter_digest('q'))).parent_path();
  t.refuses(t.store.backup_words("vm/1", 3, "q"), group, kReadOnly);
  t.refuses(t.store.backup_words("vm/9", 1, "q"), t.store.at("vm"), kReadOnly);
  t.refuses(t.store.backup_words("vm/1", 3, "q"), chunk, kReadOnly);
  t.refuses(t.store.backup_words("vm/1", 3, "q"), t.store.locks() + "/store", kReadOnly);
  t.refuses({"forget", snapshot_name("vm/1", 1)}, snapshot, kReadOnly);
  t.refuses({"move-group", "vm/1", "--to", "b"}, t.store.at("ns/b"), kReadOnly);
  t.refuses({"move-group", "vm/1", "--to", "b"}, group, kReadOnly);
  t.refuses({"ns", "create", "c"}, t.store.at("ns"), kReadOnly);
  t.refuses({"notes", snapshot_name("vm/1", 1), "--text", "text"}, snapshot, kReadOnly);
  t.refuses({"protect", snapshot_name("vm/1", 1)}, snapshot, kReadOnly);
  CHECK(t.user({"restore", snapshot_name("vm/1", 1), "disk.img.fidx"}).out == image_of("ab"));
}

TEST_CASE("disk: where the store's lock may not be opened, only what reads goes on",
          "[disk][permissions]") {
  const Guarded t;
  if (!t.user.works()) return not_tested("another user cannot run the tool from here");
  const fs::path lock = t.store.at(".lock");
  t.refuses({"gc", "--no-atime-check"}, lock, 0);
  t.refuses({"forget", snapshot_name("vm/1", 1)}, lock, 0);
  const Mode taken(lock, 0);
  CHECK(t.user({"restore", snapshot_name("vm/1", 1), "disk.img.fidx"}).out == image_of("ab"));
  CHECK(contains(t.user({"gc", "--dry-run", "--no-atime-check"}).out, "would remove 2 chunks"));
  CHECK(contains(t.user({"prune", "--keep-last", "1", "--dry-run"}).out, "would remove 1 of 2"));
  auto dry = t.store.backup_words("vm/1", 3, "q");
  dry.push_back("--dry-run");
  CHECK(contains(t.user(dry).out, "upload 1 chunk"));
}

TEST_CASE("disk: chunks that may not be looked at are not said to be missing",
          "[disk][permissions]") {
  const Guarded t;
  if (!t.user.works()) return not_tested("another user cannot run the tool from here");
  for (const unsigned mode : {0U, 0444U}) {
    const Mode taken(t.store.at(".chunks"), mode);
    const auto check = t.user({"check"});
    INFO(check.out << check.err);
    CHECK(check.exit_code == 1);
    CHECK(contains(check.out, "unreadable"));
    CHECK_FALSE(contains(check.out, "missing-chunk"));
  }
}

TEST_CASE("disk: a chunk that may not be removed ends the collection, and the next one goes on",
          "[disk][permissions]") {
  const Guarded t;
  if (!t.user.works()) return not_tested("another user cannot run the tool from here");
  const fs::path y = t.store.at(engine::chunk_path(letter_digest('y'))).parent_path();
  t.refuses({"gc", "--no-atime-check"}, y, 0555);
  CHECK(t.store.has_chunk('y'));
  REQUIRE(t.user({"gc", "--no-atime-check"}).exit_code == 0);
  CHECK(t.store.chunks() == "abc");
}

}  // namespace
}  // namespace unswept::test
