#include "scenarios/cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>

#include "engine/cli/values.h"
#include "scenarios/check/check.h"
#include "scenarios/cli/exit_codes.h"
#include "scenarios/parse/suggest.h"
#include "scenarios/variants/protocols.h"

namespace unswept::scenarios {
namespace {

/// The options as they are typed, before they mean anything.
struct Typed {
  std::string mode;
  std::string readdir;
  std::vector<std::string> bounds;
  std::string raise;
  std::string time;
  std::optional<std::uint64_t> executions;
  std::string verify_every;
  std::string shard;
  std::string progress;
};

/// An option that may be given several times, or once with commas; the word behind it is no value.
void add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
              const std::string& about) {
  app.add_option(name, values, about)->allow_extra_args(false)->delimiter(',');
}

/// What a search is to cover.
void add_space_options(CLI::App& app, CommandLine& line, Typed& typed) {
  add_list(app, "--protocol", line.protocols,
           "Check under this protocol; \"all\" for every protocol the scenario names");
  app.add_option(
      "--mode,--strategy", typed.mode,
      "exhaustive, optimal (exhaustive, and no run in vain), stateful (exhaustive, and no "
      "state twice), naive, auto (samples for a "
      "moment, then exhaustive), or walks: random, pct, pos, surw");
  app.add_option("--readdir", typed.readdir,
                 "The order in which directories show their names: sorted, reversed or all");
  add_list(app, "--bound", typed.bounds,
           "KEY=N: a bound of the search: timeouts, preemptions, delays, steps, executions, time");
  app.add_option("--memory", line.memory,
                 "What stateful may use to remember states: 500M, 8G (default: 1G)")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false));
  app.add_option("--seed", line.seed, "Of walks");
  app.add_flag("--no-symmetry", line.no_symmetry,
               "Tell actors that do the same apart: explore executions that differ in nothing but "
               "which of them is which");
  app.add_option("--store", line.store, "Start from this real datastore");
  app.add_option("--lock-dir", line.lock_dir,
                 "The lock directory of that store, if its lock files matter");
}

void add_search_options(CLI::App& app, CommandLine& line, Typed& typed) {
  add_space_options(app, line, typed);
  app.add_option("--raise", typed.raise,
                 "preemptions or delays: explore with this bound at 0, 1, 2, ..., until it cuts "
                 "nothing off");
  app.add_option("--time", typed.time, "Stop a search after so long: 90s, 10m");
  app.add_option("--executions", typed.executions, "Stop a search after so many runs");
  app.add_option("--pct-depth", line.pct_depth,
                 "Ordering constraints that a violation may need to be found by pct (default: 3)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--verify-determinism{100}", typed.verify_every,
               "[=N]: run the first and every N-th execution (default: 100) twice more from the "
               "beginning and compare, step by step");
  app.add_option(
         "--jobs", line.jobs,
         "Cores to use (default: all).  Several checks share them; what they leave over helps "
         "a check that takes long, in every mode but optimal.  For several machines: "
         "mpirun -n N unswept check ...")
      ->check(CLI::PositiveNumber);
  app.add_flag("--coordinate", line.coordinate,
               "With mpirun: the first process explores next to nothing itself, and only deals out "
               "the work to the others, who come at once");
  app.add_option(
      "--shard", typed.shard,
      "K/N: cover part K of N of each space (mode exhaustive), as N machines do that know "
      "nothing of each other");
  app.add_option("--checkpoint", line.checkpoint,
                 "Write the search of a single check (exhaustive, stateful or naive) to this file "
                 "now and then, and when it ends before its time");
  app.add_option("--checkpoint-every", line.checkpoint_every,
                 "Seconds between two checkpoints (default: 60)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--resume", line.resume,
                 "Go on with the search that this file holds; writes on to it, or to --checkpoint");
  app.add_option("--progress", typed.progress,
                 "line (the default: rewritten on a terminal, now and then in a log), json (a line "
                 "each second on the standard error), or none");
  app.add_option("--out", line.out, "Where counterexamples are written")->capture_default_str();
}

void add_json(CLI::App& app, CommandLine& line) {
  app.add_flag("--json", line.json, "Print results as JSON");
}

void add_report_options(CLI::App& app, CommandLine& line) {
  add_json(app, line);
  app.add_option("--junit", line.junit, "Write results as JUnit XML to this file");
  app.add_flag("--stats", line.statistics,
               "Print figures of each search, and which dependent steps commute");
  app.add_flag("--all-steps", line.all_steps, "Tables leave no step out");
}

std::string set_mode(CommandLine& line, const std::string& text) {
  static const std::map<std::string, SearchMode> modes = {{"exhaustive", SearchMode::exhaustive},
                                                          {"optimal", SearchMode::optimal},
                                                          {"stateful", SearchMode::stateful},
                                                          {"naive", SearchMode::naive},
                                                          {"auto", SearchMode::automatic},
                                                          {"random", SearchMode::random},
                                                          {"pct", SearchMode::pct},
                                                          {"pos", SearchMode::pos},
                                                          {"surw", SearchMode::surw}};
  static constexpr std::string_view kNames[] = {
      "exhaustive", "optimal", "stateful", "naive", "auto", "random", "pct", "pos", "surw"};
  const auto found = modes.find(text);
  if (found == modes.end()) return unknown_word("mode", text, kNames);
  line.mode = found->second;
  return {};
}

