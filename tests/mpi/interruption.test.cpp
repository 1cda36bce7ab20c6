// Ctrl-C ends all processes that mpirun started, with a report and a checkpoint.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/mpi/ranks.h"

namespace unswept::test {
namespace {

namespace fs = std::filesystem;

// Takes minutes, if it is left alone.
const std::string kLong = kLibrary + "large/two-groups-in-full.toml";

/// Starts a check with ranks in the background and, once they share the work, runs the shell
/// command `interrupt`, which finds the process id of mpirun in $MPIRUN and that of rank N in the
/// file $DIR/rank.N.  Returns when all have ended; what is left of them is named on the standard
/// error.
ProgramResult run_interrupted(const TemporaryDirectory& directory, int ranks,
                              const std::string& checkpoint, const std::string& interrupt,
                              const std::string& environment = {}) {
  const std::string script = directory / "interrupted.sh";
  std::ofstream(script) << "export DIR=$1 RANKS=" << ranks << "; shift\n"
                        << R"(
timeout -k 5 300 ')" UNSWEPT_MPIEXEC R"(' -n $RANKS \
  sh -c 'echo $$ >$DIR/rank.$OMPI_COMM_WORLD_RANK; exec "$@"' sh "$@" 2>$DIR/progress &
timeout=$!
until grep -q '"executions":[0-9]\{5\}' $DIR/progress || ! kill -0 $timeout; do sleep 0.1; done
MPIRUN=$(ps -o pid= --ppid $timeout | tr -d ' ')
)" << interrupt << R"(
wait $timeout; code=$?
lives() { ps -o stat= -p $1 | grep -q '^[^Z]'; }
for pid in $(cat $DIR/rank.*); do
  tries=300; while lives $pid && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done
  lives $pid && echo rank $pid lives on >&2
done
cat $DIR/progress >&2
exit $code
)";
  return run_program_as(
      kEnvironment + environment + "sh '" + script + "' '" + directory.path() + "' ", "unswept",
      {"check", kLong, "--protocol", "v8", "--json", "--progress", "json", "--out",
       directory / "out", "--checkpoint", checkpoint, "--checkpoint-every", "100000"});
}

/// One process goes on from the checkpoint, to the end of a budget.
void require_goes_on(const TemporaryDirectory& directory, const std::string& checkpoint) {
  REQUIRE(fs::exists(checkpoint));
  const auto on = case_of(
      run_program("unswept", {"check", kLong, "--protocol", "v8", "--json", "--out",
                              directory / "out", "--resume", checkpoint, "--executions", "1"}),
      3);
  // The budget was used up before.
  CHECK(number(on, "executions") > 2'000);
}

/// The last line of progress says how much there is in all, guests' work included.
void require_estimate(const std::string& progress) {
  nlohmann::json last;
  std::istringstream lines(progress);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with('{')) last = nlohmann::json::parse(line);
  INFO(last.dump());
  const auto& total = last.at("total");
  CHECK(number(last, "searched") == number(last, "executions"));
  CHECK(number(last, "searched") >= 10'000);
  CHECK(total.at("low").get<double>() <= total.at("value").get<double>());
  CHECK(total.at("value").get<double>() <= total.at("high").get<double>());
  // What is behind the search is less than the whole.
  CHECK(total.at("value").get<double>() > last.at("searched").get<double>());
}

}  // namespace

TEST_CASE("Ctrl-C at the first rank ends all, with a report and a checkpoint", "[mpi]") {
  for (const int ranks : {2, 4}) {
    const TemporaryDirectory directory;
    const std::string checkpoint = directory / "search.json";
    const auto ran = run_interrupted(directory, ranks, checkpoint, "kill -INT $(cat $DIR/rank.0)");
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 3);
    CHECK(ran.err.find("lives on") == std::string::npos);
    const auto result = nlohmann::json::parse(ran.out).at("cases").at(0);
    CHECK(result.at("verdict") == "inconclusive");
    CHECK(has_remark(result, "other processes ran"));
    require_goes_on(directory, checkpoint);
    require_estimate(read_text(directory / "progress"));
  }
}

TEST_CASE("Ctrl-C at mpirun ends all ranks, and they leave a checkpoint", "[mpi]") {
  const TemporaryDirectory directory;
  const std::string checkpoint = directory / "search.json";
  const auto ran = run_interrupted(directory, 2, checkpoint, "kill -INT $MPIRUN",
                                   // Seconds until it tells them, and then until it kills them.
                                   "OMPI_MCA_odls_base_sigkill_timeout=10 ");
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code != 0);
  CHECK(ran.err.find("lives on") == std::string::npos);
  require_goes_on(directory, checkpoint);
}

}  // namespace unswept::test
