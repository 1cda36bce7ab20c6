// The life of a datastore on a real disk, through the tool alone.
#include "tests/e2e/store_tool.h"

#include <filesystem>

#include "tests/catch.h"

namespace unswept {
namespace {

using test::contains;
using test::read_text;
using test::snapshot_of;
using test::Store;

TEST_CASE("store tool: what was backed up, moved and collected comes back", "[e2e][store]") {
  Store store;
  const std::string disk = store.make_file("disk.img", 300'001, 1);
  const std::string config = store.make_file("vm.conf", 40, 2);

  REQUIRE(store({"create"}).exit_code == 0);
  CHECK(std::distance(std::filesystem::directory_iterator(store.base() + "/.chunks"), {}) == 65536);
  REQUIRE(store({"ns", "create", "a"}).exit_code == 0);
  REQUIRE(store({"ns", "create", "b"}).exit_code == 0);

  const auto backup =
      store({"backup", "vm/100", "--ns", "a", "--time", "2026-01-01T00:00:00Z", "--chunk-size",
             "64K", "drive.img.fidx=" + disk, "qemu-server.conf.blob=" + config});
  INFO(backup.err);
  REQUIRE(backup.exit_code == 0);
  const std::string snapshot = snapshot_of(backup);
  CHECK(snapshot == "vm/100/2026-01-01T00:00:00Z");
  CHECK(store.chunk_files() == 5);
  CHECK(store({"verify"}).exit_code == 0);

  CHECK(store({"move-group", "vm/100", "--ns", "a", "--to", "b"}).exit_code == 0);
  const auto gc = store({"gc", "--no-atime-check", "--json"});
  REQUIRE(gc.exit_code == 0);
  CHECK(contains(gc.out, R"("disk-chunks": 5)"));
  CHECK(store.chunk_files() == 5);
  CHECK(contains(store({"ls"}).out, "b:vm/100/2026-01-01T00:00:00Z"));
  CHECK(store({"verify", "vm/100", "--ns", "b"}).exit_code == 0);

  const std::string copy = store.directory / "copy";
  REQUIRE(store({"restore", snapshot, "drive.img.fidx", copy, "--ns", "b"}).exit_code == 0);
  CHECK(read_text(copy) == read_text(disk));
  CHECK(store({"restore", snapshot, "drive.img.fidx", "--ns", "b"}).out == read_text(disk));
  CHECK(store({"restore", snapshot, "qemu-server.conf.blob", "--ns", "b"}).out ==
        read_text(config));

  // A second backup shares what has not changed, and pruning lets a collection remove the rest.
  const std::string other = store.make_file("other.img", 200'000, 3);
  REQUIRE(store({"backup", "vm/100", "--ns", "b", "--chunk-size", "64K", "drive.img.fidx=" + other,
                 "again.img.fidx=" + disk})
              .exit_code == 0);
  CHECK(store.chunk_files() == 9);
  CHECK(store({"protect", snapshot, "--ns", "b"}).exit_code == 0);
  CHECK(store({"forget", snapshot, "--ns", "b"}).exit_code == 1);
  CHECK(store({"protect", snapshot, "--ns", "b", "--off"}).exit_code == 0);
  CHECK(store({"prune", "vm/100", "--ns", "b", "--keep-last", "1"}).exit_code == 0);
  CHECK_FALSE(contains(store({"ls"}).out, snapshot));
  CHECK(store({"remove-group", "vm/100", "--ns", "b"}).exit_code == 0);
  CHECK(store({"gc", "--no-atime-check"}).exit_code == 0);
  CHECK(store.chunk_files() == 9);  // too young to go
  CHECK(store({"ns", "remove", "b"}).exit_code == 0);
  CHECK(contains(store({"info"}).out, "2 namespaces, 0 groups, 0 snapshots"));
}

TEST_CASE("store tool: bad input ends with code 2 and says what is wrong", "[e2e][store]") {
  Store store;
  const auto says = [&](const std::vector<std::string>& words, std::string_view message) {
    const auto result = store(words);
    INFO(result.err);
    return result.exit_code == 2 && result.out.empty() && contains(result.err, message);
  };
  CHECK(says({"gcc"}, R"(unknown command "gcc", did you mean "gc"?)"));
  CHECK(says({"gc", "--cutof", "1h"}, R"(did you mean "--cutoff"?)"));
  CHECK(says({"move-group", "vm/100"}, "move-group needs --to"));
  CHECK(says({"forget", "vm/100"}, "expected TYPE/ID/TIME"));
  CHECK(says({"gc"}, "is not a datastore"));
  CHECK(says({}, "there is no command"));
  CHECK(test::run_program("unswept-store", {"gc"}).exit_code == 2);
}

TEST_CASE("store tool: help and version need no store", "[e2e][store]") {
  const auto help = test::run_program("unswept-store", {"--help"});
  CHECK(help.exit_code == 0);
  CHECK(contains(help.out, "move-namespace"));
  CHECK(contains(test::run_program("unswept-store", {"help", "ns", "create"}).out, "ns create NS"));
  CHECK(contains(test::run_program("unswept-store", {"--version"}).out, "unswept-store "));
}

}  // namespace
}  // namespace unswept
