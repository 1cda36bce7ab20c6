#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <thread>

#include "engine/protocol/protocol.h"
#include "reports/console.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "scenarios/check/check.h"
#include "scenarios/cli/case_runner.h"
#include "scenarios/cli/commands.h"
#include "scenarios/cli/exit_codes.h"
#include "scenarios/cli/files.h"
#include "scenarios/cli/progress.h"
#include "scenarios/parse/words.h"

namespace unswept::scenarios {
namespace {

/// Tables of expected violations are shown for a handful of cases, not for a library.
constexpr std::size_t kTablesShown = 3;

/// Cores that this process may use.  Of several processes each has one: there are as many as are
/// wanted.
std::uint32_t jobs_of(const CommandLine& line, const Terminal& terminal) {
  if (terminal.guests != nullptr) return 1;
  return line.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
}

std::string bound_text(const auto& bound) { return bound ? std::to_string(*bound) : "none"; }

std::vector<reports::Setting> settings_of(const CommandLine& line, const Terminal& terminal) {
  std::vector<reports::Setting> settings;
  const std::string own = "as each scenario says";
  std::string protocols;
  for (const std::string& name : line.protocols) protocols += (protocols.empty() ? "" : " ") + name;
  settings.emplace_back("protocol", protocols.empty() ? own : protocols);
  settings.emplace_back("mode", line.mode ? std::string(to_string(*line.mode)) : own);
  settings.emplace_back("readdir", line.readdir ? std::string(to_string(*line.readdir)) : own);
  const auto add = [&](const std::string& name, const auto& bound) {
    if (bound) settings.emplace_back(name, bound_text(bound));
  };
  add("timeouts", line.bounds.timeouts);
  add("preemptions", line.bounds.preemptions);
  add("delays", line.bounds.delays);
  add("steps", line.bounds.steps);
  add("executions", line.bounds.executions);
  if (line.bounds.time)
    settings.emplace_back("time", std::to_string(line.bounds.time->count()) + "s");
  if (line.raised)
    settings.emplace_back("raise",
                          *line.raised == model::Raised::delays ? "delays" : "preemptions");
  add("seed", line.seed);
  add("pct-depth", line.pct_depth);
  if (line.no_symmetry) settings.emplace_back("symmetry", "no");
  add("verify-determinism", line.verify_every);
  if (!line.store.empty()) settings.emplace_back("store", line.store);
  if (line.shard.count > 1)
    settings.emplace_back(
        "shard", std::to_string(line.shard.number) + '/' + std::to_string(line.shard.count));
  if (terminal.guests != nullptr)
    settings.emplace_back("processes", std::to_string(terminal.guests->size()));
  else
    settings.emplace_back("jobs", std::to_string(jobs_of(line, terminal)));
  settings.emplace_back("out", line.out);
  return settings;
}

int exit_code(const reports::Report& report) {
  int code = kAsExpected;
  for (const reports::CaseResult& result : report.cases) {
    if (result.verdict == model::Verdict::nondeterministic) return kNondeterministic;
    if (result.as_expected) continue;
    if (result.verdict != model::Verdict::inconclusive)
      code = kNotAsExpected;
    else if (code == kAsExpected)
      code = kInconclusive;
  }
  return code;
}

class CheckCommand {
 public:
  CheckCommand(const CommandLine& line, const Terminal& terminal)
      : line_(line), terminal_(terminal), cores_(jobs_of(line, terminal)) {
    style_.colours = terminal.colours;
    style_.statistics = line.statistics;
    style_.all_steps = line.all_steps;
  }

  int run() {
    auto loaded = load_scenarios(line_.paths);
    if (!loaded) {
      terminal_.err << to_string(loaded.error());
      return kBadInput;
    }
    if (!prepare_outputs()) return kBadInput;
    for (LoadedScenario& one : *loaded) one.scenario = overridden(std::move(one.scenario), line_);
    std::vector<Case> cases;
    for (const LoadedScenario& one : *loaded)
      for (std::string& protocol : protocols_for(one.scenario, line_))
        cases.push_back({&one, std::move(protocol)});
    if (!checkpoints_fit(cases) || !shard_fits(cases) || !processes_fit(cases)) return kBadInput;
    explain_jobs(cases);
    report_.settings = settings_of(line_, terminal_);
    if (!line_.json) terminal_.out << reports::render_settings(report_.settings) << '\n';
    const double start = terminal_.clock();
    report_.planned = cases.size();
    if (!check_all(cases)) return kBadInput;
    note_interruption();
    report_.seconds = terminal_.clock() - start;
    return finish();
  }

