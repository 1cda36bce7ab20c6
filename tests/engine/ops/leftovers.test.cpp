// What somebody who was killed leaves behind, and that the next one copes with it.
#include "tests/catch.h"
#include "tests/engine/command_store.h"

namespace unswept::test {
namespace {

const std::string kBackup = "backup vm/1 --time 2026-01-02T00:00:00Z drive.img.fidx=@c1";

TEST_CASE("leftovers: a group whose maker came to no owner is completed", "[leftovers]") {
  for (const bool owner_created : {false, true}) {
    CommandStore store;
    std::filesystem::create_directories(store.path("vm/1"));
    if (owner_created) store.write("vm/1/owner", "");
    store.must(kBackup);
    CHECK(store.content("vm/1/owner") == "root@pam\n");
  }
}

TEST_CASE("leftovers: a group that holds something, and has no owner, stays an error",
          "[leftovers]") {
  CommandStore store;
  std::filesystem::create_directories(store.path("vm/1/2026-01-01T00:00:00Z"));
  CHECK(store.error_of(kBackup) == engine::ErrorKind::not_found);
  CHECK_FALSE(store.has("vm/1/owner"));
  // A name that cannot be read is not nobody's.
  CommandStore other;
  std::filesystem::create_directories(other.path("vm/1"));
  other.write("vm/1/owner", "not an owner\n");
  CHECK(other.error_of(kBackup) == engine::ErrorKind::invalid);
  CHECK(other.content("vm/1/owner") == "not an owner\n");
}

TEST_CASE("leftovers: a removal takes the manifest first", "[leftovers]") {
  CommandStore store;
  store.must(kBackup);
  store.system.calls.clear();
  store.must("forget vm/1/2026-01-02T00:00:00Z");
  const auto unlinks = store.system.calls_with("unlink store/vm/1/2026");
  REQUIRE(unlinks.size() == 2);
  CHECK(unlinks[0] == "unlink store/vm/1/2026-01-02T00:00:00Z/index.json.blob");
  CHECK(unlinks[1] == "unlink store/vm/1/2026-01-02T00:00:00Z/drive.img.fidx");
}

TEST_CASE("leftovers: a snapshot that could not be locked leaves no directory", "[leftovers]") {
  CommandStore store;
  store.system.fault = [](const std::string& call) {
    return call.starts_with("lock ") && call.find("2026") != std::string::npos
               ? os::Errno::no_space_on_device
               : os::Errno{};
  };
  CHECK(store.error_of(kBackup) == engine::ErrorKind::io);
  store.system.fault = nullptr;
  store.must(kBackup);
}

}  // namespace
}  // namespace unswept::test
