// model/explore/explore.h: run a program in every way that can matter.
//
// naive   every schedule and every answer.  The yardstick of truth; for small programs.
// dpor    one execution per Mazurkiewicz trace (source sets with sleep sets: Abdulla,
//         Aronis, Jonsson, Sagonas, Source Sets, JACM 2017), plus some that are given up
//         half-way.  docs/how-the-checker-works.md says why nothing is missed.
// stateful  dpor that gives an execution up where it comes to a state it knows.
// random  walks that pick uniformly; reproducible from the seed alone.
//
// The same program and options give the same result, except where seconds or
// progress() end it.
//
// Thread safety: explore() runs on the caller's thread and uses only what it is
// given.  Several explorations may run at once, each on a Program of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "model/dependence.h"
#include "model/explore/result.h"
#include "model/program.h"

namespace unswept::model {

enum class Strategy : std::uint8_t { naive, dpor, stateful, random };
std::string_view to_string(Strategy strategy);

/// What the exploration may spend.  Nothing set: no bound.
struct Bounds {
  std::optional<std::uint64_t> executions;  // blocked and cut ones count
  std::optional<std::uint64_t> steps;       // per execution
  std::optional<double> seconds;            // needs ExploreOptions::clock
  /// Times an actor is interrupted that could have gone on.  Reduction does not
  /// know this bound: with it, dpor explores naively.
  std::optional<std::uint32_t> preemptions;
};

struct Progress {
  std::uint64_t executions = 0;  // all: complete, blocked and cut
  std::uint64_t steps = 0;
  std::uint64_t depth = 0;  // of the last execution
};

struct ExploreOptions {
  Strategy strategy = Strategy::dpor;
  Bounds bounds;
  /// Otherwise all are counted and the first is kept.
  bool stop_at_first_violation = true;
  /// Whether a deadlock is an ending like any other.
  bool deadlock_allowed = false;
  /// random: walk number n of a seed is always the same walk.
  std::uint64_t seed = 1;
  /// random: how many walks, if bounds.executions does not say.
  std::uint64_t walks = 10'000;
  /// naive and random: count distinct Mazurkiewicz traces (16 bytes of memory each).
  bool count_traces = false;
  Dependence dependence;
  /// stateful: bytes for what is remembered of states.
  std::size_t memory_budget = std::size_t{1} << 30;

  /// Seconds since some moment; the model has no clock of its own.
  std::function<double()> clock;
  /// Called after every `progress_every` executions; false ends the exploration.
  std::function<bool(const Progress&)> progress;
  std::uint64_t progress_every = 1'000;
  /// Called after each execution that ran to an end of its own.
  std::function<void(const Program&, const Ending&)> executed;
  /// Called after each execution that was given up at a known state (stateful).
  std::function<void(const Program&, const Ending&)> pruned;
};

/// Explores `program`.
///
/// When a step ends an execution by a violation, reductions do not look for
/// further violations behind it: the verdict is right, but `violations` then
/// counts only some of them.
ExploreResult explore(Program& program, const ExploreOptions& options = {});

}  // namespace unswept::model
