// Names that strangers choose, and symlinks where nobody expects them, do not lead out of the
// store.
#include "engine/format/blob.h"
#include "tests/disk/disk_store.h"

namespace unswept::test {
namespace {

TEST_CASE("disk: names that lead up, or nowhere, are refused before anything is looked at",
          "[disk][names]") {
  const DiskStore store;
  store.backup("vm/1", 1, "ab");
  const Tree before = tree_of(store.root());
  const std::string time = "2026-01-02T00:00:00Z";
  const std::string disk = "=" + store.image_file("ab");
  const std::vector<std::vector<std::string>> lines = {
      {"ns", "create", ".."},
      {"ns", "create", "a/../b"},
      {"ns", "create", "a//b"},
      {"ns", "create", "/etc"},
      {"ns", "create", ".hidden"},
      {"ns", "remove", ".."},
      {"gc", "--ns", ".."},
      {"forget", "vm/../" + time},
      {"forget", "../vm/1/" + time},
      {"forget", "vm/1/.."},
      {"forget", "vm//" + time},
      {"remove-group", "vm/.."},
      {"remove-group", "vm/."},
      {"move-group", "vm/1", "--to", ".."},
      {"move-group", "vm/../vm", "--to", "a"},
      {"move-namespace", "..", "--to", "a"},
      {"backup", "vm/..", "x.img.fidx" + disk},
      {"backup", "vm/1/..", "x.img.fidx" + disk},
      {"backup", "vm/1", "../x.img.fidx" + disk},
      {"backup", "vm/1", "/x.img.fidx" + disk},
      {"backup", "vm/1", ".fidx" + disk},
      {"backup", "vm/1", "--time", "../..", "x.img.fidx" + disk},
      {"prune", "vm/..", "--keep-last", "1"},
      {"verify", ".."},
      {"notes", "vm/..", "text"},
      {"protect", "vm/../" + time},
      {"--name", "..", "gc"},
      {"--name", "a/b", "gc"},
  };
  for (const auto& line : lines) {
    const auto result = store(line);
    INFO(line.front() << ' ' << line[1] << ": " << result.err);
    CHECK(result.exit_code == 2);
    CHECK(is_one_error(result.err));
  }
  CHECK(store({"restore", snapshot_name("vm/1", 1), "../1/2026-01-01T00:00:00Z/disk.img.fidx"})
            .exit_code != 0);
  CHECK(differences(before, tree_of(store.root())) == Paths());
}

TEST_CASE("disk: a name that no file system takes ends in one error, and nothing is left of it",
          "[disk][names]") {
  const DiskStore store;
  store.must({"ns", "create", "a"});
  store.backup("vm/1", 1, "ab");
  const std::string longest(255, 'x');
  const std::string too_long(256, 'x');

  const auto refused = store(store.backup_words("vm/" + too_long, 1, "ab"));
  INFO(refused.err);
  CHECK(refused.exit_code == 1);
  CHECK(is_one_error(refused.err));
  CHECK(contains(refused.err, "File name too long"));
  CHECK(store({"ns", "create", std::string(33, 'x')}).exit_code != 0);
  CHECK(store({"move-group", "vm/" + too_long, "--to", "a"}).exit_code == 1);
  CHECK(store({"forget", "vm/" + too_long + "/2026-01-01T00:00:00Z"}).exit_code == 1);

  // Where the name fits, its lock files, which are longer, must too.
  store.backup("vm/" + longest, 1, "cd");
  store.must({"move-group", "vm/" + longest, "--to", "a"});
  store.must({"notes", snapshot_name("vm/" + longest, 1), "--text", "a note", "--ns", "a"});
  store.must({"remove-group", "vm/" + longest, "--ns", "a"});
  store.must({"check"});
  store.must(store.gc_words());
}

TEST_CASE("disk: a manifest that names files elsewhere opens none of them", "[disk][names]") {
  const DiskStore store;
  store.backup("vm/1", 1, "ab");
  const std::string outside = store.root() + "/secret.blob";
  engine::BlobCodec codec;
  const auto secret = codec.encode(engine::as_bytes(std::string_view("secret"))).value();
  write_text(outside, engine::as_text(secret));
  const std::string name = "../../../../secret.blob";
  const std::string json =
      R"({"backup-type":"vm","backup-id":"1","backup-time":1767225600,"files":[{"filename":")" +
      name + R"(","size":)" + std::to_string(secret.size()) + R"(,"csum":")" +
      engine::sha256(secret).hex() + "\"}]}";
  write_text(store.at(snapshot_name("vm/1", 1)) / "index.json.blob",
             engine::as_text(codec.encode(engine::as_bytes(json)).value()));
  REQUIRE(fs::equivalent(store.at(snapshot_name("vm/1", 1)) / name, outside));

  const auto restored = store({"restore", snapshot_name("vm/1", 1), name});
  INFO(restored.err);
  CHECK(restored.exit_code != 0);
  CHECK(is_one_error(restored.err));
  CHECK_FALSE(contains(restored.out, "secret"));
  const Tree before = tree_of(store.root());
  const std::string into = store.root() + "/a/b/c/d";
  CHECK(store({"restore", snapshot_name("vm/1", 1), "--into", into}).exit_code != 0);
  CHECK(differences(before, tree_of(store.root())) == Paths());
  CHECK(store({"verify"}).exit_code == 1);
  CHECK(store({"check"}).exit_code == 1);
  // The index is still what it was, and what it refers to stays.
  store.age_chunks();
  store.must(store.gc_words());
  CHECK(store.chunks() == "ab");
}

// --- symlinks ----------------------------------------------------------------------------------

/// A store, and beside it a directory that is none of its business: a whole store of its own.
struct Neighbours {
  DiskStore store;
  DiskStore other;
  Tree before;

