#include "scenarios/check/check.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>

#include "model/explore/minimize.h"
#include "model/explore/precision.h"
#include "reports/console.h"
#include "scenarios/check/check_team.h"
#include "scenarios/check/counterexample.h"
#include "scenarios/check/divergence.h"
#include "scenarios/check/every_order.h"
#include "scenarios/check/saved_check.h"
#include "scenarios/check/search_options.h"
#include "scenarios/parse/words.h"
#include "scenarios/promises/names.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"

namespace unswept::scenarios {
namespace {

std::string order_text(DirectoryOrder order) {
  switch (order) {
    case DirectoryOrder::sorted:
      return "sorted";
    case DirectoryOrder::reversed:
      return "reversed";
    case DirectoryOrder::all:
      return "in every order";
    case DirectoryOrder::listed:
      return "as listed";
  }
  return {};
}

/// Which directory orders a verdict speaks of.
std::string directories_text(const ExploreSpec& explore) {
  std::string text = "directories: ";
  for (const DirectorySpec& directory : explore.directories)
    text += directory.path + ' ' + order_text(directory.order) + ", ";
  if (!explore.directories.empty()) text += "others ";
  return text + order_text(explore.readdir);
}

/// What a pass rests on when states were remembered by their fingerprints.
std::string memory_text(const model::StateCacheFigures& cache) {
  return fmt::format(
      "states: {} remembered{}; that one of them hid another has a probability of {:.1e}",
      reports::with_commas(cache.states), cache.full ? " until the memory was used up" : "",
      cache.collision_probability);
}

/// What narrows the space that was covered.
std::vector<std::string> narrowed_by(const ExploreSpec& explore) {
  std::vector<std::string> remarks{directories_text(explore)};
  const Bounds& bounds = explore.bounds;
  if (bounds.timeouts)
    remarks.push_back("lock waits: expire at most " + std::to_string(*bounds.timeouts) +
                      " times in a run");
  if (bounds.preemptions)
    remarks.push_back("preemptions: at most " + std::to_string(*bounds.preemptions) + " in a run");
  if (bounds.delays)
    remarks.push_back("delays: at most " + std::to_string(*bounds.delays) + " in a run");
  return remarks;
}

std::string contention_text(const OrdersResult& result) {
  if (result.entries == result.contended) return {};
  return "directory orders: of " + std::to_string(result.entries) + " entries, " +
         std::to_string(result.entries - result.contended) +
         " lead to nothing that other actors touch, and come first";
}

/// Actors that were not told apart.
std::vector<std::string> symmetry_remarks(const ScenarioProgram& program) {
  std::vector<std::string> remarks;
  for (const std::vector<model::ActorId>& same : program.interchangeable()) {
    std::string names;
    for (const model::ActorId actor : same)
      names += (names.empty() ? "" : ", ") + program.actor_name(actor);
    remarks.push_back(
        "symmetry: " + names +
        " do the same; of runs that differ in which of them is which, one is explored");
  }
  return remarks;
}

bool meets(const reports::CaseResult& result, const Expectation& expectation) {
  switch (expectation.verdict) {
    case ExpectedVerdict::pass:
      return result.verdict == model::Verdict::pass;
    case ExpectedVerdict::violation:
      return result.verdict == model::Verdict::violation &&
             (expectation.promise.empty() ||
              (result.counterexample && result.counterexample->promise == expectation.promise));
    case ExpectedVerdict::deadlock:
      return result.verdict == model::Verdict::deadlock;
    case ExpectedVerdict::inconclusive:
      return result.verdict == model::Verdict::inconclusive;
  }
  return false;
}

/// The promise to show: the one that was expected to break, if it is among those that did.
std::string promise_to_show(const model::Counterexample& found,
                            const std::optional<Expectation>& expected) {
  if (expected)
    for (const model::Violation& violation : found.run.ending.violations)
      if (violation.promise == expected->promise) return expected->promise;
  return found.violation.promise;
}

class Check {
 public:
  Check(const Scenario& scenario, std::string_view protocol, const CheckOptions& options)
      : scenario_(scenario),
        protocol_(*find_protocol(protocol)),
        options_(options),
        expected_(expectation_of(scenario, protocol)) {
    result_.scenario = scenario.name;
    result_.about = scenario.about;
    result_.protocol = std::string(protocol);
    result_.mode = std::string(to_string(scenario.explore.mode));
    result_.expected = expected_ ? to_string(*expected_) : "";
    if (const auto bound = scenario.explore.bounds.preemptions)
      result_.bounds.emplace_back(model::bound::preemptions, std::to_string(*bound));
    if (const auto bound = scenario.explore.bounds.delays)
      result_.bounds.emplace_back(model::bound::delays, std::to_string(*bound));
    if (const auto bound = scenario.explore.bounds.timeouts)
      result_.bounds.emplace_back("timeouts", std::to_string(*bound));
  }

