// What is flushed to disk, and when: the levels of --sync.
#include "tests/catch.h"
#include "tests/engine/command_store.h"

namespace unswept::test {
namespace {

using engine::SyncLevel;

/// The calls that decide what survives a power loss, in order, without what is around them: "fsync
/// chunk.tmp", "rename chunk", "rename index", "syncfs".
std::vector<std::string> durable_calls(const CommandStore& store) {
  std::vector<std::string> found;
  for (const std::string& call : store.system.calls) {
    const std::string verb = call.substr(0, call.find(' '));
    if (verb != "fsync" && verb != "syncfs" && verb != "rename") continue;
    const bool chunk = call.find(".chunks/") != std::string::npos;
    const bool directory = verb == "fsync" && call.find(".tmp_") == std::string::npos;
    const bool index = call.find(".fidx") != std::string::npos;
    const bool manifest = call.find("index.json.blob") != std::string::npos;
    found.push_back(verb + (verb == "syncfs"     ? ""
                            : chunk && directory ? " chunk directory"
                            : chunk              ? " chunk"
                            : index              ? " index"
                            : manifest           ? " manifest"
                                                 : " other"));
  }
  return found;
}

std::vector<std::string> calls_of_backup(SyncLevel sync) {
  CommandStore store(sync);
  store.must("backup vm/100 --time 2026-01-01T00:00:00Z drive.img.fidx=@c1,c2");
  return durable_calls(store);
}

TEST_CASE("durability: with none, nothing is flushed", "[durability]") {
  CHECK(calls_of_backup(SyncLevel::none) ==
        std::vector<std::string>{"rename chunk", "rename chunk", "rename index", "rename manifest",
                                 "rename manifest"});
}

TEST_CASE(
    "durability: with file, a chunk is on disk before its name, and its name before the index",
    "[durability]") {
  CHECK(calls_of_backup(SyncLevel::file) ==
        std::vector<std::string>{"fsync chunk", "rename chunk", "fsync chunk directory",
                                 "fsync chunk", "rename chunk", "fsync chunk directory",
                                 "rename index", "rename manifest", "rename manifest"});
}

TEST_CASE("durability: with filesystem, everything is on disk before the backup is called done",
          "[durability]") {
  CHECK(calls_of_backup(SyncLevel::filesystem) ==
        std::vector<std::string>{"rename chunk", "rename chunk", "rename index", "rename manifest",
                                 "rename manifest", "syncfs"});
  // The locks are given up, and success is told, behind it.
  CommandStore store(SyncLevel::filesystem);
  store.system.fault = [](const std::string& call) {
    return call.starts_with("syncfs") ? os::Errno::io_error : os::Errno{};
  };
  const auto failed = store.run("backup vm/100 --time 2026-01-01T00:00:00Z drive.img.fidx=@c1,c2");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == engine::ErrorKind::io);
}

TEST_CASE("durability: moves, removals and collections flush nothing at any level",
          "[durability]") {
  for (const SyncLevel sync : {SyncLevel::none, SyncLevel::file, SyncLevel::filesystem}) {
    CommandStore store(sync);
    store.must("ns create a");
    store.must("backup vm/100 --time 2026-01-01T00:00:00Z drive.img.fidx=@c1,c2");
    store.must("backup vm/100 --time 2026-01-02T00:00:00Z drive.img.fidx=@c1,c2");
    store.system.calls.clear();
    store.must("move-group vm/100 --to a");
    store.must("prune vm/100 --ns a --keep-last 1");
    store.must("gc --no-atime-check");
    CHECK(store.system.count_calls("fsync") == 0);
    CHECK(store.system.count_calls("syncfs") == 0);
  }
}

}  // namespace
}  // namespace unswept::test
