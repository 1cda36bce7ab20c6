// unswept-store check and journal show, on stores that something happened to.
#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/e2e/store_tool.h"

namespace unswept {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::Store;

const std::string kSnapshot = "vm/100/2026-01-01T00:00:00Z";

struct BackedUpStore : Store {
  BackedUpStore() {
    REQUIRE((*this)({"create"}).exit_code == 0);
    REQUIRE((*this)({"backup", "vm/100", "--time", "2026-01-01T00:00:00Z", "--chunk-size", "64K",
                     "drive.img.fidx=" + make_file("disk.img", 300'001, 1)})
                .exit_code == 0);
  }

  fs::path any_chunk() const {
    for (const auto& entry : fs::recursive_directory_iterator(base() + "/.chunks")) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }
};

TEST_CASE_METHOD(BackedUpStore, "store check: a store in order passes, as text and as JSON",
                 "[e2e][store]") {
  const auto check = (*this)({"check"});
  INFO(check.out << check.err);
  CHECK(check.exit_code == 0);
  CHECK(contains(check.out, "1 snapshot (0 unfinished)"));
  CHECK(contains(check.out, "0 errors, 0 remarks"));
  const auto json = (*this)({"check", "--read-chunks", "--json"});
  CHECK(json.exit_code == 0);
  CHECK(contains(json.out, R"("good": true)"));
  CHECK(contains(json.out, R"("chunks-read": 5)"));
  CHECK((*this)({"check", "--quiet"}).out.empty());
}

TEST_CASE_METHOD(BackedUpStore, "store check: a lost chunk fails it and is named", "[e2e][store]") {
  const fs::path lost = any_chunk();
  fs::remove(lost);
  const auto check = (*this)({"check"});
  CHECK(check.exit_code == 1);
  CHECK(contains(check.out, "error   missing-chunk     " + kSnapshot + "/drive.img.fidx: "));
  CHECK(contains(check.out, lost.filename().string()));
  const auto json = (*this)({"check", "--json"});
  CHECK(json.exit_code == 1);
  CHECK(contains(json.out, R"("kind": "missing-chunk")"));
  CHECK(contains(json.out, R"("missing-chunks": 1)"));
}

TEST_CASE_METHOD(BackedUpStore, "store check: a flipped bit is found by reading chunks",
                 "[e2e][store]") {
  const fs::path chunk = any_chunk();
  std::fstream file(chunk, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(20);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(20);
  file.put(byte);
  file.close();
  CHECK((*this)({"check"}).exit_code == 0);
  const auto check = (*this)({"check", "--read-chunks"});
  CHECK(check.exit_code == 1);
  CHECK(contains(check.out, "bad-chunk"));
  CHECK(contains(check.out, chunk.filename().string()));
}

TEST_CASE_METHOD(BackedUpStore, "store check: what a crash leaves behind is remarked on",
                 "[e2e][store]") {
  fs::create_directories(base() + "/vm/100/2026-01-02T00:00:00Z");
  std::ofstream(base() + "/vm/100/2026-01-02T00:00:00Z/drive.img.tmp_fidx") << "half";
  const auto check = (*this)({"check"});
  CHECK(check.exit_code == 0);
  CHECK(contains(check.out, "remark  unfinished"));
  CHECK(contains(check.out, "remark  temporary-file"));
  CHECK(contains(check.out, "0 errors, 2 remarks"));
}

TEST_CASE_METHOD(BackedUpStore, "store check: needs no more than the right to read",
                 "[e2e][store]") {
  fs::remove(base() + "/.lock");
  fs::remove_all(directory / "locks");
  CHECK((*this)({"check"}).exit_code == 0);
  CHECK_FALSE(fs::exists(base() + "/.lock"));
  CHECK_FALSE(fs::exists(directory / "locks"));
}

TEST_CASE_METHOD(BackedUpStore, "store journal: a move is pending until a collection has run",
                 "[e2e][store]") {
  CHECK((*this)({"journal", "show"}).out == "0 records pending\n");
  REQUIRE((*this)({"ns", "create", "a"}).exit_code == 0);
  REQUIRE((*this)({"move-group", "vm/100", "--to", "a"}).exit_code == 0);
  const std::string moved = base() + "/ns/a/" + kSnapshot + "/drive.img.fidx";
  CHECK((*this)({"journal", "show"}).out == moved + "  (there)\n1 record pending\n");
  CHECK(contains((*this)({"check"}).out, "remark  pending-move"));

  // Where it was moved to is not where it is any more.
  REQUIRE((*this)({"remove-group", "vm/100", "--ns", "a"}).exit_code == 0);
  const auto json = (*this)({"journal", "show", "--json"});
  CHECK(contains(json.out, R"("path": ")" + moved + '"'));
  CHECK(contains(json.out, R"("exists": false)"));
  REQUIRE((*this)({"gc", "--no-atime-check"}).exit_code == 0);
  CHECK((*this)({"journal", "show"}).out == "0 records pending\n");
}

}  // namespace
}  // namespace unswept
