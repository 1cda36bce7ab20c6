// What a check of a whole store finds, and what it leaves alone.
#include "engine/ops/check.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sys/stat.h>

#include "engine/format/chunk_names.h"
#include "engine/ops/garbage_collection.h"
#include "tests/engine/real_store.h"

namespace unswept::engine {
namespace {

namespace fs = std::filesystem;
using test::RealStore;

const std::string kSnapshot = "vm/100/2026-01-01T00:00:00Z";

/// A store with one sound snapshot of two indexes and a blob.
struct Fixture : RealStore {
  Fixture() {
    add_snapshot({}, test::snapshot(kSnapshot),
                 {fixed_index("drive.img.fidx", "0123456789"),
                  dynamic_index("root.pxar.didx", {"one", "three"}), blob("vm.conf.blob", "text")});
    write_text("vm/100/owner", "root@pam\n");
  }

  std::string path(std::string_view below) const { return store.base() + '/' + std::string(below); }
  std::string in_snapshot(std::string_view name) const {
    return path(kSnapshot) + '/' + std::string(name);
  }
  void write_text(std::string_view below, std::string_view text) {
    fs::create_directories(fs::path(path(below)).parent_path());
    write(path(below), as_bytes(text));
  }
  /// Changes one byte of a file.
  void flip(const std::string& file, std::size_t at) {
    Bytes bytes = read(file);
    bytes.at(at) ^= std::byte{1};
    write(file, bytes);
  }
  Bytes read(const std::string& file) {
    const std::string text = read_file(system, file).value();
    const ByteView bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
  }
  CheckReport check(CheckOptions options = {}) {
    return check_store(store, codec, options).value();
  }