 private:
  /// Finds out now what would spoil the results after a long search.
  bool prepare_outputs() {
    if (auto wrong = make_writable_folder(line_.out); !wrong.empty()) {
      terminal_.err << "--out " << wrong << '\n';
      return false;
    }
    if (line_.junit.empty()) return true;
    junit_.open(line_.junit);
    if (junit_) return true;
    terminal_.err << "--junit " << line_.junit << ": cannot be written\n";
    return false;
  }

  std::string checkpoint_file() const {
    return line_.checkpoint.empty() ? line_.resume : line_.checkpoint;
  }

  static bool is_unbounded(const ExploreSpec& explore) {
    return !explore.bounds.preemptions && !explore.bounds.delays &&
           explore.raised == model::Raised::none;
  }

  bool shard_fits(const std::vector<Case>& cases) const {
    if (line_.shard.count == 1) return true;
    if (!checkpoint_file().empty()) {
      terminal_.err
          << "--shard: there are no checkpoints of shards; leave one of the options out\n";
      return false;
    }
    for (const Case& one : cases) {
      const Scenario& scenario = one.loaded->scenario;
      if (scenario.explore.mode == SearchMode::exhaustive && is_unbounded(scenario.explore) &&
          !scenario.trace)
        continue;
      terminal_.err << one.loaded->file
                    << ": --shard is for searches in mode exhaustive without bounds on preemptions "
                       "or delays; leave it out, or add --mode exhaustive\n";
      return false;
    }
    return true;
  }

  /// Bounds on the schedule make a naive search of it.
  static bool is_optimal(const Scenario& scenario) {
    return scenario.explore.mode == SearchMode::optimal && is_unbounded(scenario.explore) &&
           !scenario.trace;
  }

  /// Whether several can search it together.
  static bool can_be_shared(const Scenario& scenario) {
    const SearchMode mode = scenario.explore.mode;
    const bool exhaustive = mode == SearchMode::exhaustive || mode == SearchMode::stateful ||
                            mode == SearchMode::optimal || mode == SearchMode::naive ||
                            mode == SearchMode::automatic;
    return exhaustive && !is_optimal(scenario) && !scenario.trace;
  }

  /// Says so where cores that the user asks for can be of no use.
  void explain_jobs(const std::vector<Case>& cases) const {
    if (terminal_.guests != nullptr || line_.jobs.value_or(1) < 2) return;
    const auto alone = std::ranges::count_if(
        cases, [](const Case& one) { return is_optimal(one.loaded->scenario); });
    if (alone > 0)
      terminal_.err << "--jobs: " << alone << " of " << cases.size()
                    << " checks are in mode optimal, which uses one core each; mode exhaustive "
                       "covers the same with all of them\n";
  }

  bool processes_fit(const std::vector<Case>& cases) const {
    if (terminal_.guests == nullptr) {
      if (!line_.coordinate) return true;
      terminal_.err << "--coordinate: is for processes that mpirun starts; leave it out\n";
      return false;
    }
    if (line_.jobs && *line_.jobs > 1) {
      terminal_.err
          << "--jobs: each process that mpirun starts uses one core; leave the option out "
             "and start more of them\n";
      return false;
    }
    if (line_.shard.count > 1) {
      terminal_.err << "--shard: processes that mpirun starts divide the work by themselves; leave "
                       "one of them out, or set UNSWEPT_MPI=0 if each process has a shard of its "
                       "own\n";
      return false;
    }
    const auto alone = std::ranges::count_if(
        cases, [](const Case& one) { return !can_be_shared(one.loaded->scenario); });
    if (alone > 0)
      terminal_.err << alone << " of " << cases.size()
                    << " checks cannot be divided and are made by one process: only searches in "
                       "mode exhaustive, stateful, naive or auto, or with bounds on preemptions or "
                       "delays, can\n";
    return true;
  }

