#include "engine/cli/tool.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/engine/real_store.h"

namespace unswept::engine {
namespace {

using test::RealStore;

/// A store with little in it, and the tool on it.
struct Fixture : RealStore {
  struct Answer {
    int code;
    std::string out;
    std::string err;
  };

  Answer tool(std::vector<std::string> words) {
    words.insert(words.begin(), {"--store", store.base(), "--lock-dir", directory / "locks",
                                 "--name", store.config().name});
    std::ostringstream out;
    std::ostringstream err;
    const int code = run_tool(words, {out, err}, stop);
    return {code, out.str(), err.str()};
  }

  /// A file to back up in one chunk, for which there is room.
  std::string source(const std::string& content) {
    add_chunk(content);
    std::ofstream(directory / "source", std::ios::binary) << content;
    return directory / "source";
  }

  std::atomic<bool> stop = false;
};

const std::string kSnapshot = "vm/100/2026-01-01T00:00:00Z";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE_METHOD(Fixture, "tool: a backup is listed, described and restored", "[tool]") {
  const auto backup = tool({"backup", "vm/100", "--time", "2026-01-01T00:00:00Z",
                            "drive.img.fidx=" + source("0123456789")});
  INFO(backup.err);
  REQUIRE(backup.code == 0);
  CHECK(backup.out ==
        "root:" + kSnapshot + ": 1 file, 1 chunk uploaded (1 of them there already), 0 reused\n");
  CHECK(tool({"ls"}).out == "root:vm/100/2026-01-01T00:00:00Z                   10 B  1 file\n");
  const auto info = tool({"info", kSnapshot});
  CHECK(contains(info.out, "owner       root@pam\n"));
  CHECK(contains(info.out, "file        drive.img.fidx (10 B)\n"));
  CHECK(tool({"restore", kSnapshot, "drive.img.fidx", directory / "copy"}).code == 0);
  std::ifstream copy(directory / "copy", std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(copy), {}) == "0123456789");
}

TEST_CASE_METHOD(Fixture, "tool: results are one JSON object where that is asked for", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {fixed_index("drive.img.fidx", "0123456789")});
  CHECK(contains(tool({"ls", "--json"}).out, R"("snapshot": ")" + kSnapshot + '"'));
  CHECK(contains(tool({"info", "--json"}).out, R"("snapshots": 1)"));
  CHECK(contains(tool({"info", kSnapshot, "--json"}).out, R"("filename": "drive.img.fidx")"));
  const auto verify = tool({"verify", "--json"});
  CHECK(contains(verify.out, R"("command": "verify")"));
  CHECK(contains(verify.out, R"("chunks-read": 2)"));
  const auto gc = tool({"gc", "--no-atime-check", "--json"});
  CHECK(contains(gc.out, R"("index-file-count": 1)"));
  CHECK(contains(gc.out, R"("upid": "UPID:)"));
  CHECK(gc.out.front() == '{');
  CHECK(gc.out.ends_with("}\n"));
}

TEST_CASE_METHOD(Fixture, "tool: a failed command ends with code 1 and tells why", "[tool]") {
  const auto failed = tool({"forget", kSnapshot});
  CHECK(failed.code == 1);
  CHECK(failed.out.empty());
  CHECK(contains(failed.err, "unswept-store: "));
  const auto json = tool({"restore", kSnapshot, "a.blob", directory / "copy", "--json"});
  CHECK(json.code == 1);
  CHECK(contains(json.out, R"("kind": "not-found")"));
  CHECK(tool({"verify", kSnapshot}).code == 1);
  CHECK(tool({"verify", "--ns", "nowhere"}).code == 1);
  CHECK(tool({"info", kSnapshot}).code == 1);
}

TEST_CASE_METHOD(Fixture, "tool: what is named and not there is said so", "[tool]") {
  const auto says = [&](std::vector<std::string> words, std::string_view message) {
    const auto answer = tool(std::move(words));
    INFO(answer.err);
    return answer.code == 1 && contains(answer.err, message);
  };
  CHECK(says({"ls", "vm/200"}, "there is no group root:vm/200"));
  CHECK(says({"ls", "--ns", "nowhere"}, "namespace nowhere does not exist"));
  CHECK(says({"ls", "--groups", "--ns", "nowhere"}, "namespace nowhere does not exist"));
  CHECK(says({"ns", "remove", "nowhere"}, "namespace nowhere does not exist"));
  CHECK(says({"prune", "vm/200", "--keep-last", "1"}, "there is no group root:vm/200"));
}

TEST_CASE_METHOD(Fixture, "tool: damage found by verify is a failure with the chunk's name",
                 "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {fixed_index("drive.img.fidx", "01234567")});
  const Digest digest = sha256(as_bytes("01234567"));
  write(store.chunks().path(digest), {});
  const auto verify = tool({"verify"});
  CHECK(verify.code == 1);
  CHECK(contains(verify.err, digest.hex()));
  CHECK(contains(tool({"ls"}).out, "verify failed"));
}

TEST_CASE_METHOD(Fixture, "tool: bad input ends with code 2, as JSON too", "[tool]") {
  CHECK(tool({"gcc"}).code == 2);
  const auto json = tool({"gcc", "--json"});
  CHECK(json.code == 2);
  CHECK(contains(json.out, R"("kind": "invalid")"));
  std::ostringstream out;
  std::ostringstream err;
  const std::vector<std::string> words{"--store", directory / "nowhere", "gc"};
  CHECK(run_tool(words, {out, err}, stop) == 2);
  CHECK(contains(err.str(), "is not a datastore"));
}

TEST_CASE_METHOD(Fixture, "tool: quiet keeps lists and drops reports", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {});
  CHECK(tool({"verify", "--quiet"}).out.empty());
  CHECK_FALSE(tool({"ls", "--quiet"}).out.empty());
}

TEST_CASE_METHOD(Fixture, "tool: an interrupt ends a command in good order", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {fixed_index("drive.img.fidx", "01234567")});
  stop = true;
  const auto verify = tool({"verify"});
  CHECK(verify.code == 130);
  CHECK(contains(verify.err, "interrupted"));
  const auto gc = tool({"gc", "--no-atime-check", "--json"});
  CHECK(gc.code == 130);
  CHECK(contains(gc.err, "nothing was removed"));
  CHECK(contains(gc.out, R"("kind": "aborted")"));
  CHECK(tool({"gc", "--dry-run"}).code == 130);
  CHECK(tool({"check"}).code == 130);
  CHECK(tool({"restore", kSnapshot, "drive.img.fidx", directory / "copy"}).code == 130);
  CHECK_FALSE(store.exists(directory / "copy"));
}