  Digest chunk(std::string_view data) const { return sha256(as_bytes(data)); }
};

/// "error missing-chunk", ... of what was found, but for the subdirectories that a test store
/// lacks.
std::vector<std::string> findings(const CheckReport& report) {
  std::vector<std::string> names;
  for (const Finding& finding : report.findings) {
    if (finding.kind == FindingKind::missing_directory) continue;
    names.push_back(std::string(severity_name(finding.severity)) + ' ' +
                    std::string(finding_name(finding.kind)) + ' ' + finding.path);
  }
  std::ranges::sort(names);
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE_METHOD(Fixture, "check: a sound store has no findings, and everything is counted",
                 "[check]") {
  const CheckReport report = check({.read_chunks = true});
  CHECK(findings(report) == Names{});
  CHECK(report.good());
  CHECK(report.namespaces == 1);
  CHECK(report.groups == 1);
  CHECK(report.snapshots == 1);
  CHECK(report.unfinished == 0);
  CHECK(report.indexes == 2);
  CHECK(report.blobs == 1);
  CHECK(report.references == 4);
  CHECK(report.chunks == 4);
  CHECK(report.chunks_read == 4);
  CHECK(report.orphans == 0);
}

TEST_CASE_METHOD(Fixture, "check: a chunk that is not there is an error of the index", "[check]") {
  fs::remove(store.chunks().path(chunk("one")));
  const CheckReport report = check();
  CHECK(findings(report) == Names{"error missing-chunk " + kSnapshot + "/root.pxar.didx"});
  CHECK(report.missing_chunks == 1);
  CHECK_FALSE(report.good());
}

TEST_CASE_METHOD(Fixture, "check: a chunk that nothing refers to is counted and no error",
                 "[check]") {
  add_chunk("nobody's");
  const CheckReport report = check();
  CHECK(report.good());
  CHECK(report.orphans == 1);
  CHECK(report.chunks == 5);
}

TEST_CASE_METHOD(Fixture, "check: content of a chunk is compared when chunks are read", "[check]") {
  const std::string path = store.chunks().path(chunk("one"));
  Bytes other = codec.encode(as_bytes("eno")).value();
  write(path, other);
  CHECK(check().good());
  CHECK(findings(check({.read_chunks = true})) ==
        Names{"error bad-chunk " + chunk_path(chunk("one"))});

  flip(path, other.size() - 1);  // now the container is damaged too
  CHECK_FALSE(check({.read_chunks = true}).good());
}

TEST_CASE_METHOD(Fixture, "check: an empty chunk file is an error only if it is needed",
                 "[check]") {
  write(store.chunks().path(chunk("one")), {});
  CHECK(findings(check()) == Names{"error bad-chunk " + chunk_path(chunk("one"))});
  fs::remove_all(path("vm"));
  CHECK(findings(check()) == Names{"remark bad-chunk " + chunk_path(chunk("one"))});
}

TEST_CASE_METHOD(Fixture, "check: damage to indexes and blobs is found by their checksums",
                 "[check]") {
  flip(in_snapshot("vm.conf.blob"), 13);
  CHECK(findings(check()) == Names{"error bad-blob " + kSnapshot + "/vm.conf.blob"});
  flip(in_snapshot("vm.conf.blob"), 13);

  const std::string index = in_snapshot("drive.img.fidx");
  const Bytes sound = read(index);
  flip(index, kIndexCsumOffset);  // header only: the table is still the one in the manifest
  CHECK(findings(check()) == Names{"error bad-index " + kSnapshot + "/drive.img.fidx"});
  write(index, ByteView(sound).first(sound.size() - 1));
  CHECK(findings(check()) == Names{"error bad-index " + kSnapshot + "/drive.img.fidx"});
  write(index, sound);
  CHECK(check().good());
}

TEST_CASE_METHOD(Fixture, "check: manifest and directory must agree", "[check]") {
  fs::remove(in_snapshot("vm.conf.blob"));
  write(in_snapshot("extra.conf.blob"), codec.encode(as_bytes("more")).value());
  CHECK(findings(check()) == Names{"error missing-file " + kSnapshot + "/vm.conf.blob",
                                   "remark unlisted-file " + kSnapshot + "/extra.conf.blob"});
  fs::create_directories(path("vm/200"));
  fs::rename(path(kSnapshot), path("vm/200/2026-01-01T00:00:00Z"));
  fs::remove_all(path("vm/100"));
  write_text("vm/200/owner", "root@pam\n");
  CHECK(std::ranges::count(findings(check()),
                           "error bad-manifest vm/200/2026-01-01T00:00:00Z/index.json.blob") == 1);
  write_text("vm/200/2026-01-01T00:00:00Z/index.json.blob", "not a blob");
  CHECK(std::ranges::count(findings(check()),
                           "error bad-manifest vm/200/2026-01-01T00:00:00Z/index.json.blob") == 1);
}

TEST_CASE_METHOD(Fixture, "check: an unfinished snapshot and what it left are remarks", "[check]") {
  fs::remove(in_snapshot(kManifestName));
  fs::remove(store.chunks().path(chunk("one")));
  write_text(kSnapshot + "/x.tmp_fidx", "half");
  write_text(kSnapshot + "/y.blob.tmp_Ab12Cd", "");
  const CheckReport report = check();
  CHECK(findings(report) == Names{"remark missing-chunk " + kSnapshot + "/root.pxar.didx",
                                  "remark temporary-file " + kSnapshot + "/x.tmp_fidx",
                                  "remark temporary-file " + kSnapshot + "/y.blob.tmp_Ab12Cd",
                                  "remark unfinished " + kSnapshot});
  CHECK(report.good());
  CHECK(report.unfinished == 1);
}

TEST_CASE_METHOD(Fixture, "check: a group needs an owner once it has snapshots", "[check]") {
  write_text("vm/100/owner", "nobody\n");
  CHECK(findings(check()) == Names{"error bad-owner vm/100/owner"});
  fs::remove(path("vm/100/owner"));
  CHECK(findings(check()) == Names{"error bad-owner vm/100/owner"});
  fs::remove_all(path(kSnapshot));
  CHECK(findings(check()) == Names{"remark empty-group vm/100"});
}

TEST_CASE_METHOD(Fixture, "check: names that end listings are errors", "[check]") {
  fs::create_directories(path("vm/100/2026-13-01T00:00:00Z"));
  fs::create_directories(path("ns/not valid"));
  CHECK(findings(check()) ==
        Names{"error bad-name ns/not valid", "error bad-name vm/100/2026-13-01T00:00:00Z"});
}

TEST_CASE_METHOD(Fixture, "check: what does not belong is listed, and its indexes are read",
                 "[check]") {
  write_text("attic/deep/broken.fidx", "no index");
  write_text("attic/deep/letter", "dear");
  write_text(".hidden/broken.fidx", "nobody looks here");
  write_text(".chunks/0000/letter", "dear");
  write_text(".chunks/0000/" + std::string(64, 'f'), "in the wrong directory");
  fs::create_symlink("100", path("vm/101"));
  CHECK(findings(check()) == Names{"error bad-index attic/deep/broken.fidx",
                                   "remark stray .chunks/0000/" + std::string(64, 'f'),
                                   "remark stray .chunks/0000/letter", "remark stray .hidden",
                                   "remark stray attic", "remark stray vm/101"});
}

TEST_CASE_METHOD(Fixture, "check: a stray index keeps its chunks from being orphans", "[check]") {
  const auto index = fixed_index("lost.fidx", "garbage?");
  CHECK(check().orphans == 1);
  fs::create_directories(path("attic"));
  write(path("attic/lost.fidx"), index.bytes);
  CHECK(check().orphans == 0);
}

TEST_CASE_METHOD(Fixture, "check: the journal's records are listed, bad ones are errors",
                 "[check]") {
  const std::string journal = store.move_journal_path();
  fs::create_directories(fs::path(journal).parent_path());
  write(journal, as_bytes(in_snapshot("drive.img.fidx") + "\n" + path("gone.fidx") + "\n"));
  CHECK(findings(check()) == Names{"remark pending-move gone.fidx",
                                   "remark pending-move " + kSnapshot + "/drive.img.fidx"});
  CHECK(check().pending_moves == 2);
  write(journal, as_bytes("relative.fidx\n/x/letter\n"));
  CHECK(findings(check()) == Names{"error bad-journal " + journal, "error bad-journal " + journal});
}

TEST_CASE_METHOD(Fixture, "check: a record of a damaged index is an error, as for a collection",
                 "[check]") {
  const std::string journal = store.move_journal_path();
  fs::create_directories(fs::path(journal).parent_path());
  const std::string index = directory / "outside.fidx";
  write(index, as_bytes("no index"));
  write(journal, as_bytes(index + "\n"));
  CHECK(findings(check()) == Names{"error bad-journal " + journal});
  CHECK_FALSE(collect_garbage(store, {.atime_safety_check = false}));
}

TEST_CASE_METHOD(Fixture, "check: what is listed must be a file, or lead to one", "[check]") {
  const std::string blob = in_snapshot("vm.conf.blob");
  const std::string missing = "error missing-file " + kSnapshot + "/vm.conf.blob";
  const std::string stray = "remark stray " + kSnapshot + "/vm.conf.blob";
  const Bytes content = read(blob);
  fs::remove(blob);
  fs::create_directory(blob);
  CHECK(findings(check()) == Names{missing, stray});
  fs::remove(blob);
  REQUIRE(::mkfifo(blob.c_str(), 0600) == 0);
  CHECK(findings(check()) == Names{missing, stray});
  fs::remove(blob);
  fs::create_symlink("nowhere", blob);
  CHECK(findings(check()) == Names{missing, stray});
  write(directory / "elsewhere", content);
  fs::remove(blob);
  fs::create_symlink(directory / "elsewhere", blob);
  CHECK(findings(check()) == Names{stray});

  const std::string index = in_snapshot("drive.img.fidx");
  fs::remove(index);
  fs::create_symlink("nowhere", index);
  CHECK(std::ranges::count(findings(check()),
                           "error missing-file " + kSnapshot + "/drive.img.fidx") == 1);
}

TEST_CASE_METHOD(Fixture, "check: what operations need and cannot use is an error", "[check]") {
  write_text("ns", "no directory");
  CHECK(findings(check()) == Names{"error bad-name ns"});
  CHECK_FALSE(collect_garbage(store, {.atime_safety_check = false}));
  fs::remove(path("ns"));
  fs::remove(path(".lock"));
  fs::create_directory(path(".lock"));
  CHECK(findings(check()) == Names{"error bad-name .lock"});
}

TEST_CASE_METHOD(Fixture, "check: leftovers among locks, and a status nobody understands",
                 "[check]") {
  const std::string locks = directory / "locks/test/";
  fs::create_directories(locks + "a:b/hashed");
  write(locks + "vm-100", {});
  write(locks + "a:b/hashed/x", {});
  write(locks + "a:b/vm-1.tmp_123456", {});
  write(locks + "vm-200", as_bytes("not empty"));
  write_text(".gc-status", "{");
  fs::remove(path(".lock"));
  const CheckReport report = check();
  CHECK(findings(report) == Names{"remark bad-status .gc-status", "remark missing-file .lock",
                                  "remark stray " + locks + "vm-200",
                                  "remark temporary-file " + locks + "a:b/vm-1.tmp_123456"});
  CHECK(report.lock_files == 2);
}

TEST_CASE_METHOD(Fixture, "check: nothing on disk is changed", "[check]") {
  const auto picture = [&] {
    std::set<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(directory.path())) {
      lines.insert(entry.path().string() + ' ' +
                   std::to_string(entry.last_write_time().time_since_epoch().count()));
    }
    return lines;
  };
  fs::remove(path(".lock"));
  const auto before = picture();
  check({.read_chunks = true});
  CHECK(picture() == before);
}

TEST_CASE("check: an interrupt ends it", "[check]") {
  const std::atomic<bool> stop = true;
  os::PosixOptions options;
  options.interrupt = &stop;
  RealStore made(options);
  const auto report = check_store(made.store, made.codec);
  REQUIRE_FALSE(report);
  CHECK(report.error().kind == ErrorKind::aborted);
}

}  // namespace
}  // namespace unswept::engine
