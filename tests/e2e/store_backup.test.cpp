// unswept-store backup from files and streams, and what a next backup shares with it.
#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/e2e/running_program.h"
#include "tests/e2e/store_tool.h"

namespace unswept {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::read_text;
using test::RunningProgram;
using test::Store;

struct EmptyStore : Store {
  EmptyStore() { REQUIRE((*this)({"create"}).exit_code == 0); }

  /// Backs up what goes into the standard input.
  test::ProgramResult pipe(std::vector<std::string> words, std::string_view input) const {
    words.insert(words.begin(), {"--store", base(), "--lock-dir", directory / "locks"});
    RunningProgram program("unswept-store", words);
    program.write(input);
    program.close_input();
    return program.wait();
  }
  std::string restored(const std::string& snapshot, const std::string& archive) {
    return (*this)({"restore", snapshot, archive, "-"}).out;
  }
};

std::string time_of(int day) { return "2026-01-0" + std::to_string(day) + "T00:00:00Z"; }

TEST_CASE_METHOD(EmptyStore, "store backup: a stream comes back as it went in, as either index",
                 "[e2e][store]") {
  const std::string text = read_text(make_file("source", 700'001, 1));
  int day = 1;
  for (const std::string archive : {"disk.img.fidx", "etc.tar.didx"}) {
    const auto backup =
        pipe({"backup", "host/web", "--time", time_of(day), "--chunk-size", "64K", archive + "=-"},
             text);
    INFO(backup.err);
    REQUIRE(backup.exit_code == 0);
    CHECK(restored("host/web/" + time_of(day), archive) == text);
    ++day;
  }
  CHECK((*this)({"verify"}).exit_code == 0);
  CHECK((*this)({"check", "--read-chunks"}).exit_code == 0);
}

TEST_CASE_METHOD(EmptyStore, "store backup: what is inserted into a stream costs a few chunks only",
                 "[e2e][store]") {
  std::string text = read_text(make_file("source", 2'000'000, 2));
  const auto backup = [&](int day, const std::string& archive) {
    const auto result =
        pipe({"backup", "host/web", "--time", time_of(day), "--chunk-size", "16K", archive + "=-"},
             text);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return chunk_files();
  };
  const std::size_t first = backup(1, "etc.tar.didx");
  CHECK(first > 60);
  text.insert(1'000, "a few bytes more");
  CHECK(backup(2, "etc.tar.didx") <= first + 4);
  CHECK(restored("host/web/" + time_of(2), "etc.tar.didx") == text);
}

TEST_CASE_METHOD(EmptyStore, "store backup: chunks of the previous snapshot are not uploaded again",
                 "[e2e][store]") {
  const std::string disk = make_file("disk.img", 640'000, 3);
  const std::vector<std::string> words{"backup", "vm/100", "--chunk-size",
                                       "64K",    "--json", "disk.img.fidx=" + disk};
  const auto backup = [&](int day, const std::vector<std::string>& more = {}) {
    auto all = words;
    all.insert(all.end(), {"--time", time_of(day)});
    all.insert(all.end(), more.begin(), more.end());
    return (*this)(all).out;
  };
  CHECK(contains(backup(1), R"("chunks-uploaded": 10)"));
  CHECK(contains(backup(2), R"("chunks-uploaded": 0)"));
  std::fstream file(disk, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100'000);
  file << "changed";
  file.close();
  const std::string third = backup(3, {"--incremental"});
  CHECK(contains(third, R"("chunks-uploaded": 1)"));
  CHECK(contains(third, R"("chunks-reused": 9)"));
  for (int day = 1; day <= 3; ++day) {
    CHECK((*this)({"verify", "vm/100/" + time_of(day)}).exit_code == 0);
  }
  CHECK(restored("vm/100/" + time_of(3), "disk.img.fidx") == read_text(disk));
}

TEST_CASE_METHOD(EmptyStore, "store backup: a dry run tells what a backup then does",
                 "[e2e][store]") {
  const std::string disk = make_file("disk.img", 300'000, 4);
  const std::vector<std::string> words{"backup", "vm/100", "--chunk-size",
                                       "64K",    "--json", "disk.img.fidx=" + disk};
  auto made = words;
  made.insert(made.end(), {"--time", time_of(1)});
  auto dry = words;
  dry.insert(dry.end(), {"--time", time_of(2), "--dry-run"});
  CHECK(contains((*this)(dry).out, R"("chunks-new": 5)"));
  CHECK(chunk_files() == 0);
  CHECK_FALSE(fs::exists(base() + "/vm"));
  CHECK(contains((*this)(made).out, R"("chunks-uploaded": 5)"));
  CHECK(contains((*this)(dry).out, R"("chunks-new": 0)"));
}

TEST_CASE_METHOD(EmptyStore, "store backup: sources that cannot be backed up are named",
                 "[e2e][store]") {
  const auto says = [&](const std::string& archive, std::string_view message, int code = 2) {
    const auto result = (*this)({"backup", "vm/100", archive});
    INFO(result.err);
    return result.exit_code == code && contains(result.err, message) &&
           !fs::exists(base() + "/vm/100");
  };
  CHECK(says("disk.img.fidx=" + make_file("empty", 0, 5), "empty is empty"));
  CHECK(says("etc.tar.didx=" + (directory / "empty"), "empty is empty"));
  CHECK(says("etc.tar.didx=" + directory.path(), "is a directory: pack it"));
  CHECK(says("disk.img.fidx=" + (directory / "nowhere"), "No such file", 1));
  CHECK(says("big.blob=" + make_file("big", (16 << 20) + 1, 6), "too much for a .blob"));
  CHECK((*this)({"check"}).exit_code == 0);
}

// The pipe stays open, so that the backup is in the middle of it for sure.
TEST_CASE("store backup: Ctrl-C ends it, and nothing of it is left", "[e2e][store]") {
  for (const int number : {SIGINT, SIGTERM}) {
    EmptyStore store;
    RunningProgram backup("unswept-store",
                          {"--store", store.base(), "--lock-dir", store.directory / "locks",
                           "backup", "host/web", "--chunk-size", "4K", "etc.tar.didx=-"});
    backup.write(std::string(100'000, 'x'));
    while (store.chunk_files() == 0) ::usleep(10'000);
    backup.signal(number);
    const auto result = backup.wait();
    INFO(result.err);
    CHECK(result.exit_code == 130);
    CHECK(contains(result.err, "its snapshot was removed again"));
    CHECK_FALSE(fs::exists(store.base() + "/host/web"));
    CHECK(contains(store({"check"}).out, "0 errors, 0 remarks"));
  }
}

}  // namespace
}  // namespace unswept
