#include "engine/cli/tool.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/stat.h>

#include "engine/cli/invocation.h"
#include "engine/cli/printable.h"
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
  CHECK(contains(json.out, R"("kind": "bad-input")"));
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

TEST_CASE_METHOD(Fixture, "tool: input that makes no sense ends with code 2, whenever it is met",
                 "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {});
  write(store.path(Namespace(), test::snapshot(kSnapshot).group) + "/owner",
        as_bytes("root@pam\n"));
  const std::string time = "2026-02-01T00:00:00Z";
  const std::vector<std::vector<std::string>> lines{
      {"change-owner", "vm/100", "x y"},
      {"backup", "vm/100", "--owner", "nobody", "--time", time, "a.img=" + source("12345678")},
      {"backup", "vm/100", "--time", time, "a.img=/"},
      {"backup", "vm/100", "--time", time, "a.img=/dev/null"},
      {"ns", "create", std::string(33, 'n')},
  };
  for (auto line : lines) {
    INFO(line.front());
    line.push_back("--json");
    const auto refused = tool(line);
    CHECK(refused.code == 2);
    CHECK(contains(refused.out, R"("kind": "bad-input")"));
  }
  CHECK(tool({"restore", kSnapshot, "a.blob", directory / "copy"}).code == 1);
  CHECK(tool({"backup", "vm/100", "--time", time, "a.img=/nowhere/at/all"}).code == 1);
}

TEST_CASE_METHOD(Fixture, "tool: a verify that fails has its whole result in JSON", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {fixed_index("drive.img.fidx", "01234567")});
  add_snapshot({}, test::snapshot("vm/200/2026-01-01T00:00:00Z"), {});
  const Digest digest = sha256(as_bytes("01234567"));
  write(store.chunks().path(digest), {});
  const auto verify = tool({"verify", "--json"});
  CHECK(verify.code == 1);
  const auto json = nlohmann::json::parse(verify.out);
  CHECK(json["command"] == "verify");
  CHECK(json["error"]["kind"] == "invalid");
  CHECK(json["error"]["message"] == "verification failed for 1 snapshot");
  CHECK(json["good"] == false);
  CHECK(json["failed"] == 1);
  REQUIRE(json["snapshots"].size() == 2);
  CHECK(contains(json["snapshots"][0]["problems"].dump(), digest.hex()));
  CHECK(json["snapshots"][1]["problems"].empty());
}

TEST_CASE_METHOD(Fixture, "tool: a move of a namespace tells which groups moved and which stay",
                 "[tool]") {
  const Namespace from = test::ns("a");
  for (const char* name : {"vm/1/2026-01-01T00:00:00Z", "vm/2/2026-01-01T00:00:00Z"}) {
    add_snapshot(from, test::snapshot(name), {});
    write(store.path(from, test::snapshot(name).group) + "/owner", as_bytes("root@pam\n"));
  }
  const auto lock = store.lock_group(from, {BackupType::vm, "2"});
  REQUIRE(lock.has_value());
  const auto move = tool({"move-namespace", "a", "--to", "b", "--json"});
  CHECK(move.code == 1);
  const auto json = nlohmann::json::parse(move.out);
  CHECK(json["error"]["kind"] == "lock-conflict");
  CHECK(json["groups-moved"] == 1);
  REQUIRE(json["moved"].size() == 1);
  CHECK(json["moved"][0]["group"] == "vm/1");
  CHECK(json["moved"][0]["namespace"] == "a");
  REQUIRE(json["left"].size() == 1);
  CHECK(json["left"][0]["group"] == "vm/2");
  CHECK(json["left"][0]["error"]["kind"] == "lock-conflict");
}

TEST_CASE_METHOD(Fixture, "tool: output that cannot be written is a failure", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {});
  std::ofstream full("/dev/full");
  REQUIRE(full.is_open());
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--help"}, {"--version"}, {"ls"}, {"info"}, {"check", "--json"}}) {
    INFO(words.back());
    full.clear();
    std::vector<std::string> line{"--store",           store.base(), "--lock-dir",
                                  directory / "locks", "--name",     store.config().name};
    line.insert(line.end(), words.begin(), words.end());
    std::ostringstream err;
    CHECK(run_tool(line, {full, err}, stop) == 1);
    CHECK(contains(err.str(), "cannot write to the standard output"));
  }
}

