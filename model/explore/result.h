// model/explore/result.h: what an exploration found, and how much it covered.
//
// Reports render this and compute no verdict of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/explore/replay.h"
#include "model/explore/trace.h"

namespace unswept::model {

enum class Verdict : std::uint8_t {
  pass,              // every execution within the bounds kept every promise
  violation,         // a promise broke: see counterexample
  deadlock,          // actors wait for each other: see counterexample
  inconclusive,      // a budget ran out before anything was found
  nondeterministic,  // the same answers gave different runs: see divergence
};
std::string_view to_string(Verdict verdict);

/// The promise that a deadlock breaks.
inline constexpr std::string_view kNoDeadlock = "no-deadlock";

/// An execution that breaks a promise, with everything needed to show it.
struct Counterexample {
  Trace trace;
  Violation violation;          // for a deadlock: promise kNoDeadlock
  RecordedRun run;              // replayed, with descriptions
  std::uint64_t execution = 0;  // it was the n-th execution, counted from 1
};

/// Names of what can cut an exploration off, as they stand in bounds_hit.
namespace bound {
inline constexpr std::string_view executions = "executions";
inline constexpr std::string_view steps = "steps";  // per execution
inline constexpr std::string_view seconds = "seconds";
inline constexpr std::string_view preemptions = "preemptions";
inline constexpr std::string_view delays = "delays";
inline constexpr std::string_view interrupted = "interrupted";  // progress() said stop
inline constexpr std::string_view sampling = "sampling";        // random walks are never exhaustive
}  // namespace bound

/// Whether it is a bound on the exploration as a whole, which may go on another time.
bool is_budget(std::string_view name);

/// What remembering states gave (stateful).
struct StateCacheFigures {
  std::uint64_t states = 0;  // distinct ones that are known
  std::uint64_t lookups = 0;
  std::uint64_t hits = 0;          // a known state: nothing was explored from there
  std::uint64_t partial_hits = 0;  // a known state: what had slept there was made up for
  std::uint64_t bytes = 0;
  /// The memory was used up: states that came later were not remembered.
  bool full = false;
  /// That two of the states have one fingerprint, so that one of them hid the other.
  double collision_probability = 0;
};

/// What one part of an exploration gave: a level of a bound that is raised, a sampler.
struct Part {
  std::string name;              // "preemptions <= 1", "pct, depth 3", "dpor"
  std::uint64_t executions = 0;  // all: complete, blocked and cut
  std::uint64_t steps = 0;
  std::uint64_t violations = 0;  // executions that broke a promise, or deadlocked
  /// It covered everything within its bounds.
  bool complete = false;
  /// The bound that is raised cut something off.
  bool cut = false;
  /// What a sampler's walks are good for, in a sentence.
  std::string guarantee = {};
};

struct ExploreResult {
  Verdict verdict = Verdict::inconclusive;
  /// The whole space within the stated bounds was covered: no budget ran out,
  /// nothing stopped the search early.  A bound on preemptions or delays narrows the
  /// space and leaves this true; it is named in bounds_hit if it cut anything.
  bool complete = false;
  std::vector<std::string> bounds_hit;  // sorted; whatever cut something off

  std::uint64_t executions = 0;  // that ran to an end of their own, violations included
  std::uint64_t blocked = 0;     // given up half-way: every way on was covered elsewhere
  std::uint64_t probes = 0;      // runs only to see what a step would touch (optimal)
  std::uint64_t pruned = 0;      // given up half-way: at a state that is known (stateful)
  std::uint64_t cut = 0;         // given up half-way: a bound forbade to go on
  std::uint64_t elsewhere = 0;   // given up half-way: the rest is for other shards
  std::uint64_t deadlocks = 0;   // among executions
  std::uint64_t violations = 0;  // executions with at least one violation
  std::uint64_t steps = 0;       // taken in all, replayed ones included
  std::uint64_t replayed_steps = 0;
  bool gave_way = false;        // optimal was not possible: these are the figures of dpor
  std::uint64_t races = 0;      // reversible races seen (dpor)
  std::uint64_t depth_max = 0;  // steps of the longest execution
  /// Of the executions, those that other processes ran (ExploreOptions::peers).
  std::uint64_t by_peers = 0;
  bool found_by_peer = false;  // the counterexample
  /// Executions that were run again and were the same (ExploreOptions::verify_every).
  std::uint64_t verified = 0;
  /// Distinct Mazurkiewicz traces among the executions, if asked for.
  std::optional<std::uint64_t> traces;
  std::optional<StateCacheFigures> state_cache;
  /// If the exploration had parts, or sampled.  The figures above are of all of them together.
  std::vector<Part> parts;

  std::optional<Counterexample> counterexample;  // the first one
  std::optional<Divergence> divergence;
};

/// Adds what `more` counted to `sum`: everything but verdicts, bounds, parts and finds.
void add_counts(ExploreResult& sum, const ExploreResult& more);

/// Adds one to bounds_hit, if it is not there.
void add_bound(ExploreResult& result, std::string_view name);

}  // namespace unswept::model