std::string set_readdir(CommandLine& line, const std::string& text) {
  static constexpr std::string_view kNames[] = {"sorted", "reversed", "all"};
  if (text == "sorted")
    line.readdir = DirectoryOrder::sorted;
  else if (text == "reversed")
    line.readdir = DirectoryOrder::reversed;
  else if (text == "all")
    line.readdir = DirectoryOrder::all;
  else
    return unknown_word("directory order", text, kNames);
  return {};
}

std::string set_raised(CommandLine& line, const std::string& text) {
  static constexpr std::string_view kNames[] = {"preemptions", "delays"};
  if (text == "preemptions")
    line.raised = model::Raised::preemptions;
  else if (text == "delays")
    line.raised = model::Raised::delays;
  else
    return unknown_word("bound to raise", text, kNames);
  return {};
}

std::string set_time(CommandLine& line, const std::string& text) {
  const auto seconds = engine::parse_duration(text);
  if (!seconds) return '"' + text + "\" is no duration; try 90s or 10m";
  line.bounds.time = Seconds{*seconds};
  return {};
}

std::string set_bound(CommandLine& line, const std::string& text) {
  static constexpr std::string_view kKeys[] = {"timeouts",   "preemptions", "delays",  "steps",
                                               "executions", "time",        "crashes", "faults"};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return "--bound wants KEY=N, not \"" + text + '"';
  const std::string key = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  if (key == "time") return set_time(line, value);
  const auto number = engine::parse_unsigned(value);
  if (!number) return "--bound " + key + ": \"" + value + "\" is no number";
  if ((key == "timeouts" || key == "preemptions" || key == "delays") &&
      *number > std::numeric_limits<std::uint32_t>::max())
    return "--bound " + key + ": " + value + " is too large";
  if (key == "timeouts")
    line.bounds.timeouts = static_cast<std::uint32_t>(*number);
  else if (key == "preemptions")
    line.bounds.preemptions = static_cast<std::uint32_t>(*number);
  else if (key == "delays")
    line.bounds.delays = static_cast<std::uint32_t>(*number);
  else if (key == "steps")
    line.bounds.steps = *number;
  else if (key == "executions")
    line.bounds.executions = *number;
  else if (key == "crashes" || key == "faults")
    return *number == 0 ? "" : "--bound " + key + ": this build does not have it yet";
  else
    return unknown_word("bound", key, kKeys);
  return {};
}

std::string set_verify_every(CommandLine& line, const std::string& text) {
  const auto number = engine::parse_unsigned(text);
  if (!number || *number == 0)
    return "--verify-determinism: \"" + text + "\" is no number of executions";
  line.verify_every = *number;
  return {};
}

std::string check_protocols(const CommandLine& line) {
  const auto known = protocol_names();
  for (const std::string& name : line.protocols)
    if (name != "all" && find_protocol(name) == nullptr)
      return unknown_word("protocol", name, known);
  return {};
}

/// "2/5".
std::string set_shard(CommandLine& line, const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto number = engine::parse_unsigned(std::string_view(text).substr(0, slash));
  const auto count = slash == std::string::npos
                         ? std::nullopt
                         : engine::parse_unsigned(std::string_view(text).substr(slash + 1));
  constexpr std::uint64_t kShardsMax = 10'000;
  if (!number || !count || *number < 1 || *number > *count || *count > kShardsMax)
    return "--shard \"" + text +
           "\" is not K/N with 1 <= K <= N <= 10000; part 2 of 5 is --shard 2/5";
  line.shard = {static_cast<std::uint32_t>(*number), static_cast<std::uint32_t>(*count)};
  return {};
}

std::string set_progress(CommandLine& line, const std::string& text) {
  static constexpr std::string_view kNames[] = {"line", "json", "none"};
  if (text == "line")
    line.progress = ProgressForm::line;
  else if (text == "json")
    line.progress = ProgressForm::json;
  else if (text == "none")
    line.progress = ProgressForm::none;
  else
    return unknown_word("form of progress", text, kNames);
  return {};
}

/// A sentence about the first option that means nothing; empty if all do.
std::string interpret(CommandLine& line, const Typed& typed) {
  std::string wrong;
  if (!typed.mode.empty()) wrong = set_mode(line, typed.mode);
  if (wrong.empty() && !typed.readdir.empty()) wrong = set_readdir(line, typed.readdir);
  for (const std::string& bound : typed.bounds)
    if (wrong.empty()) wrong = set_bound(line, bound);
  if (wrong.empty() && !typed.raise.empty()) wrong = set_raised(line, typed.raise);
  if (wrong.empty() && !typed.time.empty()) wrong = set_time(line, typed.time);
  if (wrong.empty() && !typed.verify_every.empty())
    wrong = set_verify_every(line, typed.verify_every);
  if (wrong.empty() && !typed.shard.empty()) wrong = set_shard(line, typed.shard);
  if (wrong.empty() && !typed.progress.empty()) wrong = set_progress(line, typed.progress);
  if (typed.executions) line.bounds.executions = typed.executions;
  if (wrong.empty()) wrong = check_protocols(line);
  return wrong;
}