  bool checkpoints_fit(const std::vector<Case>& cases) const {
    const std::string file = checkpoint_file();
    if (file.empty()) return true;
    const std::string option = line_.checkpoint.empty() ? "--resume " : "--checkpoint ";
    if (cases.size() != 1) {
      terminal_.err << option << "is for a single check, and these are " << cases.size()
                    << "; name one scenario, and one --protocol\n";
      return false;
    }
    const ExploreSpec& explore = cases.front().loaded->scenario.explore;
    const bool several =
        explore.mode == SearchMode::automatic || explore.raised != model::Raised::none;
    if (several || !can_be_shared(cases.front().loaded->scenario)) {
      terminal_.err << option
                    << "is for a single search in mode exhaustive, stateful or naive, without "
                       "--raise; leave it out, or change the mode\n";
      return false;
    }
    std::error_code error;
    const auto folder = std::filesystem::path(file).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
      terminal_.err << option << file << ": there is no folder " << folder.string()
                    << "; create it\n";
      return false;
    }
    return true;
  }

  /// Whether a case, or one that would follow, fell to the user's wish to stop.
  void note_interruption() {
    if (!terminal_.interrupted || !terminal_.interrupted()) return;
    const auto stopped = [](const reports::CaseResult& result) {
      return std::ranges::find(result.bounds_hit, model::bound::interrupted) !=
             result.bounds_hit.end();
    };
    report_.interrupted =
        report_.cases.size() < report_.planned || std::ranges::any_of(report_.cases, stopped);
  }

  /// False at the first case that cannot be checked: those behind it do not count.
  bool check_all(const std::vector<Case>& cases) {
    ProgressLine line(terminal_, line_.progress);
    CaseRunner runner(cases, {.jobs = jobs_of(line_, terminal_),
                              .cores = &cores_,
                              .clock = terminal_.clock,
                              .asked_to_stop = terminal_.interrupted,
                              .check = [this](const Case& one, const CaseProgress& progress) {
                                return check_one(one, progress);
                              }});
    while (auto outcome = runner.next([&] { line.show(runner.running()); })) {
      line.clear();
      const std::string& file = cases[report_.cases.size()].loaded->file;
      if (!*outcome) {
        terminal_.err << file << ": " << outcome->error() << '\n';
        return false;
      }
      keep(**std::move(outcome), file, cases.size() <= kTablesShown);
    }
    return true;
  }

  /// On any thread.
  CaseOutcome check_one(const Case& one, const CaseProgress& progress) {
    const Scenario& scenario = one.loaded->scenario;
    CheckOptions options;
    options.out_directory = line_.out;
    options.clock = terminal_.clock;
    options.precision = line_.statistics;
    options.verify_every = line_.verify_every;
    options.progress = progress;
    options.cores = &cores_;
    options.link = terminal_.guests;
    options.only_deal_out = line_.coordinate;
    options.shard = line_.shard;
    options.checkpoint_file = checkpoint_file();
    options.checkpoint_every = line_.checkpoint_every;
    options.resume_file = line_.resume;
    return scenario.trace ? replay(scenario, options) : check(scenario, one.protocol, options);
  }

  void keep(reports::CaseResult result, const std::string& file, bool show_table) {
    result.file = file;
    if (!line_.json) print(result, show_table);
    if (!result.not_written.empty()) {
      terminal_.err << "the counterexample is lost: " << result.not_written << '\n';
      lost_output_ = true;
    }
    report_.cases.push_back(std::move(result));
  }

  void print(const reports::CaseResult& result, bool show_table) {
    terminal_.out << reports::render_verdict(result, style_);
    if (result.counterexample && (show_table || !result.as_expected))
      terminal_.out << reports::render_counterexample(result, style_) << '\n';
    terminal_.out << std::flush;
  }

  int finish() {
    if (line_.json)
      terminal_.out << reports::render_json(report_);
    else
      terminal_.out << '\n' << reports::render_summary(report_, style_);
    if (!line_.junit.empty()) {
      junit_ << reports::render_junit(report_);
      junit_.close();
      if (!junit_) {
        terminal_.err << "--junit " << line_.junit << ": cannot be written\n";
        lost_output_ = true;
      }
    }
    if (lost_output_) return kBadInput;
    return report_.interrupted ? kInconclusive : exit_code(report_);
  }

  const CommandLine& line_;
  const Terminal& terminal_;
  Cores cores_;
  reports::ConsoleStyle style_;
  reports::Report report_;
  std::ofstream junit_;
  bool lost_output_ = false;
};

}  // namespace

int run_check(const CommandLine& line, const Terminal& terminal) {
  return CheckCommand(line, terminal).run();
}

}  // namespace unswept::scenarios
