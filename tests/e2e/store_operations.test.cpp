// Restore, verify, listings and dry runs of unswept-store.
#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/e2e/store_tool.h"

namespace unswept {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::read_text;
using test::Store;

const std::string kFirst = "vm/100/2026-01-01T00:00:00Z";
const std::string kSecond = "vm/100/2026-01-02T00:00:00Z";

/// Two snapshots of a disk and a configuration; the disk has changed in between.
struct TwoSnapshots : Store {
  TwoSnapshots() {
    REQUIRE((*this)({"create"}).exit_code == 0);
    backup("2026-01-01T00:00:00Z", 1);
    backup("2026-01-02T00:00:00Z", 2);
  }
  void backup(const std::string& time, unsigned seed) {
    const auto done = (*this)({"backup", "vm/100", "--time", time, "--chunk-size", "64K",
                               "drive.img=" + make_file("disk.img", 200'000, seed),
                               "vm.conf=" + make_file("vm.conf", 50, 9)});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
  }
  /// Makes all chunk files older than any collection's cutoff.
  void age_chunks() const {
    const std::string touch =
        "find '" + base() + "/.chunks' -type f -exec touch -a -d 2020-01-01 {} +";
    REQUIRE(std::system(touch.c_str()) == 0);
  }
  fs::path any_chunk() const {
    for (const auto& entry : fs::recursive_directory_iterator(base() + "/.chunks")) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }
};

TEST_CASE_METHOD(TwoSnapshots, "store restore: one archive, or all into a directory",
                 "[e2e][store]") {
  const std::string all = directory / "all";
  const auto restored = (*this)({"restore", kSecond, "--into", all});
  INFO(restored.err);
  REQUIRE(restored.exit_code == 0);
  CHECK(contains(restored.out, "restored 2 archives"));
  CHECK(read_text(all + "/drive.img") == read_text(directory / "disk.img"));
  CHECK(read_text(all + "/vm.conf") == read_text(directory / "vm.conf"));
  CHECK((*this)({"restore", kSecond, "drive.img.fidx", "-"}).out ==
        read_text(directory / "disk.img"));

  const auto unknown = (*this)({"restore", kSecond, "other.img.fidx", directory / "copy"});
  CHECK(unknown.exit_code == 1);
  CHECK(contains(unknown.err, "the snapshot has no other.img.fidx"));
  CHECK_FALSE(fs::exists(directory / "copy"));
  CHECK((*this)({"restore", kSecond}).exit_code == 2);
}

TEST_CASE_METHOD(TwoSnapshots,
                 "store verify: bad chunks are set aside, and come back with a backup",
                 "[e2e][store]") {
  CHECK(contains((*this)({"verify"}).out, "2 snapshots verified"));
  const auto again = (*this)({"verify", "--ignore-verified"});
  CHECK(contains(again.out, "0 snapshots verified"));
  CHECK(contains(again.out, "2 passed over: verified before"));
  CHECK(contains((*this)({"verify", "--outdated-after", "1h"}).out, "2 passed over"));

  const fs::path chunk = any_chunk();
  std::ofstream(chunk) << "damaged";
  CHECK((*this)({"verify"}).exit_code == 1);
  CHECK_FALSE(fs::exists(chunk));
  CHECK(fs::exists(chunk.string() + ".0.bad"));
  CHECK((*this)({"check"}).exit_code == 1);
  CHECK(contains((*this)({"ls"}).out, "verify failed"));

  backup("2026-01-03T00:00:00Z", 1);
  backup("2026-01-04T00:00:00Z", 2);
  CHECK((*this)({"verify"}).exit_code == 0);
  CHECK((*this)({"check"}).exit_code == 0);
}

TEST_CASE_METHOD(TwoSnapshots, "store gc: a dry run says what goes, and then it goes",
                 "[e2e][store]") {
  REQUIRE((*this)({"forget", kFirst}).exit_code == 0);
  age_chunks();
  const std::size_t before = chunk_files();
  const auto dry = (*this)({"gc", "--dry-run", "--no-atime-check"});
  CHECK(contains(dry.out, "would remove 4 chunks"));
  CHECK(contains(dry.out, "would keep 4 chunks"));
  CHECK(chunk_files() == before);
  CHECK_FALSE(fs::exists(base() + "/.gc-status"));
  CHECK(contains((*this)({"gc", "--dry-run", "--no-atime-check", "--json"}).out,
                 R"("removed-chunks": 4)"));
  CHECK(contains((*this)({"gc", "--no-atime-check"}).out, "removed 4 chunks"));
  CHECK(chunk_files() == before - 4);
  CHECK((*this)({"verify"}).exit_code == 0);
}

TEST_CASE_METHOD(TwoSnapshots, "store prune: a dry run lists what stays and why", "[e2e][store]") {
  REQUIRE((*this)({"protect", kFirst}).exit_code == 0);
  backup("2026-01-03T00:00:00Z", 3);
  const auto dry = (*this)({"prune", "--keep-last", "1", "--dry-run"});
  CHECK(dry.out ==
        "keep    root:vm/100/2026-01-01T00:00:00Z              protected\n"
        "remove  root:vm/100/2026-01-02T00:00:00Z              no rule keeps it\n"
        "keep    root:vm/100/2026-01-03T00:00:00Z              keep-last\n"
        "would remove 1 of 3 snapshots\n");
  CHECK(contains((*this)({"ls"}).out, kSecond));
  CHECK(contains((*this)({"prune", "--keep-last", "1"}).out, "removed 1 snapshot\n"));
  CHECK_FALSE(contains((*this)({"ls"}).out, kSecond));
}

TEST_CASE_METHOD(TwoSnapshots, "store ls: namespaces, groups, snapshots and archives",
                 "[e2e][store]") {
  REQUIRE((*this)({"ns", "create", "a"}).exit_code == 0);
  CHECK((*this)({"ls", "--namespaces"}).out ==
        "root                             1 group\n"
        "a                                0 groups\n");
  CHECK((*this)({"ls", "--groups"}).out ==
        "root:vm/100                         2 snapshots  2026-01-02T00:00:00Z  root@pam\n");
  CHECK(contains((*this)({"ls", "vm/100"}).out, kFirst));
  const auto archives = (*this)({"ls", kFirst}).out;
  CHECK(contains(archives, "drive.img.fidx                    195.3 KiB"));
  CHECK(contains(archives, "vm.conf.blob"));
  const auto json = (*this)({"ls", "--groups", "--json"});
  CHECK(contains(json.out, R"("group": "vm/100")"));
  CHECK(contains(json.out, R"("snapshots": 2)"));
}

}  // namespace
}  // namespace unswept
