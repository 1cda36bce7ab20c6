// reports/result.h: what was checked and what came of it, as plain data.
//
// Every report renders this; none computes a verdict.  The domain part (the
// table of a counterexample, why it broke the promise) is text that the scenarios
// fill in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/explore/precision.h"
#include "model/explore/result.h"

namespace unswept::reports {

using Setting = std::pair<std::string, std::string>;

struct TraceRow {
  std::size_t step = 0;   // counted from 1
  std::size_t actor = 0;  // index into Counterexample::actors
  std::string text;
  bool relevant = false;  // plays a part in what went wrong
};

/// A run that broke a promise, for a reader.
struct Counterexample {
  std::string promise;
  std::string claim;  // the promise, as it failed here: one or more lines
  std::vector<std::string> actors;
  std::vector<TraceRow> rows;            // every step, in order
  std::vector<std::string> operations;   // how each operation of the run ended
  std::vector<std::string> explanation;  // why
  std::uint64_t execution = 0;           // it was the n-th run
  std::size_t switches = 0;              // of actors, in the run as shown
  std::size_t preemptions = 0;
  bool fewest_preemptions = false;  // proven
  std::string file;                 // where it was written; empty if it was not
};

/// One scenario under one protocol.
struct CaseResult {
  std::string scenario;
  std::string file;
  std::string about;
  std::string protocol;
  std::string mode;
  std::string shard;  // "2/5": of the space, as one of several checks covers it; empty: all

  model::Verdict verdict = model::Verdict::inconclusive;
  bool complete = false;
  /// "pass", "violation no-leak", ...
  std::string expected;
  bool as_expected = false;

  /// What narrowed the space that `complete` speaks of: ("preemptions", "2").
  std::vector<Setting> bounds;
  /// What ended the search before that space was covered; empty if complete.
  std::vector<std::string> bounds_hit;
  /// What a reader must know to take the verdict for what it is: orders that were not varied,
  /// conditions never met, points never reached.
  std::vector<std::string> remarks;

  /// Of a search that had parts (levels of a bound, samplers): what each gave.
  std::vector<model::Part> parts;

  std::uint64_t executions = 0;
  std::uint64_t blocked = 0;
  std::uint64_t pruned = 0;
  std::uint64_t probes = 0;  // runs only to see what a step would touch
  std::uint64_t steps = 0;
  std::uint64_t races = 0;
  std::uint64_t depth_max = 0;
  /// Refusals and errors, over all runs; nothing where the search ended at what it found: how far
  /// several workers had come by then differs.
  std::optional<std::uint64_t> failed_operations = {};
  double seconds = 0;

  std::optional<std::uint64_t> verified;                // runs run again, if it was asked for
  std::optional<model::Precision> precision;            // if it was asked for
  std::optional<model::StateCacheFigures> state_cache;  // if states were remembered

  std::optional<Counterexample> counterexample;
  std::string not_written;  // why the counterexample is in no file, though it should be
  std::string divergence;   // of a nondeterministic program
};

struct Report {
  std::vector<Setting> settings;
  std::vector<CaseResult> cases;
  double seconds = 0;
  std::size_t planned = 0;   // how many cases there were to check
  bool interrupted = false;  // by the user: the cases are those that were begun

  std::size_t unexpected() const;
};

/// "pass", "violation no-leak": verdict and broken promise in the words of expectations.
std::string verdict_text(const CaseResult& result);

}  // namespace unswept::reports
