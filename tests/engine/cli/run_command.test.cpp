#include "engine/cli/run_command.h"

#include <filesystem>
#include <string>

#include "engine/cli/file_archives.h"
#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;

Result<CommandReport> run_with_files(CommandStore& store, std::string_view line) {
  const auto command = parse_command(line);
  INFO(line << ": " << (command ? "" : command.error().text()));
  REQUIRE(command);
  FileArchives files(store.system, store.codec);
  CommandContext context{store.codec, files};
  return run_command(store.store(), *command, context);
}

// Not compressible, and no two pieces are alike.
std::string noise(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525 + 1013904223;
    text += static_cast<char>(state >> 24);
  }
  return text;
}

void make_chunk_directories(const CommandStore& store, std::string_view image, std::size_t size) {
  for (std::size_t at = 0; at < image.size(); at += size) {
    const std::string chunk = chunk_path(sha256(as_bytes(image.substr(at, size))));
    std::filesystem::create_directories(store.path(chunk.substr(0, chunk.rfind('/'))));
  }
}

TEST_CASE("run: files go into a snapshot and come back", "[run]") {
  CommandStore store;
  const std::string image = noise(20'000);
  make_chunk_directories(store, image, 4096);
  store.write("image", image);
  const std::string source = store.path("image");
  const auto report = run_with_files(
      store, "backup host/pc --time 2026-01-01T00:00:00Z --chunk-size 4K disk.fidx=" + source +
                 " same.fidx=" + source + " whole.blob=" + source);
  REQUIRE(report);
  const auto& backup = std::get<BackupResult>(*report);
  CHECK(backup.uploads.count == 5);
  CHECK(backup.chunks_reused == 5);
  for (const char* archive : {"disk.fidx", "same.fidx", "whole.blob"}) {
    store.must("restore host/pc/2026-01-01T00:00:00Z " + std::string(archive) + ' ' +
               store.path("copy"));
    CHECK(store.content("copy") == image);
  }
  store.must("verify");
}

TEST_CASE("run: a file that is not there, and chunk names without a scenario", "[run]") {
  CommandStore store;
  const std::string backup = "backup vm/1 --time 2026-01-01T00:00:00Z ";
  const auto missing = run_with_files(store, backup + "a.fidx=/nowhere/to/be/found");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("/nowhere/to/be/found") != std::string::npos);
  CHECK_FALSE(run_with_files(store, backup + "a.fidx=@c1"));
  CHECK_FALSE(store.has("vm/1"));
}

TEST_CASE("run: a backup without a time is made now", "[run]") {
  CommandStore store;
  const std::int64_t before = store.system.now().seconds;
  const auto report = std::get<BackupResult>(store.must("backup vm/1 a.fidx=@c1"));
  CHECK(report.snapshot.time.seconds() >= before);
  CHECK(report.snapshot.time.seconds() <= store.system.now().seconds);
}

TEST_CASE("run: gc takes its options from the command before the context", "[run]") {
  CommandStore store;
  store.must("backup vm/1 --time 2026-01-01T00:00:00Z a.fidx=@c1");
  const auto now = store.system.now().seconds;
  const auto report = std::get<GcResult>(store.must("gc --cutoff 2h --no-atime-check"));
  CHECK(report.min_access_time >= now - 7200);
  CHECK(report.min_access_time <= store.system.now().seconds - 7200);
}

TEST_CASE("run: a group moves, and moves with its namespace", "[run]") {
  CommandStore store;
  store.must("ns create a");
  store.must("ns create b");
  store.must("backup vm/1 --ns a --time 2026-01-01T00:00:00Z a.fidx=@c1");
  store.must("move-group vm/1 --ns a --to b");
  CHECK(store.has("ns/b/vm/1/2026-01-01T00:00:00Z/a.fidx"));
  store.must("move-namespace b --to a");
  CHECK(store.has("ns/a/vm/1/2026-01-01T00:00:00Z/a.fidx"));
  CHECK_FALSE(store.has("ns/b"));
}

TEST_CASE("run: a verify that finds damage is an error that names it", "[run]") {
  CommandStore store;
  store.must("backup vm/1 --time 2026-01-01T00:00:00Z a.fidx=@c1");
  std::filesystem::remove(store.path(chunk_path(test::named_digest("c1"))));
  const auto report = store.run("verify vm/1");
  REQUIRE_FALSE(report);
  CHECK(report.error().kind == ErrorKind::invalid);
  CHECK(report.error().message.find("root:vm/1/2026-01-01T00:00:00Z") != std::string::npos);
}

TEST_CASE("run: a restore without a file only reads", "[run]") {
  CommandStore store;
  store.must("backup vm/1 --time 2026-01-01T00:00:00Z a.fidx=@c1,short");
  CHECK(std::get<RestoreResult>(store.must("restore vm/1/2026-01-01T00:00:00Z a.fidx")).bytes() ==
        96);
  CHECK(store.error_of("restore vm/1/2026-01-01T00:00:00Z b.fidx") == ErrorKind::not_found);
}

}  // namespace
}  // namespace unswept::engine
