// A disk that is full, or read-only: one error, nothing lost, and things go on when there is room.
#include <optional>
#include <random>

#include "tests/disk/disk_store.h"
#include "tests/disk/small_disk.h"

namespace unswept::test {
namespace {

enum class Scarce { pages, inodes };

/// Chunks take a page each, but for those of this one, which do not compress: 17 pages.
std::string random_file(const DiskStore& store, const std::string& path) {
  std::minstd_rand random(1);
  std::string bytes(std::size_t{64} << 10, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
  write_text(path, bytes);
  const auto digest = engine::sha256(engine::as_bytes(bytes));
  fs::create_directories(store.at(engine::chunk_path(digest)).parent_path());
  return bytes;
}

struct FullDisk {
  SmallDisk disk;
  TemporaryDirectory elsewhere;
  std::optional<DiskStore> store;
  std::string random;  // the content of one chunk
  std::string random_path = elsewhere / "random.img";

  FullDisk() {
    if (!disk.mounted()) return;
    store.emplace(disk.path());
    random = random_file(*store, random_path);
    store->must({"ns", "create", "b"});
    store->backup("vm/1", 1, "ab");
    store->backup("vm/2", 1, "cd");
  }

  std::vector<std::string> leftovers() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(store->root())) {
      const std::string name = entry.path().string();
      if (contains(name, ".tmp_")) names.push_back(name);
    }
    return names;
  }

  void leave(Scarce scarce, std::size_t count) const {
    if (scarce == Scarce::pages) disk.leave_pages(count);
    if (scarce == Scarce::inodes) disk.leave_inodes(count);
  }

  /// Runs the command with ever more room until there is enough of it.  As long as there is not,
  /// there is one error and everything stays as it was.  Returns how often there was not.
  std::size_t run_until_it_fits(Scarce scarce, const std::vector<std::string>& words) const {
    const Tree before = lasting_tree_of(store->base());
    for (std::size_t room = 0;; ++room) {
      leave(scarce, room);
      const auto result = (*store)(words);
      disk.make_room();
      INFO(words.front() << " with room for " << room << ": " << result.err);
      CHECK(leftovers() == std::vector<std::string>());
      check_all_is_well();
      if (result.exit_code == 0) return room;
      CHECK(result.exit_code == 1);
      CHECK(is_one_error(result.err));
      REQUIRE(contains(result.err, "No space left on device"));
      CHECK(differences(before, lasting_tree_of(store->base())) == Paths());
      if (room == SmallDisk::kInodes) FAIL("there is never enough room");
    }
  }

  void check_all_is_well() const {
    const auto check = (*store)({"check"});
    INFO(check.out << check.err);
    CHECK(check.exit_code == 0);
  }
};

TEST_CASE("disk: a full disk ends in one error, with nothing lost and nothing left behind",
          "[disk][full]") {
  for (const Scarce scarce : {Scarce::pages, Scarce::inodes}) {
    const FullDisk t;
    if (!t.disk.mounted()) return not_tested("this process may not mount a small disk");
    const std::vector<std::string> backup = {"backup",
                                             "vm/1",
                                             "--time",
                                             "2026-01-02T00:00:00Z",
                                             "--chunk-size",
                                             "64K",
                                             "disk.img.fidx=" + t.random_path,
                                             "more.img.fidx=" + t.store->image_file("efg")};
    const std::size_t failed = t.run_until_it_fits(scarce, backup);
    CHECK(failed > 2);
    CHECK(t.store->must({"restore", snapshot_name("vm/1", 2), "disk.img.fidx"}) == t.random);
    CHECK(t.store->must({"restore", snapshot_name("vm/1", 2), "more.img.fidx"}) ==
          image_of("efg"));

    t.run_until_it_fits(scarce,
                        {"notes", snapshot_name("vm/1", 1), "--text", std::string(100, 'n')});
    t.run_until_it_fits(scarce, {"move-group", "vm/1", "--to", "b"});
    t.run_until_it_fits(scarce, {"forget", snapshot_name("vm/1", 2), "--ns", "b"});
    CHECK(t.store->restore("vm/1", 1, "b") == image_of("ab"));
    CHECK(t.store->restore("vm/2", 1) == image_of("cd"));
  }
}

TEST_CASE("disk: a collection needs no room, so that it can make some", "[disk][full]") {
  const FullDisk t;
  if (!t.disk.mounted()) return not_tested("this process may not mount a small disk");
  t.store->must({"remove-group", "vm/2"});
  t.store->must(t.store->gc_words());  // makes the files that stay: the journal, the status
  t.store->age_chunks();
  t.disk.leave_pages(0);
  t.store->must(t.store->gc_words());
  CHECK(t.store->chunks() == "ab");
}

TEST_CASE("disk: where nothing can be written, every command that wants to says so",
          "[disk][full]") {
  const FullDisk t;
  if (!t.disk.mounted()) return not_tested("this process may not mount a small disk");
  const Tree before = tree_of(t.store->root());
  REQUIRE(t.disk.set_read_only(true));
  const std::vector<std::vector<std::string>> lines = {
      t.store->backup_words("vm/1", 2, "e"),
      {"forget", snapshot_name("vm/1", 1)},
      {"prune", "vm/1", "--keep-last", "1"},
      {"move-group", "vm/1", "--to", "b"},
      {"gc", "--no-atime-check"},
      {"notes", snapshot_name("vm/1", 1), "--text", "text"},
      {"protect", snapshot_name("vm/1", 1)},
      {"ns", "create", "c"},
  };
  for (const auto& line : lines) {
    const auto result = (*t.store)(line);
    INFO(line.front() << ": " << result.err);
    CHECK(result.exit_code != 0);
    CHECK(is_one_error(result.err));
    CHECK(contains(result.err, "Read-only file system"));
  }
  REQUIRE(t.disk.set_read_only(false));
  CHECK(differences(before, tree_of(t.store->root())) == Paths());
  t.check_all_is_well();
}

}  // namespace
}  // namespace unswept::test
