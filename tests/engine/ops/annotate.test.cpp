#include "engine/ops/annotate.h"

#include <filesystem>
#include <string>

#include "engine/store/manifest_file.h"
#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;

constexpr std::string_view kSnapshot = "vm/1/2026-01-01T00:00:00Z";
const std::string kBackup = "backup vm/1 --time 2026-01-01T00:00:00Z a.fidx=@c1";

TEST_CASE("protect: a file that comes and goes", "[annotate]") {
  CommandStore store;
  store.must(kBackup);
  store.must("protect " + std::string(kSnapshot));
  store.must("protect " + std::string(kSnapshot));
  CHECK(store.has(std::string(kSnapshot) + "/.protected"));
  CHECK(store.content(std::string(kSnapshot) + "/.protected").empty());
  store.must("protect " + std::string(kSnapshot) + " --off");
  store.must("protect " + std::string(kSnapshot) + " --off");
  CHECK_FALSE(store.has(std::string(kSnapshot) + "/.protected"));
}

TEST_CASE("protect: the snapshot must exist and be free", "[annotate]") {
  CommandStore store;
  CHECK(store.error_of("protect " + std::string(kSnapshot)) == ErrorKind::not_found);
  store.must(kBackup);
  const auto lock =
      store.store().lock_snapshot({}, *SnapshotId::parse(kSnapshot), os::LockKind::shared);
  REQUIRE(lock);
  CHECK(store.error_of("protect " + std::string(kSnapshot)) == ErrorKind::lock_conflict);
}

TEST_CASE("notes: of a group in a file, of a snapshot in its manifest", "[annotate]") {
  CommandStore store;
  store.must(kBackup);
  store.must("notes vm/1 --text 'about the group'");
  CHECK(store.content("vm/1/notes") == "about the group");
  store.must("notes " + std::string(kSnapshot) + " --text 'about the snapshot'");
  const auto manifest =
      load_manifest(store.store(), store.codec, {}, *SnapshotId::parse(kSnapshot));
  REQUIRE(manifest);
  CHECK(manifest->notes() == "about the snapshot");
  CHECK(manifest->files.size() == 1);
  CHECK(manifest->upload_statistics()->count == 1);
  store.must("verify");
}

TEST_CASE("notes: a locked group and a missing manifest are errors", "[annotate]") {
  CommandStore store;
  store.must(kBackup);
  const auto lock = store.store().lock_group({}, *GroupId::parse("vm/1"));
  REQUIRE(lock);
  CHECK(store.error_of("notes vm/1 --text x") == ErrorKind::lock_conflict);
  std::filesystem::remove(store.path(std::string(kSnapshot) + "/index.json.blob"));
  CHECK(store.error_of("notes " + std::string(kSnapshot) + " --text x") == ErrorKind::not_found);
}

TEST_CASE("manifest update: a damaged manifest is an error and stays as it is", "[annotate]") {
  CommandStore store;
  store.must(kBackup);
  const std::string manifest = std::string(kSnapshot) + "/index.json.blob";
  store.write(manifest, "not a blob at all");
  CHECK(store.error_of("notes " + std::string(kSnapshot) + " --text x") == ErrorKind::invalid);
  CHECK(store.content(manifest) == "not a blob at all");
}

TEST_CASE("owner: replaced as a whole, under the group's lock", "[annotate]") {
  CommandStore store;
  store.must(kBackup);
  store.must("change-owner vm/1 me@pbs!token");
  CHECK(store.content("vm/1/owner") == "me@pbs!token\n");
  CHECK(store.error_of("change-owner vm/1 nobody") == ErrorKind::bad_input);
  CHECK(store.error_of("change-owner vm/2 me@pbs") == ErrorKind::not_found);
  const auto lock = store.store().lock_group({}, *GroupId::parse("vm/1"));
  REQUIRE(lock);
  CHECK(store.error_of("change-owner vm/1 me@pbs") == ErrorKind::lock_conflict);
  CHECK(store.content("vm/1/owner") == "me@pbs!token\n");
}

TEST_CASE("owner: the user of an owning token may back up", "[annotate]") {
  CommandStore store;
  store.must(kBackup);
  store.must("change-owner vm/1 me@pbs!token");
  store.must("backup vm/1 --owner me@pbs --time 2026-01-02T00:00:00Z a.fidx=@c1");
  CHECK(store.error_of("backup vm/1 --owner me@pbs!other --time 2026-01-03T00:00:00Z a.fidx=@c1") ==
        ErrorKind::refused);
}

}  // namespace
}  // namespace unswept::engine