  Neighbours() {
    other.must({"ns", "create", "n"});
    other.backup("vm/7", 1, "xy");
    other.backup("vm/7", 2, "yz", "n");
    store.backup("vm/1", 1, "ab");
    store.must({"ns", "create", "here"});
    before = tree_of(other.base());
  }

  /// `link` in the store leads to `target` in the other one.
  void link(const std::string& link, const std::string& target) const {
    fs::create_directories(store.at(link).parent_path());
    fs::create_directory_symlink(other.at(target), store.at(link));
  }
  Paths touched() const { return differences(before, tree_of(other.base())); }
};

/// Nobody lists it, and a collection of old chunks goes through without it.
void check_unseen(const Neighbours& t, const std::string& name) {
  CHECK_FALSE(contains(t.store.must({"ls"}), name));
  t.store.age_chunks();
  t.store.must(t.store.gc_words());
}

/// Each of these is refused, and nothing of the other store is touched by any.
void check_refused(const Neighbours& t, const std::vector<std::vector<std::string>>& lines) {
  for (const auto& line : lines) {
    const auto result = t.store(line);
    INFO(line.front() << ": " << result.err);
    CHECK(result.exit_code == 1);
    CHECK(is_one_error(result.err));
  }
  CHECK(t.touched() == Paths());
}

TEST_CASE("disk: a snapshot that is a symlink is nobody's snapshot", "[disk][names]") {
  const Neighbours t;
  t.link(snapshot_name("vm/1", 5), snapshot_name("vm/7", 1));
  check_unseen(t, "2026-01-05");

  // Removing must not reach through it.
  const auto forgotten = t.store({"forget", snapshot_name("vm/1", 5)});
  INFO(forgotten.err);
  CHECK(forgotten.exit_code == 1);
  CHECK(is_one_error(forgotten.err));
  // A move takes all snapshots along, and cannot remove the directory that the symlink is in.
  CHECK(t.store({"move-group", "vm/1", "--to", "here"}).exit_code == 1);
  CHECK(t.store.restore("vm/1", 1, "here") == image_of("ab"));
  CHECK(t.touched() == Paths());
}

TEST_CASE("disk: a group that is a symlink is nobody's group", "[disk][names]") {
  const Neighbours t;
  t.link("vm/7", "vm/7");
  check_unseen(t, "vm/7");
  CHECK(t.store.chunks() == "ab");

  check_refused(t, {
                       {"forget", snapshot_name("vm/7", 1)},
                       {"remove-group", "vm/7"},
                       {"prune", "vm/7", "--keep-last", "1"},
                       {"move-group", "vm/7", "--to", "here"},
                       // What is put behind it would never be marked.
                       t.store.backup_words("vm/7", 9, "cd"),
                   });
  CHECK(fs::is_symlink(t.store.at("vm/7")));
}

TEST_CASE("disk: a namespace that is a symlink is nobody's namespace", "[disk][names]") {
  const Neighbours t;
  t.link("ns/n", "ns/n");
  check_unseen(t, "vm/7");
  CHECK(t.store.chunks() == "ab");
  check_refused(t, {
                       t.store.backup_words("vm/9", 9, "cd", "n"),
                       {"move-group", "vm/1", "--to", "n"},
                       {"move-group", "vm/7", "--ns", "n", "--to", "here"},
                       {"move-namespace", "n", "--to", "here"},
                       {"move-namespace", "here", "--to", "n/here"},
                       {"ns", "create", "n/deeper"},
                   });
}

TEST_CASE("disk: files of a snapshot that are symlinks are neither written through nor removed",
          "[disk][names]") {
  const Neighbours t;
  const fs::path snapshot = t.store.at(snapshot_name("vm/1", 1));
  fs::create_symlink(t.other.at("vm/7/owner"), snapshot / ".protected");
  fs::remove(t.store.at("vm/1/owner"));
  fs::create_symlink(t.other.at("vm/7/owner"), t.store.at("vm/1/owner"));
  CHECK(t.store({"change-owner", "vm/1", "somebody@pbs"}).exit_code == 1);
  CHECK(t.store({"protect", snapshot_name("vm/1", 1)}).exit_code == 1);
  CHECK(t.touched() == Paths());
  t.store.must({"protect", snapshot_name("vm/1", 1), "--off"});  // which removes the symlink
  CHECK_FALSE(fs::exists(fs::symlink_status(snapshot / ".protected")));
  t.store.must({"forget", snapshot_name("vm/1", 1)});
  CHECK(t.touched() == Paths());
}

TEST_CASE("disk: a chunk directory may be a symlink, as where a store is spread over disks",
          "[disk][names]") {
  const DiskStore store;
  store.backup("vm/1", 1, "a");
  store.backup("vm/2", 1, "b");
  const fs::path directory = store.at(engine::chunk_path(letter_digest('b'))).parent_path();
  const fs::path elsewhere = store.root() + "/elsewhere";
  fs::rename(directory, elsewhere);
  fs::create_directory_symlink(elsewhere, directory);
  store.age_chunks();
  store.must({"remove-group", "vm/2"});
  store.backup("vm/3", 1, "a");
  // Not aged: the walk that ages does not follow.
  const timespec long_ago[2] = {{1, 0}, {0, UTIME_OMIT}};
  const std::string file = (elsewhere / letter_digest('b').hex()).string();
  REQUIRE(::utimensat(AT_FDCWD, file.c_str(), long_ago, 0) == 0);
  store.must(store.gc_words());
  CHECK(store.chunks() == "a");
}

}  // namespace
}  // namespace unswept::test
