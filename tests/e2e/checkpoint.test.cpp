// A check that is killed again and again, and goes on from its last checkpoint each time,
// ends as if it had never been killed.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "model/explore/mix.h"
#include "tests/catch.h"
#include "tests/e2e/run_program.h"
#include "tests/e2e/running_program.h"

namespace unswept::test {
namespace {

namespace fs = std::filesystem;

const std::string kScenario = UNSWEPT_SOURCE_DIR "/scenarios/race/there-and-back.toml";

std::vector<std::string> check_with(const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"check", kScenario, "--protocol", "v8", "--json"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

nlohmann::json case_of(const ProgramResult& ran) {
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return nlohmann::json::parse(ran.out).at("cases").at(0);
}

/// Starts the check and kills it after so long.  Whether it came to its end before.
bool killed_after(std::chrono::milliseconds time, const std::vector<std::string>& arguments) {
  const std::string program = UNSWEPT_BINARY_DIR "/bin/unswept";
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  std::this_thread::sleep_for(time);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

/// Kills the check at some moments and lets it end then.
nlohmann::json case_of_interrupted(const TemporaryDirectory& directory, const std::string& jobs,
                                   std::uint64_t seed) {
  const std::string file = directory / "search.json";
  const std::string out = directory / "out";
  std::vector<std::string> options{"--jobs", jobs, "--out", out, "--checkpoint-every", "0.05"};
  const auto with = [&](const std::string& option) {
    std::vector<std::string> all = options;
    all.insert(all.end(), {option, file});
    return check_with(all);
  };
  model::Random random(seed);
  int kills = 0;
  for (int round = 0; round < 6; ++round) {
    const bool resumes = fs::exists(file);
    const auto moment = std::chrono::milliseconds(150 + random.below(250));
    if (!killed_after(moment, with(resumes ? "--resume" : "--checkpoint"))) break;
    ++kills;
  }
  CHECK(kills > 0);
  if (!fs::exists(file)) return case_of(run_program("unswept", with("--checkpoint")));
  return case_of(run_program("unswept", with("--resume")));
}

}  // namespace

TEST_CASE("a check that is killed at any moment goes on from its checkpoint", "[e2e]") {
  const TemporaryDirectory directory;
  const auto unbroken =
      case_of(run_program("unswept", check_with({"--jobs", "1", "--out", directory / "out"})));
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const auto alone = case_of_interrupted(directory, "1", seed);
    CHECK(alone.at("verdict") == unbroken.at("verdict"));
    CHECK(alone.at("complete") == true);
    for (const char* figure : {"executions", "blocked", "steps", "races"})
      CHECK(alone.at(figure) == unbroken.at(figure));
    const auto together = case_of_interrupted(directory, "2", seed);
    CHECK(together.at("verdict") == unbroken.at("verdict"));
    CHECK(together.at("executions") == unbroken.at("executions"));
  }
}

TEST_CASE("a checkpoint is gone on with only where it fits", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string file = directory / "search.json";
  const auto begun = run_program("unswept", check_with({"--out", directory / "out", "--executions",
                                                        "100", "--checkpoint", file}));
  CHECK(begun.exit_code == 3);
  REQUIRE(fs::exists(file));
  const auto refused = [&](const std::vector<std::string>& options, const std::string& why) {
    const auto ran = run_program("unswept", check_with(options));
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 2);
    CHECK(ran.err.find(why) != std::string::npos);
    CHECK(fs::exists(file));
  };
  refused({"--resume", file, "--readdir", "all"}, "another scenario, protocol or setting");
  refused({"--resume", file, "--mode", "stateful"}, "another scenario, protocol or setting");
  refused({"--resume", file, "--mode", "random"}, "exhaustive, stateful");
  refused({"--resume", directory / "none.json"}, "there is no such file");
  refused({"--checkpoint", directory / "no/where.json"}, "create it");
  std::ofstream(directory / "damaged.json") << read_text(file).substr(0, 1000);
  refused({"--resume", directory / "damaged.json"}, "damaged");
  const auto ended =
      run_program("unswept", check_with({"--out", directory / "out", "--resume", file}));
  CHECK(ended.exit_code == 0);
  CHECK_FALSE(fs::exists(file));
}

TEST_CASE("shards run the executions of one check between them, each once", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  const auto whole = case_of(run_program("unswept", check_with({"--out", out})));
  std::uint64_t executions = 0;
  std::size_t busy = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const auto part = case_of(run_program("unswept", check_with({"--out", out, "--shard", shard})));
    CHECK(part.at("verdict") == "pass");
    CHECK(part.at("shard") == shard);
    executions += part.at("executions").get<std::uint64_t>();
    busy += part.at("executions").get<std::uint64_t>() > 100 ? 1U : 0U;
  }
  CHECK(executions == whole.at("executions").get<std::uint64_t>());
  CHECK(busy == 3);
}

TEST_CASE("a shard that cannot be is refused", "[e2e]") {
  for (const char* shard : {"0/3", "4/3", "2", "a/b", "1/"}) {
    const auto ran = run_program("unswept", check_with({"--shard", shard}));
    CHECK(ran.exit_code == 2);
    CHECK(ran.err.find("--shard 2/5") != std::string::npos);
  }
  CHECK(run_program("unswept", check_with({"--shard", "1/2", "--mode", "random"})).exit_code == 2);
}

TEST_CASE("whoever is interrupted or told to end writes the checkpoint first", "[e2e]") {
  const std::string scenario = UNSWEPT_SOURCE_DIR "/scenarios/large/two-groups-in-full.toml";
  for (const int number : {SIGINT, SIGTERM}) {
    const TemporaryDirectory directory;
    const std::string file = directory / "search.json";
    RunningProgram search(
        "unswept", {"check", scenario, "--protocol", "v8", "--json", "--out", directory / "out",
                    "--checkpoint", file, "--checkpoint-every", "0"});
    while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    search.signal(number);
    const ProgramResult ended = search.wait();
    INFO(ended.out << ended.err);
    CHECK(ended.exit_code == 3);
    const auto report = nlohmann::json::parse(ended.out);
    CHECK(report.at("cases").at(0).at("verdict") == "inconclusive");
    const auto runs = report.at("cases").at(0).at("executions").get<std::uint64_t>();
    const auto on = run_program(
        "unswept", {"check", scenario, "--protocol", "v8", "--json", "--out", directory / "out",
                    "--resume", file, "--executions", std::to_string(runs)});
    INFO(on.out << on.err);
    CHECK(on.exit_code == 3);
    CHECK(nlohmann::json::parse(on.out).at("cases").at(0).at("executions") == runs);
  }
}

TEST_CASE("schedules within a bound are gone on with, too", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string file = directory / "search.json";
  const std::string out = directory / "out";
  const std::vector<std::string> bound{"--bound", "preemptions=1", "--out", out};
  const auto with = [&](const std::vector<std::string>& options) {
    std::vector<std::string> all = bound;
    all.insert(all.end(), options.begin(), options.end());
    return check_with(all);
  };
  const auto unbroken = case_of(run_program("unswept", with({"--jobs", "1"})));
  const auto half = std::to_string(unbroken.at("executions").get<std::uint64_t>() / 2);
  const auto begun = run_program("unswept", with({"--checkpoint", file, "--executions", half}));
  INFO(begun.out << begun.err);
  CHECK(begun.exit_code == 3);
  const auto ended = case_of(run_program("unswept", with({"--jobs", "2", "--resume", file})));
  for (const char* figure : {"verdict", "complete", "bounds", "executions", "steps"})
    CHECK(ended.at(figure) == unbroken.at(figure));
}

}  // namespace unswept::test