TEST_CASE_METHOD(Fixture, "tool: what others have written does not steer the terminal", "[tool]") {
  auto file = blob("vm.conf.blob", "x");
  file.entry.filename = "\x1b[2J.blob";
  add_snapshot({}, test::snapshot(kSnapshot), {blob("vm.conf.blob", "x")});
  add_snapshot({}, test::snapshot("vm/100/2026-01-02T00:00:00Z"), {file});
  std::ofstream(store.base() + "/stray\x1b]0;title\x07\n") << "x";
  REQUIRE(tool({"notes", kSnapshot, "--text", "one\ntwo\x1b[31m"}).code == 0);
  REQUIRE(tool({"notes", "vm/100", "--text", "\x1b[31mred"}).code == 0);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"info", kSnapshot},
                                             {"info", "vm/100"},
                                             {"ls", "--groups"},
                                             {"ls", "vm/100/2026-01-02T00:00:00Z"},
                                             {"info", "vm/100/2026-01-02T00:00:00Z"},
                                             {"check"},
                                             {"verify"},
                                             {"ls", "vm/100", "--ns", "\x1b[31m"}}) {
    const auto answer = tool(words);
    INFO(words.front() << ": " << printable_lines(answer.out + answer.err));
    CHECK_FALSE(contains(answer.out + answer.err, "\x1b"));
    CHECK(contains(answer.out + answer.err, R"(\x1b)"));
  }
  CHECK(contains(tool({"info", kSnapshot}).out, "notes       one\ntwo"));
}

TEST_CASE_METHOD(Fixture, "tool: a group is described with its notes", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {});
  write(store.path(Namespace(), test::snapshot(kSnapshot).group) + "/owner",
        as_bytes("root@pam\n"));
  CHECK_FALSE(contains(tool({"info", "vm/100"}).out, "notes"));
  REQUIRE(tool({"notes", "vm/100", "--text", "the web server\nin Vienna"}).code == 0);
  CHECK(tool({"info", "vm/100"}).out ==
        "group       root:vm/100\n"
        "owner       root@pam\n"
        "snapshots   1\n"
        "newest      2026-01-01T00:00:00Z\n"
        "notes       the web server\nin Vienna\n");
  CHECK(
      contains(tool({"info", "vm/100", "--json"}).out, R"("notes": "the web server\nin Vienna")"));
  CHECK(contains(tool({"ls", "--groups"}).out, "root@pam  the web server\n"));
  CHECK(contains(tool({"ls", "--groups", "--json"}).out, "in Vienna"));
  CHECK(tool({"info", "vm/200"}).code == 1);
}

TEST_CASE_METHOD(Fixture, "tool: archives of a damaged or missing manifest are an error",
                 "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {});
  const std::string manifest =
      store.path({}, test::snapshot(kSnapshot)) + '/' + std::string(kManifestName);
  write(manifest, as_bytes("not a blob"));
  const auto damaged = tool({"ls", kSnapshot});
  CHECK(damaged.code == 1);
  CHECK(contains(damaged.err, std::string(kManifestName)));
  std::filesystem::remove(manifest);
  const auto unfinished = tool({"ls", kSnapshot, "--json"});
  CHECK(unfinished.code == 1);
  CHECK(contains(unfinished.err, "is unfinished"));
  CHECK(contains(unfinished.out, R"("kind": "not-found")"));
}

TEST_CASE_METHOD(Fixture, "tool: a dry run was asked to be shown, also quietly", "[tool]") {
  add_snapshot({}, test::snapshot(kSnapshot), {});
  CHECK(contains(tool({"prune", "--keep-last", "1", "--dry-run", "--quiet"}).out, "keep-last"));
  CHECK(contains(tool({"gc", "--no-atime-check", "--dry-run", "--quiet"}).out, "would keep"));
  CHECK(tool({"prune", "--keep-last", "1", "--quiet"}).out.empty());
  CHECK(tool({"gc", "--no-atime-check", "--quiet"}).out.empty());
}

TEST_CASE_METHOD(Fixture, "tool: chunks that are merely young do not make up a running backup",
                 "[tool]") {
  add_chunk("nobody's");
  const std::string path = store.chunks().path(sha256(as_bytes("nobody's")));
  // Used an hour ago: before the collection starts, and after its cutoff.
  const timespec times[2] = {{system.now().seconds - 3600, 0}, {0, UTIME_OMIT}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  const auto gc = tool({"gc", "--no-atime-check"});
  CHECK(contains(gc.out, "pending 1 chunk ("));
  CHECK(contains(gc.out, "): not referred to, and too young to go\n"));
  CHECK_FALSE(contains(gc.out, "backup"));
}

TEST_CASE_METHOD(Fixture, "tool: help and version are JSON where that is asked for", "[tool]") {
  const auto version = nlohmann::json::parse(tool({"--version", "--json"}).out);
  CHECK(tool({"--version"}).out == "unswept-store " + version["version"].get<std::string>() + '\n');
  const auto all = nlohmann::json::parse(tool({"--help", "--json"}).out);
  CHECK(all["commands"].size() == all_commands().size() + tool_commands().size());
  CHECK(all["options"].size() == global_options().size());
  const auto ns = nlohmann::json::parse(tool({"help", "ns", "--json"}).out);
  REQUIRE(ns["commands"].size() == 2);
  CHECK(ns["commands"][0]["name"] == "ns create");
  CHECK(ns["commands"][0]["examples"].size() > 0);
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
    CHECK(contains(move.err, "warning: by --protocol none") == (protocol == "none"));
  }
  CHECK(tool({"ls", "vm/100", "--ns", "b", "--json"}).out.find("2026-01-02") != std::string::npos);
}

}  // namespace
}  // namespace unswept::engine