  std::expected<reports::CaseResult, std::string> run(ScenarioProgram& program) {
    const double start = now();
    auto explore_with = explore_options(scenario_, options_);
    // A pinned order is kept by one program in one run.
    const bool alone = scenario_.explore.mode == SearchMode::pinned || is_shard();
    CheckTeam team(scenario_, protocol_, program, alone ? Helpers{} : helpers());
    team.employ(explore_with);
    if (is_shard()) divide(explore_with);
    if (auto ready = prepare_checkpoints(team, explore_with); !ready)
      return std::unexpected(ready.error());
    const model::ExploreResult found = explored(team, explore_with);
    program.keep_turns(false);
    if (found.complete || found.counterexample) remove_checkpoint();
    take_figures(found);
    if (!found.counterexample) result_.failed_operations = team.failures().failures();
    result_.seconds = now() - start;
    remark(program, team.failures());
    add_remarks(team.absences());
    if (found.counterexample) show(program, *found.counterexample);
    if (options_.precision) measure(program);
    return finish();
  }

  std::expected<reports::CaseResult, std::string> replay(ScenarioProgram& program,
                                                         const model::Trace& trace) {
    std::optional<model::Divergence> divergence;
    const std::string wanted = expected_ ? expected_->promise : "";
    result_.mode = "replay";
    result_.executions = 1;
    reports::Counterexample example = tell(program, scenario_, trace, wanted, divergence);
    if (divergence) {
      const auto misfit = divergence;
      // A file that does not fit is wrong in the same way each time.
      divergence = model::first_difference(model::replay(program, trace, {.describe = false}),
                                           model::replay(program, trace, {.describe = false}));
      if (!divergence) return std::unexpected(misfit_text(*misfit, scenario_));
    }
    take_example(std::move(example), divergence);
    result_.steps = result_.counterexample->rows.size();
    if (result_.counterexample->promise.empty()) {
      result_.counterexample.reset();
      if (result_.verdict != model::Verdict::nondeterministic)
        result_.verdict = model::Verdict::pass;
    }
    return finish();
  }

 private:
  model::ExploreResult explored(CheckTeam& team, const model::ExploreOptions& options) {
    // What is contended shows in all shards together: each takes every order.  So does a search
    // with helpers, since what those do because of an entry is not known to be so.
    if (is_shard() || !finds_contention(scenario_.explore) || team.first().has_helpers()) {
      model::ExploreResult found = model::explore(team.first(), options);
      team.gather();
      return found;
    }
    OrdersResult result = explore_orders(team, options);
    orders_text_ = contention_text(result);
    return std::move(result.found);
  }

  /// Whether the user lets this go on behind the search.
  bool may_go_on() const {
    return !options_.progress ||
           options_.progress({.executions = result_.executions + result_.blocked + result_.pruned,
                              .steps = result_.steps,
                              .depth = result_.depth_max});
  }

  bool is_shard() const { return options_.shard.count > 1; }

  void divide(model::ExploreOptions& options) {
    constexpr std::uint64_t kUnitsPerShard = 16;
    const ShardOf& shard = options_.shard;
    result_.shard = fmt::format("{}/{}", shard.number, shard.count);
    options.shard.units = kUnitsPerShard * shard.count;
    options.shard.claim = [&shard](std::uint64_t unit) {
      return unit % shard.count == shard.number - 1;
    };
  }

