// The command as its users see it: output, files and exit codes.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "tests/catch.h"

namespace unswept {
namespace {

namespace fs = std::filesystem;

const std::string kBinaries = UNSWEPT_BINARY_DIR "/bin/";
const std::string kLibrary = UNSWEPT_SOURCE_DIR "/scenarios/";

struct Ran {
  int code = -1;
  std::string text;  // of both streams
};

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
    ran.text.append(buffer, got);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  INFO(command << "\n" << ran.text);
  CHECK(ran.code != -1);
  return ran;
}

Ran unswept(const std::string& arguments) { return run(kBinaries + "unswept " + arguments); }

bool says(const Ran& ran, std::string_view text) {
  return ran.text.find(text) != std::string::npos;
}

/// A directory of its own for a test, removed afterwards.
class Scratch {
 public:
  Scratch() {
    // A datastore has 65 536 directories: in memory that is quick.
    std::error_code error;
    const fs::path memory = "/dev/shm";
    const fs::path parent = fs::is_directory(memory, error) ? memory : fs::temp_directory_path();
    std::string name = (parent / "unswept-e2e.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return *this / name;
  }

 private:
  fs::path path_;
};

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("unswept check: the flagship loses a chunk without a journal, and not with it", "[e2e]") {
  const Scratch scratch;
  const Ran ran =
      unswept("check " + kLibrary + "race/move-next-to-gc.toml --out " + scratch / "out");
  INFO(ran.text);
  CHECK(ran.code == 0);
  CHECK(says(ran, "FAIL  move-next-to-gc"));
  CHECK(says(ran, "PASS  move-next-to-gc"));
  CHECK(says(ran, "exhaustive"));
  CHECK(says(ran,
             "chunk c1 is referenced by ns/b/vm/100/2026-01-01T00:00:00Z/drive.img.fidx, but "
             "was never marked"));
  CHECK(says(ran, "what made the difference: gc looked at"));
  CHECK(says(ran, "replay:  unswept replay "));
  CHECK(says(ran, "2 checked, all as expected"));
}

TEST_CASE("unswept replay: a counterexample file runs to the same violation, and explains itself",
          "[e2e]") {
  const Scratch scratch;
  const std::string flagship = kLibrary + "race/move-next-to-gc.toml";
  REQUIRE(unswept("check " + flagship + " --protocol none --out " + scratch / "out").code == 0);
  const std::string file = scratch / "out/move-next-to-gc.none.toml";
  REQUIRE(fs::exists(file));
  CHECK(read(file).find("# Breaks no-referenced-chunk-unmarked under protocol none") == 0);
  const Ran first = unswept("replay " + file);
  const Ran second = unswept("replay " + file);
  CHECK(first.code == 0);
  CHECK(first.text == second.text);
  CHECK(says(first, "no-referenced-chunk-unmarked"));
  const Ran explained = unswept("explain " + file);
  CHECK(says(explained, "what made the difference"));
  const auto json = nlohmann::json::parse(unswept("explain --json " + file).text);
  for (const auto& line : json["cases"][0]["counterexample"]["explanation"])
    CHECK(says(explained, line.get<std::string>()));
  CHECK(unswept("check " + file + " --out " + scratch / "out").code == 0);
}

TEST_CASE("unswept check: JSON holds what programs need", "[e2e]") {
  const Scratch scratch;
  const Ran ran = unswept("check " + kLibrary +
                          "race/move-target-visited-first.toml --json --out " + scratch / "out");
  const auto json = nlohmann::json::parse(ran.text);
  REQUIRE(json["cases"].size() == 2);
  for (const auto& one : json["cases"]) {
    CHECK(one["scenario"] == "move-target-visited-first");
    CHECK(one["executions"].get<int>() > 0);
    CHECK(one["steps"].get<int>() > 100);
    CHECK(one["seconds"].is_number());
  }
  CHECK(json["cases"][0]["protocol"] == "none");
  CHECK(json["cases"][0]["verdict"] == "violation");
  CHECK(json["cases"][0]["check"] == "no-referenced-chunk-unmarked");
  CHECK(fs::exists(json["cases"][0]["trace"].get<std::string>()));
  CHECK(json["cases"][1]["verdict"] == "pass");
  CHECK(json["cases"][1]["complete"] == true);
}

TEST_CASE("unswept check: exit codes tell what came out", "[e2e]") {
  const Scratch scratch;
  const std::string out = " --out " + scratch / "out";
  const std::string first = kLibrary + "race/move-target-visited-first.toml";
  CHECK(unswept("check " + first + out).code == 0);
  // The same without an expectation of it: what was to pass does not.
  std::string text = read(first);
  text.replace(text.find("\nnone"), std::string::npos, "\nnone = \"pass\"\n");
  text.replace(text.find("move-target-visited-first"), 25, "own");
  CHECK(unswept("check " + scratch.write("own.toml", text) + out).code == 1);
  CHECK(unswept("check " + scratch / "no-such-file.toml" + out).code == 2);
  CHECK(unswept("check " + first + " --protocol v9" + out).code == 2);
  CHECK(unswept("check --no-such-option" + out).code == 2);
  CHECK(unswept("check " + first + " --protocol v8 --executions 3" + out).code == 3);
  const Ran help = unswept("--help");
  CHECK(help.code == 0);
  CHECK(says(help, "check"));
}

TEST_CASE("unswept check: a mistake in a file is told with its place", "[e2e]") {
  const Scratch scratch;
  const std::string file =
      scratch.write("x.toml",
                    "format = 1\nname = \"x\"\n[[actor]]\nname = \"gc\"\ndo = [\"gc\"]\n[check]\n"
                    "sometimes = [\"move.journal.apended\"]\n");
  const Ran ran = unswept("check " + file);
  CHECK(ran.code == 2);
  CHECK(ran.text == file +
                        ":7:15: unknown point \"move.journal.apended\", did you mean "
                        "\"move.journal.appended\"?\n");
}

TEST_CASE("unswept check: a condition that is never met makes a pass inconclusive", "[e2e]") {
  const Scratch scratch;
  const std::string file =
      scratch.write("x.toml",
                    "format = 1\nname = \"x\"\n[[actor]]\nname = \"gc\"\ndo = [\"gc\"]\n[check]\n"
                    "sometimes = [\"move.renamed\"]\n");
  const Ran ran = unswept("check " + file);
  CHECK(ran.code == 3);
  CHECK(says(ran, "never met: move.renamed"));
}

TEST_CASE("unswept check: JUnit XML is written", "[e2e]") {
  const Scratch scratch;
  const std::string xml = scratch / "junit.xml";
  CHECK(unswept("check " + kLibrary + "canary/drain-first.toml --junit " + xml + " --out " +
                scratch / "out")
            .code == 0);
  CHECK(read(xml).find("<testsuite name=\"unswept\" tests=\"2\" failures=\"0\"") !=
        std::string::npos);
}

TEST_CASE("unswept list: names protocols, promises, points, operations and scenarios", "[e2e]") {
  const Ran ran = unswept("list --in " + kLibrary);
  CHECK(ran.code == 0);
  for (const auto* word : {"v8-no-retry", "no-referenced-chunk-swept", "gc.mark.namespace",
                           "move-group", "race/move-next-to-gc.toml"}) {
    INFO(word);
    CHECK(says(ran, word));
  }
  CHECK(unswept("list pionts").code == 2);
}

TEST_CASE("unswept list: all of it, or one topic, as JSON", "[e2e]") {
  const auto all = nlohmann::json::parse(unswept("list --json --in " + kLibrary + "canary").text);
  for (const auto* topic : {"protocols", "promises", "points", "operations", "scenarios"}) {
    INFO(topic);
    CHECK(all.at(topic).size() > 1);
  }
  const auto& canary = all["scenarios"][0];
  CHECK(canary["name"] == "append-after-rename");
  CHECK(canary["expect"].size() == 2);
  const auto points = nlohmann::json::parse(unswept("list points --json").text);
  CHECK(points.size() == 1);
  CHECK(points["points"] == all["points"]);
}

TEST_CASE("unswept check: a real datastore is checked as it is on the disk", "[e2e]") {
  const Scratch scratch;
  const std::string tool = kBinaries + "unswept-store --store " + scratch / "store" +
                           " --lock-dir " + scratch / "locks" + ' ';
  const std::string image = scratch.write("drive.img", std::string(200'000, 'x') + "end");
  REQUIRE(run(tool + "create").code == 0);
  REQUIRE(run(tool + "ns create a").code == 0);
  REQUIRE(run(tool + "ns create b").code == 0);
  REQUIRE(run(tool + "backup vm/100 --ns a --chunk-size 64K drive.img.fidx=" + image).code == 0);
  const std::string check = "check " + kLibrary + "race/move-next-to-gc.toml --store " +
                            scratch / "store" + " --out " + scratch / "out";
  const Ran ran = unswept(check);
  INFO(ran.text);
  CHECK(ran.code == 0);
  CHECK(says(ran, "PASS  move-next-to-gc"));
  CHECK(says(ran, "FAIL  move-next-to-gc"));
  const Ran replayed = unswept("replay " + scratch / "out/move-next-to-gc.none.toml");
  CHECK(replayed.code == 0);
  CHECK(says(replayed, "no-referenced-chunk-unmarked"));
}

TEST_CASE("unswept check: outputs that cannot be written are found out before the search",
          "[e2e]") {
  const Scratch scratch;
  const std::string file = scratch.write("plain", "");
  const std::string check = "check " + kLibrary + "race/move-next-to-gc.toml";
  const Ran out = unswept(check + " --out " + file + "/out");
  CHECK(out.code == 2);
  CHECK(says(out, "cannot be made"));
  CHECK_FALSE(says(out, "PASS"));
  const Ran junit = unswept(check + " --out " + scratch / "out" + " --junit " + file + "/x.xml");
  CHECK(junit.code == 2);
  CHECK(says(junit, "--junit"));
  CHECK_FALSE(says(junit, "PASS"));
}

TEST_CASE("unswept check: a counterexample that cannot be written is an error", "[e2e]") {
  const Scratch scratch;
  fs::create_directories(scratch / "out/move-next-to-gc.none.toml");
  const Ran ran = unswept("check " + kLibrary + "race/move-next-to-gc.toml --protocol none --out " +
                          scratch / "out");
  CHECK(ran.code == 2);
  CHECK(says(ran, "the counterexample is lost"));
}

TEST_CASE("unswept check: a bound on preemptions is part of what exhaustive means", "[e2e]") {
  const Scratch scratch;
  const std::string check = "check " + kLibrary +
                            "race/move-next-to-gc.toml --protocol v8 --bound preemptions=0 --out " +
                            scratch / "out";
  const Ran ran = unswept(check);
  CHECK(says(ran, "exhaustive within preemptions <= 0"));
  CHECK_FALSE(says(ran, "stopped by"));
  const auto json = nlohmann::json::parse(unswept(check + " --json").text);
  CHECK(json["cases"][0]["complete"] == true);
  CHECK(json["cases"][0]["bounds"]["preemptions"] == 0);
  CHECK(json["cases"][0]["bounds_hit"].empty());
}

TEST_CASE("unswept check: a word behind an option that can be repeated is a path", "[e2e]") {
  const Scratch scratch;
  const std::string rest =
      " --json --out " + scratch / "out" + ' ' + kLibrary + "race/move-next-to-gc.toml";
  const auto bounds_of = [&](const std::string& options) {
    const auto json = nlohmann::json::parse(unswept("check " + options + rest).text);
    REQUIRE(json["cases"].size() == 1);
    CHECK(json["cases"][0]["protocol"] == "v8");
    return json["cases"][0]["bounds"];
  };
  const nlohmann::json both = {{"preemptions", 0}, {"delays", 1}};
  CHECK(bounds_of("--bound preemptions=0 --bound delays=1 --protocol v8") == both);
  CHECK(bounds_of("--protocol v8 --bound preemptions=0,delays=1") == both);
  const auto two =
      nlohmann::json::parse(unswept("check --executions 1 --protocol v8,none" + rest).text);
  CHECK(two["cases"].size() == 2);
}

TEST_CASE("unswept check: walks say what they are good for, and bounds are raised", "[e2e]") {
  Scratch scratch;
  const std::string flagship =
      kLibrary + "race/move-next-to-gc.toml --protocol v8 --out " + scratch / "out";
  const Ran pct = unswept("check --strategy pct --pct-depth 2 --executions 20 " + flagship);
  CHECK(pct.code == 3);
  CHECK(says(pct, "pct, depth 2: 19 runs, no violation; a violation of depth 2 has a chance of"));
  const Ran raised = unswept("check --bound delays=1 --raise delays " + flagship);
  CHECK(raised.code == 0);
  CHECK(says(raised, "delays <= 0: 4 runs, no violation, all within the bound"));
  CHECK(says(raised, "exhaustive within delays <= 1"));
  const Ran misspelt = unswept("check --raise delay " + flagship);
  CHECK(misspelt.code == 2);
  CHECK(says(misspelt, "unknown bound to raise \"delay\", did you mean \"delays\"?"));
  CHECK(says(unswept("check --mode surv " + flagship), "did you mean \"surw\"?"));
}

/// The lines of JSON that a check prints to the standard error; it must run out of executions.
std::vector<nlohmann::json> progress_of(const std::string& arguments, const std::string& errors) {
  const std::string check = kBinaries + "unswept check " + arguments + " --progress json";
  CHECK(run("( " + check + " 2> " + errors + " )").code == 3);
  std::vector<nlohmann::json> lines;
  std::ifstream file(errors);
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST_CASE("unswept check: progress for programs is JSON, line by line", "[e2e]") {
  const Scratch scratch;
  const std::string saved = scratch / "search.json";
  const std::string check =
      kLibrary + "large/two-groups-in-full.toml --protocol v8 --out " + scratch / "out" + ' ';
  std::uint64_t before = 0;
  // With a helper, gone on with, and with states that are remembered: each takes some seconds.
  const std::vector<std::string> ways = {"--jobs 2 --executions 30000 --checkpoint " + saved,
                                         "--jobs 2 --executions 60000 --resume " + saved,
                                         "--jobs 2 --executions 30000 --mode stateful"};
  for (const std::string& how : ways) {
    INFO(how);
    const auto lines = progress_of(check + how, scratch / "progress");
    std::size_t estimates = 0;
    std::uint64_t executions = 0;
    for (const auto& line : lines) {
      INFO(line.dump());
      CHECK(line["scenario"] == "two-groups-in-full");
      CHECK(line["protocol"] == "v8");
      CHECK(line["running"] == 1);
      CHECK(line["steps"].get<std::uint64_t>() >= executions);
      CHECK(line["executions"].get<std::uint64_t>() >= executions);
      executions = line["executions"];
      const bool remembers = how.ends_with("stateful");
      if (executions > 0) CHECK(line.contains("states") == remembers);
      if (!line.contains("total")) continue;
      ++estimates;
      CHECK(line["total"]["low"] <= line["total"]["value"]);
      CHECK(line["total"]["high"] >= line["total"]["value"]);
      CHECK(line["searched"].get<std::uint64_t>() <= executions);
      if (line.contains("seconds_left")) CHECK(line["seconds_left"]["value"].get<double>() >= 0);
    }
    CHECK(estimates > 0);
    if (how.find("resume") != std::string::npos) CHECK(executions > before);
    before = executions;
  }
  const Ran misspelt = unswept("check --progress jsn");
  CHECK(misspelt.code == 2);
  CHECK(says(misspelt, "unknown form of progress \"jsn\", did you mean \"json\"?"));
}

TEST_CASE("unswept estimate: a small scenario is done meanwhile, and known exactly", "[e2e]") {
  const Scratch scratch;
  const std::string file = scratch.write(
      "x.toml",
      "format = 1\nname = \"x\"\n[store]\nnamespaces = [\"a\"]\n[[actor]]\nname = \"one\"\ndo = "
      "[\"ns create b\"]\n[[actor]]\nname = \"two\"\ndo = [\"ns create a/c\"]\n");
  const auto checked = nlohmann::json::parse(
      unswept("check " + file + " --json --out " + scratch / "out").text)["cases"][0];
  const Ran ran = unswept("estimate " + file + " --json --time 60s");
  CHECK(ran.code == 0);
  const auto one = nlohmann::json::parse(ran.text)["estimates"][0];
  CHECK(one["scenario"] == "x");
  CHECK(one["protocol"] == "v8");
  std::vector<std::string> searches;
  for (const auto& search : one["searches"]) {
    searches.push_back(search["search"]);
    CHECK(search["executions"]["exact"] == true);
    CHECK(search["executions"]["low"] == search["executions"]["high"]);
  }
  CHECK(searches ==
        std::vector<std::string>{"exhaustive", "directories reversed", "directories all",
                                 "preemptions <= 0", "preemptions <= 1", "preemptions <= 2",
                                 "preemptions <= 3", "delays <= 0", "delays <= 1", "delays <= 2"});
  CHECK(one["searches"][0]["executions"]["value"] ==
        checked["executions"].get<int>() + checked["blocked"].get<int>());
  CHECK(says(unswept("estimate " + file + " --time 60s"), "exactly"));
}

TEST_CASE("unswept estimate: a large one gets a number and a range, in the time it is given",
          "[e2e]") {
  const std::string large = kLibrary + "large/two-groups-in-full.toml --protocol v8 --time 2s";
  const auto one = nlohmann::json::parse(unswept("estimate --json " + large).text)["estimates"][0];
  const auto& first = one["searches"][0];
  CHECK(first["executions"]["exact"] == false);
  CHECK(first["executions"]["value"].get<double>() >= first["ran"].get<double>());
  CHECK(first["executions"]["low"].get<double>() <= first["executions"]["value"].get<double>());
  CHECK(first["ran"].get<int>() > 0);
  CHECK(first["seconds"]["value"].get<double>() > 0);
  CHECK(says(unswept("estimate " + large), "two-groups-in-full   v8   exhaustive: about "));
  CHECK(unswept("estimate").code == 2);
  CHECK(unswept("estimate " + kLibrary + "no-such-file.toml").code == 2);
}

TEST_CASE("unswept replay: a trace that does not fit its scenario is bad input", "[e2e]") {
  const Scratch scratch;
  const std::string file = scratch.write(
      "x.toml",
      "format = 1\nname = \"x\"\n[[actor]]\nname = \"gc\"\ndo = [\"gc\"]\n"
      "[explore]\nmode = \"pinned\"\n[trace]\nprotocol = \"v8\"\ndecisions = \"7\"\n");
  const Ran ran = unswept("replay " + file);
  INFO(ran.text);
  CHECK(ran.code == 2);
  CHECK(says(ran, "the trace does not fit this scenario at step 1: it lets actor 7 go on"));
  CHECK(says(ran, "was the file edited"));
}

TEST_CASE("unswept: a misspelt command is told with the nearest one", "[e2e]") {
  const Ran ran = unswept("chek");
  CHECK(ran.code == 2);
  CHECK(says(ran, "unknown command \"chek\", did you mean \"check\"?"));
}

TEST_CASE("unswept check: an interrupt ends everything, not one search", "[e2e]") {
  const Scratch scratch;
  const std::string large = kLibrary + "large --protocol v8 --time 60s --out " + scratch / "out ";
  const std::string check = "timeout --preserve-status -s INT 2 " + kBinaries + "unswept check " +
                            kLibrary + "race/move-next-to-gc.toml " + large;
  const Ran ran = run(check + kLibrary + "race/refused-move.toml --jobs 1");
  INFO(ran.text);
  CHECK(ran.code == 3);
  CHECK(says(ran, "interrupted in case 2 of 3"));
  CHECK_FALSE(says(ran, "refused-move"));
  // The case behind the one that is interrupted was checked meanwhile.
  const Ran two = run(check + kLibrary + "race/refused-move.toml --jobs 2");
  INFO(two.text);
  CHECK(two.code == 3);
  CHECK(says(two, "interrupted in case 3 of 3"));
  CHECK(says(two, "PASS  refused-move"));
}

/// What `check` printed as JSON, without how many worked on it and how long that took.
nlohmann::json timeless(const Ran& ran) {
  auto json = nlohmann::json::parse(ran.text);
  json.erase("seconds");
  json["settings"].erase("jobs");
  for (auto& one : json["cases"]) one.erase("seconds");
  return json;
}

TEST_CASE("unswept check: the number of jobs changes nothing but the time", "[e2e]") {
  const Scratch scratch;
  const std::string check = "check " + kLibrary + "race " + kLibrary +
                            "canary --executions 200 --json --out " + scratch / "out --jobs ";
  const Ran one = unswept(check + "1");
  const std::string file = scratch / "out/move-next-to-gc.none.toml";
  const std::string counterexample = read(file);
  CHECK_FALSE(counterexample.empty());
  const auto expected = timeless(one);
  CHECK(expected["cases"].size() > 10);
  for (const auto* jobs : {"2", "7"}) {
    fs::remove(file);
    const Ran several = unswept(check + jobs);
    INFO(jobs << " jobs");
    CHECK(several.code == one.code);
    CHECK(timeless(several) == expected);
    CHECK(read(file) == counterexample);
  }
  CHECK(unswept("check --jobs 0").code == 2);
}

TEST_CASE("unswept check: several workers draw the walks that one draws", "[e2e]") {
  const Scratch scratch;
  const std::string check = "check " + kLibrary + "race/move-next-to-gc.toml " + kLibrary +
                            "race/two-jobs-next-to-a-move.toml --protocol v8,none --seed 5 " +
                            "--executions 4000 --json --out " + scratch / "out --jobs ";
  for (const auto* mode : {"random", "pct"}) {
    INFO(mode);
    const std::string drawn = " --mode " + std::string(mode);
    const Ran one = unswept(check + "1" + drawn);
    const auto expected = timeless(one);
    CHECK(expected["cases"].size() == 4);
    const Ran two = unswept(check + "2" + drawn);
    CHECK(two.code == one.code);
    CHECK(timeless(two) == expected);
  }
}

TEST_CASE("unswept check: determinism is verified where it is asked for", "[e2e]") {
  const Scratch scratch;
  const std::string check = "check " + kLibrary +
                            "race/move-target-visited-first.toml --protocol v8 --out " +
                            scratch / "out ";
  CHECK_FALSE(says(unswept(check), "determinism"));
  const Ran some = unswept(check + "--verify-determinism");
  CHECK(some.code == 0);
  CHECK(says(some, "verify-determinism = 100"));
  CHECK(says(some, "again from the beginning, and were the same each time"));
  const auto json = nlohmann::json::parse(unswept(check + "--json --verify-determinism=1").text);
  const auto& one = json["cases"][0];
  CHECK(one["verdict"] == "pass");
  CHECK(one["verified"].get<int>() == one["executions"].get<int>() + one["blocked"].get<int>());
  const Ran none = unswept(check + "--verify-determinism=0");
  CHECK(none.code == 2);
  CHECK(says(none, "\"0\" is no number of executions"));
}

TEST_CASE("unswept check: the first case that cannot be checked ends it, with any number of jobs",
          "[e2e]") {
  const Scratch scratch;
  for (const auto* jobs : {"1", "3"}) {
    const Ran ran = unswept("check " + kLibrary + "race/move-target-visited-first.toml " +
                            kLibrary + "race/two-hops.toml --store " + scratch / "none" +
                            " --out " + scratch / "out" + " --jobs " + jobs);
    INFO(ran.text);
    CHECK(ran.code == 2);
    CHECK(says(ran, "race/move-target-visited-first.toml: "));
    CHECK_FALSE(says(ran, "two-hops"));
  }
}

}  // namespace
}  // namespace unswept