/// A sentence if the first word names no subcommand.  The parser would only say that one is
/// missing.
std::string check_command_word(int argc, const char* const* argv) {
  static constexpr std::string_view kCommands[] = {"check", "estimate", "replay", "explain",
                                                   "list"};
  if (argc < 2) return {};
  const std::string_view word = argv[1];
  if (word.starts_with('-') || std::ranges::find(kCommands, word) != std::end(kCommands)) return {};
  return unknown_word("command", word, kCommands);
}

}  // namespace

std::expected<CommandLine, EarlyExit> parse_command_line(int argc, const char* const* argv,
                                                         const std::string& built) {
  CommandLine line;
  Typed typed;
  CLI::App app{
      "Checks that no referenced chunk of a backup datastore goes unmarked or is swept.\n"
      "Exit codes: 0 as expected, 1 not as expected, 2 bad input, 3 a budget ran out or\n"
      "inconclusive, 4 nondeterminism.",
      "unswept"};
  app.set_version_flag("--version", "unswept " UNSWEPT_VERSION ", built " + built);
  app.require_subcommand(1);
  CLI::App* check =
      app.add_subcommand("check", "Explore scenarios and compare with their [expect]");
  check->add_option("paths", line.paths, "Scenario files and folders (default: scenarios)");
  add_search_options(*check, line, typed);
  add_report_options(*check, line);
  CLI::App* estimate =
      app.add_subcommand("estimate", "Say how long checks would take, exhaustive or within bounds");
  estimate->add_option("paths", line.paths, "Scenario files and folders")->required();
  add_space_options(*estimate, line, typed);
  estimate->add_option("--time", typed.time,
                       "What to spend on each scenario and protocol (default: 10s)");
  add_json(*estimate, line);
  CLI::App* replay = app.add_subcommand("replay", "Run a counterexample again, step by step");
  replay->add_option("file", line.paths, "A scenario with a [trace]")->required();
  add_report_options(*replay, line);
  CLI::App* explain = app.add_subcommand("explain", "Say why a counterexample breaks its promise");
  explain->add_option("file", line.paths, "A scenario with a [trace]")->required();
  add_json(*explain, line);
  CLI::App* list = app.add_subcommand("list", "Name scenarios, protocols, promises and points");
  list->add_option("topic", line.topic, "scenarios, protocols, promises, points or operations");
  add_list(*list, "--in", line.paths, "Where scenarios are (default: scenarios)");
  add_json(*list, line);
  if (auto wrong = check_command_word(argc, argv); !wrong.empty())
    return std::unexpected(EarlyExit{kBadInput, "unswept: " + wrong + '\n'});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    const int code = app.exit(error, text, text);
    return std::unexpected(EarlyExit{code == 0 ? 0 : kBadInput, text.str()});
  }
  if (*estimate) line.action = Action::estimate;
  if (*replay) line.action = Action::replay;
  if (*explain) line.action = Action::explain;
  if (*list) line.action = Action::list;
  if (auto wrong = interpret(line, typed); !wrong.empty())
    return std::unexpected(EarlyExit{kBadInput, "unswept: " + wrong + '\n'});
  return line;
}

Scenario overridden(Scenario scenario, const CommandLine& line) {
  ExploreSpec& explore = scenario.explore;
  if (line.mode) {
    explore.mode = *line.mode;
    explore.order.clear();
  }
  if (line.readdir) {
    explore.readdir = *line.readdir;
    explore.directories.clear();
  }
  const auto take = [](auto& mine, const auto& theirs) {
    if (theirs) mine = *theirs;
  };
  take(explore.bounds.timeouts, line.bounds.timeouts);
  take(explore.bounds.preemptions, line.bounds.preemptions);
  take(explore.bounds.delays, line.bounds.delays);
  take(explore.bounds.steps, line.bounds.steps);
  take(explore.bounds.executions, line.bounds.executions);
  take(explore.bounds.time, line.bounds.time);
  take(explore.raised, line.raised);
  take(explore.seed, line.seed);
  take(explore.memory, line.memory);
  take(explore.pct_depth, line.pct_depth);
  if (line.no_symmetry) explore.symmetry = false;
  if (!line.store.empty()) {
    scenario.store.import_directory = line.store;
    scenario.store.import_locks = line.lock_dir;
    scenario.store.snapshots.clear();
    scenario.store.orphans.clear();
  }
  return scenario;
}

std::vector<std::string> protocols_for(const Scenario& scenario, const CommandLine& line) {
  const auto& asked = line.protocols;
  if (asked.empty() || std::ranges::find(asked, "all") != asked.end())
    return protocols_of(scenario);
  return asked;
}

}  // namespace unswept::scenarios