  std::expected<void, std::string> prepare_checkpoints(CheckTeam& team,
                                                       model::ExploreOptions& options) {
    if (options_.checkpoint_file.empty() && options_.resume_file.empty()) return {};
    const std::string identity = identity_of(scenario_, result_.protocol);
    if (!options_.resume_file.empty()) {
      auto saved = read_check(options_.resume_file, identity);
      if (!saved) return std::unexpected(saved.error());
      team.go_on_from(*saved);
      resumed_ = std::move(saved->search);
      options.checkpoint.resume = &*resumed_;
    }
    if (options_.checkpoint_file.empty()) return {};
    options.checkpoint.every = options_.checkpoint_every;
    options.checkpoint.write = [this, &team, identity](const model::Checkpoint& search) {
      SavedCheck saved = team.save(search);
      saved.identity = identity;
      const auto written = write_check(saved, options_.checkpoint_file);
      not_saved_ = written ? "" : written.error();
    };
    return {};
  }

  /// How a search that ended before its time is gone on with.
  std::vector<std::string> way_on() const {
    if (options_.checkpoint_file.empty()) return {};
    if (!not_saved_.empty()) return {"it cannot be gone on with: " + not_saved_};
    return {"go on with --resume " + options_.checkpoint_file};
  }

  /// There is nothing left to go on with.
  void remove_checkpoint() const {
    std::error_code ignored;
    if (!options_.checkpoint_file.empty())
      std::filesystem::remove(options_.checkpoint_file, ignored);
  }

  double now() const { return options_.clock ? options_.clock() : 0; }

  void take_figures(const model::ExploreResult& found) {
    result_.verdict = found.verdict;
    result_.complete = found.complete;
    result_.bounds_hit = found.bounds_hit;
    // They narrow the space, which `bounds` tells, and stop nothing.
    std::erase(result_.bounds_hit, model::bound::preemptions);
    std::erase(result_.bounds_hit, model::bound::delays);
    result_.parts = found.parts;
    result_.executions = found.executions;
    result_.blocked = found.blocked;
    result_.pruned = found.pruned;
    result_.probes = found.probes;
    if (found.gave_way)
      result_.remarks.push_back(
          "optimal: somebody stayed asleep, so it was explored as in mode exhaustive");
    result_.state_cache = found.state_cache;
    result_.steps = found.steps;
    result_.races = found.races;
    result_.depth_max = found.depth_max;
    if (found.by_peers > 0)
      result_.remarks.push_back(fmt::format("other processes ran {} of {} runs",
                                            reports::with_commas(found.by_peers),
                                            reports::with_commas(found.executions)));
    if (found.found_by_peer) result_.remarks.emplace_back("another process found it");
    if (options_.verify_every) result_.verified = found.verified;
    if (found.divergence) result_.divergence = nondeterminism_text(*found.divergence);
  }

  void measure(ScenarioProgram& program) {
    model::PrecisionOptions precision;
    precision.seed = scenario_.explore.seed;
    precision.kind_of = [](model::ObjectId object) { return sim::to_string(sim::kind_of(object)); };
    result_.precision = model::measure_precision(program, precision);
  }

  Helpers helpers() const {
    return {.cores = options_.cores,
            .link = options_.link,
            .only_deal_out = options_.only_deal_out,
            .verify_every = options_.verify_every};
  }

  void add_remarks(std::vector<std::string> remarks) {
    std::move(remarks.begin(), remarks.end(), std::back_inserter(result_.remarks));
  }

  /// What a reader must know to take the verdict for what it is.
  void remark(const ScenarioProgram& program, const FailureTally& failures) {
    const bool passed = result_.verdict == model::Verdict::pass;
    if (passed) doubt(program);
    const auto add = [&](std::vector<std::string> remarks) { add_remarks(std::move(remarks)); };
    add(program.final_judge().broken_at_start());
    if (passed || result_.verdict == model::Verdict::inconclusive) add(failures.remarks(scenario_));
    if (passed) add(narrowed_by(scenario_.explore));
    if (passed && is_shard())
      add({fmt::format(
          "shard {}: what is expected of the scenario, the {} shards must show together",
          result_.shard, options_.shard.count)});
    if (passed) add(symmetry_remarks(program));
    if (passed && !orders_text_.empty()) result_.remarks.push_back(orders_text_);
    if (passed && result_.state_cache) add({memory_text(*result_.state_cache)});
    if (result_.verdict == model::Verdict::inconclusive) add(way_on());
  }

