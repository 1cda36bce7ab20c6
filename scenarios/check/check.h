// scenarios/check/check.h: from a scenario and a protocol to a verdict.
//
// Explores, makes the counterexample readable (fewest interruptions, explained)
// and compares with what the scenario expects.  The same for replaying a
// scenario that holds the trace of a run.
//
// Thread safety: checks of different scenarios may run at once.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "model/explore/explore.h"
#include "model/explore/link.h"
#include "reports/result.h"
#include "scenarios/check/cores.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// One of several checks that cover a space between them (model/explore/shard.h).
struct ShardOf {
  std::uint32_t number = 1;  // of these:
  std::uint32_t count = 1;
};

struct CheckOptions {
  /// Where counterexamples go; empty: nowhere.
  std::string out_directory;
  /// Runs that making a counterexample shorter may cost.
  std::uint64_t minimize_executions = 20'000;
  /// Seconds since some moment.
  std::function<double()> clock;
  /// Measure which dependent steps commute in fact: some 600 pairs of steps, run twice each.
  bool precision = false;
  /// As model::ExploreOptions::verify_every.
  std::optional<std::uint64_t> verify_every = {};
  /// Cores that may help; none: the search is made on the caller's thread alone.  The caller holds
  /// one of them.
  Cores* cores = nullptr;
  /// Other processes that help (scenarios/check/guest.h), instead of cores.
  model::Link* link = nullptr;
  /// They come at once, and then this process explores nothing itself.
  bool only_deal_out = false;
  /// Only of a search in mode exhaustive without bounds on the schedule.
  ShardOf shard = {};
  /// Where the search is written down every so many seconds, and when it ends before its time;
  /// empty: nowhere.  Removed when the search is done.
  std::string checkpoint_file = {};
  double checkpoint_every = 60;
  /// Goes on from what is written there; empty: begins anew.
  std::string resume_file = {};
  /// Now and then; false ends the search.
  std::function<bool(const model::Progress&)> progress;
};

/// A sentence when the store cannot be set up, or the search not be gone on with.
std::expected<reports::CaseResult, std::string> check(const Scenario& scenario,
                                                      std::string_view protocol,
                                                      const CheckOptions& options);

/// REQUIRES: the scenario has a trace.  A sentence also when the trace does not fit the scenario.
std::expected<reports::CaseResult, std::string> replay(const Scenario& scenario,
                                                       const CheckOptions& options);

/// The protocols a scenario speaks of: those of [expect], or the default.
std::vector<std::string> protocols_of(const Scenario& scenario);

/// What must come out under that protocol; nothing if the scenario does not say.
std::optional<Expectation> expectation_of(const Scenario& scenario, std::string_view protocol);

}  // namespace unswept::scenarios
