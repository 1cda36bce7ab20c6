#include "engine/cli/restore_files.h"

#include <filesystem>
#include <fstream>

#include "tests/engine/real_store.h"

namespace unswept::engine {
namespace {

namespace fs = std::filesystem;
using test::RealStore;

const SnapshotId kSnapshot = test::snapshot("vm/100/2026-01-01T00:00:00Z");

struct Fixture : RealStore {
  Result<RestoreResult> restore_one(const std::string& archive) {
    return restore_files(store, codec, {{}, kSnapshot, archive, directory / "copy", {}},
                         Unnamed::nowhere);
  }
  Result<RestoreResult> restore_all() {
    return restore_files(store, codec, {{}, kSnapshot, {}, {}, directory / "all/of/it"},
                         Unnamed::nowhere);
  }
  std::string text(const std::string& path) { return read_file(system, path).value(); }
  std::size_t files_in(const std::string& path) const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {}));
  }
};

TEST_CASE_METHOD(Fixture, "restore files: all archives go into a directory under their own names",
                 "[restore]") {
  add_snapshot({}, kSnapshot,
               {fixed_index("drive.img.fidx", "0123456789"), blob("vm.conf.blob", "cores: 2"),
                dynamic_index("notes.didx", {"a", "b"}), blob("notes.blob", "other")});
  const auto restored = restore_all();
  REQUIRE(restored);
  CHECK(restored->archives.size() == 4);
  CHECK(restored->bytes() == 10 + 8 + 2 + 5);
  const std::string there = directory / "all/of/it";
  CHECK(text(there + "/drive.img") == "0123456789");
  CHECK(text(there + "/vm.conf") == "cores: 2");
  // Two that would have the same name keep theirs in full.
  CHECK(text(there + "/notes.didx") == "ab");
  CHECK(text(there + "/notes.blob") == "other");
  CHECK(files_in(there) == 4);
}

TEST_CASE_METHOD(Fixture, "restore files: nothing is written if any of it is encrypted",
                 "[restore]") {
  auto secret = fixed_index("secret.img.fidx", "01234567");
  secret.entry.crypt_mode = CryptMode::encrypt;
  add_snapshot({}, kSnapshot, {blob("vm.conf.blob", "cores: 2"), secret});
  for (const auto& refused : {restore_all(), restore_one("secret.img.fidx")}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::refused);
    CHECK(refused.error().message.starts_with("secret.img.fidx is encrypted"));
  }
  CHECK_FALSE(fs::exists(directory / "all"));
  CHECK_FALSE(fs::exists(directory / "copy"));
  CHECK(restore_one("vm.conf.blob"));
}

TEST_CASE_METHOD(Fixture, "restore files: a failed restore leaves the file that was there",
                 "[restore]") {
  add_snapshot({}, kSnapshot, {fixed_index("drive.img.fidx", "0123456789")});
  write(directory / "copy", as_bytes("precious"));
  fs::remove(store.chunks().path(sha256(as_bytes("89"))));
  CHECK_FALSE(restore_one("drive.img.fidx"));
  CHECK(text(directory / "copy") == "precious");
  CHECK_FALSE(fs::exists(directory / "copy.part"));

  add_chunk("89");
  REQUIRE(restore_one("drive.img.fidx"));
  CHECK(text(directory / "copy") == "0123456789");
}

TEST_CASE_METHOD(Fixture, "restore files: a part that is there already is somebody's",
                 "[restore]") {
  add_snapshot({}, kSnapshot, {fixed_index("drive.img.fidx", "0123456789")});
  write(directory / "victim", as_bytes("precious"));
  fs::create_symlink("victim", directory / "copy.part");
  const auto refused = restore_one("drive.img.fidx");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(refused.error().message.find("copy.part is there already") != std::string::npos);
  CHECK(text(directory / "victim") == "precious");
  CHECK(fs::is_symlink(directory / "copy.part"));
  CHECK_FALSE(fs::exists(directory / "copy"));

  fs::remove(directory / "copy.part");
  write(directory / "copy.part", as_bytes("of another restore"));
  CHECK_FALSE(restore_one("drive.img.fidx"));
  CHECK(text(directory / "copy.part") == "of another restore");
  fs::remove(directory / "copy.part");
  CHECK(restore_one("drive.img.fidx"));
}

TEST_CASE_METHOD(Fixture, "restore files: a directory is not written over", "[restore]") {
  add_snapshot({}, kSnapshot, {blob("vm.conf.blob", "cores: 2")});
  fs::create_directory(directory / "copy");
  const auto refused = restore_one("vm.conf.blob");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("--into") != std::string::npos);
}

}  // namespace
}  // namespace unswept::engine