TEST_CASE_METHOD(Fixture, "tool: namespaces, groups and archives are listed too", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {fixed_index("drive.img.fidx", "01234567")});
  add_snapshot(test::ns("a"), test::snapshot("ct/7/2026-01-02T00:00:00Z"), {});
  write(store.path(test::ns("a"), GroupId{BackupType::ct, "7"}) + "/owner", as_bytes("me@pam\n"));
  CHECK(tool({"ls", "--namespaces"}).out ==
        "root                             1 group\n"
        "a                                1 group\n");
  const auto groups = tool({"ls", "--groups", "--ns", "a"}).out;
  CHECK(contains(groups, "a:ct/7 "));
  CHECK(contains(groups, "1 snapshot  2026-01-02T00:00:00Z  me@pam\n"));
  CHECK(contains(tool({"ls", "--groups"}).out, "no owner"));
  CHECK(contains(tool({"ls", "--groups", "--json"}).out, R"("newest": "2026-01-02T00:00:00Z")"));
  CHECK(contains(tool({"ls", "--namespaces", "--json"}).out, R"("namespace": "a")"));
  CHECK(contains(tool({"ls", kSnapshot}).out, "drive.img.fidx "));
  CHECK(contains(tool({"ls", kSnapshot, "--json"}).out, R"("filename": "drive.img.fidx")"));
  CHECK(tool({"ls", "vm/100/2026-01-09T00:00:00Z"}).code == 1);
  CHECK(tool({"ls", "vm/100", "--groups"}).code == 2);
  CHECK(tool({"ls", "--namespaces", "--groups"}).code == 2);
}

TEST_CASE_METHOD(Fixture, "tool: every protocol moves a group", "[tool]") {
  for (const std::string_view protocol : protocol_names()) {
    const std::string time = protocol == "none" ? "2026-01-01T00:00:00Z" : "2026-01-02T00:00:00Z";
    add_snapshot({}, test::snapshot("vm/100/" + time), {});
    write(store.path(Namespace(), GroupId{BackupType::vm, "100"}) + "/owner",
          as_bytes("root@pam\n"));
    REQUIRE(tool({"ns", "create", "b"}).code == 0);
    const auto move =
        tool({"move-group", "vm/100", "--to", "b", "--protocol", std::string(protocol)});
    INFO(move.err);
    CHECK(move.code == 0);
  }
  CHECK(tool({"ls", "vm/100", "--ns", "b", "--json"}).out.find("2026-01-02") != std::string::npos);
}

}  // namespace
}  // namespace unswept::engine
