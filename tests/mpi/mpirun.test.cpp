// Processes that mpirun starts make one check between them.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/mpi/ranks.h"

namespace unswept::test {
namespace {

namespace fs = std::filesystem;

}  // namespace

TEST_CASE("2 and 4 ranks run the executions of one process", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  for (const char* mode : {"exhaustive", "stateful"}) {
    const auto options = check_with({"--out", out, "--mode", mode});
    const auto alone = case_of(run_program("unswept", options));
    for (const int ranks : {2, 4}) {
      const auto together = case_of(run_ranks(ranks, options));
      CHECK(together.at("verdict") == alone.at("verdict"));
      CHECK(together.at("complete") == true);
      if (mode != std::string("exhaustive")) continue;
      CHECK(together.at("executions") == alone.at("executions"));
      CHECK(has_remark(together, "other processes ran"));
    }
  }
}

TEST_CASE("directories in every order, and several checks in one call, with ranks", "[mpi]") {
  const TemporaryDirectory directory;
  const std::vector<std::string> options{"check",   kLibrary + "race/move-next-to-gc.toml",
                                         kScenario, "--json",
                                         "--out",   directory / "out"};
  const auto alone = report_of(run_program("unswept", options));
  const auto together = report_of(run_ranks(2, options));
  REQUIRE(together.at("cases").size() == alone.at("cases").size());
  for (std::size_t i = 0; i < alone.at("cases").size(); ++i)
    for (const char* figure : {"scenario", "protocol", "verdict", "executions"})
      CHECK(together.at("cases").at(i).at(figure) == alone.at("cases").at(i).at(figure));
}

TEST_CASE("a violation is found, written down and replayed with ranks as without", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  const auto found =
      case_of(run_ranks(4, {"check", kScenario, "--protocol", "none", "--json", "--out", out}));
  CHECK(found.at("verdict") == "violation");
  CHECK(found.at("complete") == false);
  const auto again = case_of(run_program("unswept", {"replay", found.at("trace"), "--json"}));
  CHECK(again.at("verdict") == "violation");
}

TEST_CASE("a violation that a rank finds other than the first ends the search of all", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  const std::vector<std::string> options{"check",  kScenario, "--protocol", "none",
                                         "--json", "--out",   out,          "--coordinate"};
  for (const int ranks : {2, 4}) {
    const auto found = case_of(run_ranks(ranks, options));
    CHECK(found.at("verdict") == "violation");
    CHECK(found.at("complete") == false);
    CHECK(has_remark(found, "another process found it"));
    const auto again = case_of(run_program("unswept", {"replay", found.at("trace"), "--json"}));
    CHECK(again.at("verdict") == "violation");
  }
}

TEST_CASE("a rank that coordinates leaves all but the first execution to the others", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  const auto alone = case_of(run_program("unswept", check_with({"--out", out})));
  const auto together = case_of(run_ranks(3, check_with({"--out", out, "--coordinate"})));
  CHECK(together.at("complete") == true);
  CHECK(together.at("executions") == alone.at("executions"));
  CHECK(has_remark(together, "other processes ran 9,008 of 9,009 runs"));
}

TEST_CASE("ranks run every schedule within bounds that one process runs", "[mpi]") {
  const TemporaryDirectory directory;
  const std::vector<std::vector<std::string>> bounds{{"--bound", "preemptions=1"},
                                                     {"--raise", "delays", "--bound", "delays=1"}};
  for (const std::vector<std::string>& bound : bounds) {
    auto options = check_with({"--out", directory / "out"});
    options.insert(options.end(), bound.begin(), bound.end());
    const auto alone = case_of(run_program("unswept", options));
    options.emplace_back("--coordinate");
    const auto together = case_of(run_ranks(2, options));
    for (const char* figure : {"verdict", "complete", "executions", "steps"})
      CHECK(together.at(figure) == alone.at(figure));
    CHECK(has_remark(together, "other processes ran"));
  }
}

TEST_CASE("ranks keep a budget of executions to the last one", "[mpi]") {
  const TemporaryDirectory directory;
  for (const int ranks : {2, 4}) {
    const auto result = case_of(
        run_ranks(ranks, check_with({"--out", directory / "out", "--executions", "6000"})), 3);
    CHECK(number(result, "executions") + number(result, "blocked") == 6000);
    CHECK(result.at("verdict") == "inconclusive");
  }
}

TEST_CASE("ranks write a search down, and any number of them goes on with it", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  const std::string file = directory / "search.json";
  const auto alone = case_of(run_program("unswept", check_with({"--out", out})));
  const std::vector<std::string> budget{"--out",        out,    "--checkpoint-every", "0.1",
                                        "--executions", "5000", "--checkpoint",       file};
  (void)case_of(run_ranks(2, check_with(budget)), 3);
  REQUIRE(fs::exists(file));
  const auto resumed = case_of(run_ranks(4, check_with({"--out", out, "--resume", file})));
  CHECK(resumed.at("executions") == alone.at("executions"));
  CHECK(resumed.at("complete") == true);
  CHECK_FALSE(fs::exists(file));
}

TEST_CASE("what is refused is refused once, and nobody hangs", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string file = directory / "wrong.toml";
  std::ofstream(file) << "format = 1\nname = \"wrong\"\nno-such-key = 1\n";
  const auto refused = [](const ProgramResult& ran, const std::string& why) {
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 2);
    const auto first = ran.err.find(why);
    REQUIRE(first != std::string::npos);
    CHECK(ran.err.find(why, first + 1) == std::string::npos);
  };
  refused(run_ranks(4, {"check", file}), "no-such-key");
  refused(run_ranks(2, {"check", directory / "none.toml"}), "none.toml");
  refused(run_ranks(2, check_with({"--jobs", "2"})), "--jobs:");
  refused(run_ranks(2, check_with({"--shard", "1/2"})), "--shard:");
  refused(run_program("unswept", check_with({"--coordinate"})), "--coordinate:");
  refused(run_ranks(2, {"check", "--no-such-option"}), "--no-such-option");
}

TEST_CASE("what cannot be divided is done by one rank, which says so", "[mpi]") {
  const TemporaryDirectory directory;
  const auto ran = run_ranks(2, check_with({"--out", directory / "out", "--mode", "random"}));
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 3);
  CHECK(ran.err.find("1 of 1 checks cannot be divided") != std::string::npos);
  const auto listed = run_ranks(2, {"list", "protocols"});
  CHECK(listed.out == run_program("unswept", {"list", "protocols"}).out);
}

TEST_CASE("a rank that runs another build does not help", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string other = directory / "unswept";
  fs::copy_file(UNSWEPT_BINARY_DIR "/bin/unswept", other);
  std::ofstream(other, std::ios::app) << "another build";
  // MPI gives the first program's arguments to nobody else: both are named in full.
  std::vector<std::string> arguments = check_with({"--out", directory / "out"});
  const auto alone = case_of(run_program("unswept", arguments));
  arguments.insert(arguments.end(), {":", "-n", "2", other});
  const auto together = case_of(run_program_as(mpirun("-n 1"), "unswept", arguments));
  CHECK(together.at("executions") == alone.at("executions"));
  CHECK(has_remark(together, "process 1 did not help: it runs another build"));
  CHECK(has_remark(together, "process 2 did not help: it runs another build"));
}

}  // namespace unswept::test