  /// A pass that says less than it seems to.
  void doubt(const ScenarioProgram& program) {
    for (const std::string& text : program.sometimes().unmet()) {
      if (is_shard()) {
        result_.remarks.push_back("never met in this shard: " + text);
        continue;
      }
      result_.verdict = model::Verdict::inconclusive;
      result_.remarks.push_back("never met: " + text);
    }
    if (!program.pinned().failure().empty()) {
      result_.verdict = model::Verdict::inconclusive;
      result_.remarks.push_back(program.pinned().failure());
    }
  }

  void show(ScenarioProgram& program, const model::Counterexample& found) {
    const std::string promise = promise_to_show(found, expected_);
    model::MinimizeOptions minimize;
    minimize.executions_max = options_.minimize_executions;
    minimize.go_on = [this] { return may_go_on(); };
    const model::Minimized smallest =
        model::minimize_preemptions(program, found.trace, model::breaks(promise), minimize);
    std::optional<model::Divergence> divergence;
    take_example(tell(program, scenario_, smallest.trace, promise, divergence), divergence);
    if (!smallest.proven && !may_go_on())
      result_.remarks.push_back("interrupted: the run may have more interruptions than it needs");
    result_.counterexample->execution = found.execution;
    result_.counterexample->fewest_preemptions = smallest.proven;
    if (options_.out_directory.empty()) return;
    const Scenario pinned =
        pinned_to(scenario_, result_.protocol, smallest.trace, *result_.counterexample);
    if (auto path = write_counterexample(pinned, *result_.counterexample, options_.out_directory))
      result_.counterexample->file = *path;
    else
      result_.not_written = path.error();
  }

  void take_example(reports::Counterexample example,
                    const std::optional<model::Divergence>& divergence) {
    result_.counterexample = std::move(example);
    result_.verdict = result_.counterexample->promise == kNoDeadlock ? model::Verdict::deadlock
                                                                     : model::Verdict::violation;
    if (!divergence) return;
    result_.verdict = model::Verdict::nondeterministic;
    result_.divergence = nondeterminism_text(*divergence);
  }

  reports::CaseResult finish() {
    result_.as_expected =
        expected_ ? meets(result_, *expected_) : result_.verdict == model::Verdict::pass;
    // The violation that is expected may be another shard's.
    if (is_shard() && result_.verdict == model::Verdict::pass) result_.as_expected = true;
    if (!expected_) result_.expected = "pass";
    return std::move(result_);
  }

  const Scenario& scenario_;
  const engine::Protocol& protocol_;
  const CheckOptions& options_;
  std::optional<Expectation> expected_;
  std::string orders_text_;
  std::optional<model::Checkpoint> resumed_;
  std::string not_saved_;  // why the last checkpoint could not be written
  reports::CaseResult result_;
};

}  // namespace

std::vector<std::string> protocols_of(const Scenario& scenario) {
  std::vector<std::string> protocols;
  for (const auto& [protocol, expectation] : scenario.expect) protocols.push_back(protocol);
  if (protocols.empty()) protocols.emplace_back(engine::default_protocol().name());
  return protocols;
}

std::optional<Expectation> expectation_of(const Scenario& scenario, std::string_view protocol) {
  const auto found = scenario.expect.find(std::string(protocol));
  if (found != scenario.expect.end()) return found->second;
  return std::nullopt;
}

std::expected<reports::CaseResult, std::string> check(const Scenario& scenario,
                                                      std::string_view protocol,
                                                      const CheckOptions& options) {
  auto program = ScenarioProgram::make(scenario, *find_protocol(protocol));
  if (!program) return std::unexpected(program.error());
  return Check(scenario, protocol, options).run(**program);
}

std::expected<reports::CaseResult, std::string> replay(const Scenario& scenario,
                                                       const CheckOptions& options) {
  const auto trace = model::parse_trace(scenario.trace->decisions);
  if (!trace) return std::unexpected("the trace: " + trace.error());
  const std::string& protocol = scenario.trace->protocol;
  auto program = ScenarioProgram::make(scenario, *find_protocol(protocol));
  if (!program) return std::unexpected(program.error());
  return Check(scenario, protocol, options).replay(**program, *trace);
}

}  // namespace unswept::scenarios
