// model/explore/explore.h: run a program in every way that can matter.
//
// naive   every schedule and every answer.  The yardstick of truth; for small programs.
// dpor    one execution per Mazurkiewicz trace (source sets with sleep sets: Abdulla,
//         Aronis, Jonsson, Sagonas, Source Sets, JACM 2017), plus some that are given up
//         half-way.  docs/how-the-checker-works.md says why nothing is missed.
// optimal one execution per Mazurkiewicz trace and none given up (wakeup trees, same paper),
//         for some runs that only look at what a step would touch.  Where one outcome of a
//         step wakes whom another leaves asleep, it gives way to dpor (ExploreResult::gave_way).
// stateful  dpor that gives an execution up where it comes to a state it knows.
// random  walks that pick uniformly.
// pct, pos, surw   walks that aim better: docs/sampling.md.
// automatic        walks of all kinds and dpor by turns for a moment, then dpor to the end.
//
// Walks are reproducible: number n of a seed is always the same walk.
// The same program and options give the same result, except where seconds or
// progress() end it.
//
// Several workers may explore one space (Team, or Peers: naive, dpor, stateful, automatic
// behind its walks, and whatever has bounds on the schedule, raised or not).  The verdict is
// the same for every number of them, and the executions that ran to their end are of the same
// Mazurkiewicz traces; how many were given up half-way, and which of several violations is
// found first, may differ.  One worker does all of optimal, and of a search that counts traces.
// A Team shares out walks of one kind, too, and there everything is the same, the first
// violation included.
//
// Thread safety: explore() runs on the caller's thread and those of its Team, and uses
// only what it is given.  Several explorations may run at once, each on Programs of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "model/dependence.h"
#include "model/explore/result.h"
#include "model/program.h"

namespace unswept::model {

enum class Strategy : std::uint8_t {
  naive,
  dpor,
  optimal,
  stateful,
  random,
  pct,
  pos,
  surw,
  automatic
};
std::string_view to_string(Strategy strategy);

/// What the exploration may spend.  Nothing set: no bound.
struct Bounds {
  std::optional<std::uint64_t> executions;  // blocked and cut ones count
  std::optional<std::uint64_t> steps;       // per execution
  std::optional<double> seconds;            // needs ExploreOptions::clock
  /// Times an actor is interrupted that could have gone on.  Reduction does not
  /// know this bound: with it, dpor explores naively.
  std::optional<std::uint32_t> preemptions;
  /// Times the actor whose turn it is is passed over (model/explore/schedule_bounds.h).  The same
  /// holds for reduction.
  std::optional<std::uint32_t> delays;
};

/// A bound to be raised step by step.
enum class Raised : std::uint8_t { none, preemptions, delays };

struct Progress {
  std::uint64_t executions = 0;  // all: complete, blocked and cut
  std::uint64_t steps = 0;
  std::uint64_t depth = 0;  // of the last execution
  /// Of an exhaustive search, the part that runs now: its executions so far, and what share of its
  /// tree they are (model/explore/estimate.h).
  std::uint64_t searched = 0;
  std::optional<double> share = {};
  std::optional<std::uint64_t> states = {};  // distinct ones that are remembered
};

/// Who explores besides the caller's thread, on one of its own.
struct Colleague {
  std::shared_ptr<Program> program;
  /// As in ExploreOptions, and called on the colleague's thread.
  std::function<void(const Program&, const Ending&)> executed = {};
  std::function<void(const Program&, const Ending&)> pruned = {};
};

struct Team {
  /// Workers at most, the caller included.
  std::uint32_t size = 1;
  /// The caller looks for help after so many executions.
  std::uint64_t alone = 500;
  /// Worker number 1, 2, ..., size - 1 comes, on a thread of its own.  May wait as long as `needed`
  /// says yes; nothing: it does not come.
  std::function<std::optional<Colleague>(std::uint32_t worker, const std::function<bool()>& needed)>
      join = {};
};

class Link;

/// Other processes that explore the same program, with one worker each (as Team, and instead of
/// it): model/explore/peers.h has what they do.
struct Peers {
  /// This process is their host.  None: there are none.
  Link* link = nullptr;
  /// They are asked to come after so many executions.
  std::uint64_t alone = 500;
  /// Whether this process explores on when they have come; or it only deals out what they explore.
  bool host_explores = true;
  /// What they must know to explore the same program in the same way.
  std::function<std::string()> invitation = {};
  /// What one of them keeps besides the figures: all of it since the last time.  Called before
  /// something is written down, and at the end.
  std::function<void(const std::string& books)> heard = {};
  /// Why one of them does not come.
  std::function<void(std::uint32_t peer, const std::string& why)> declined = {};
};

struct Checkpoint;

/// How an exploration that several may share is written down, so that it can be gone on with.
struct CheckpointOptions {
  /// Called every so many seconds (needs ExploreOptions::clock), and when a budget or progress()
  /// ends the exploration; with the figures as they were, what is known of states left out.
  std::function<void(const Checkpoint&)> write = {};
  double every = 60;
  /// Goes on from there: the same program, strategy and dependence.
  const Checkpoint* resume = nullptr;
};

/// One of several explorations that divide the space (dpor): model/explore/shard.h.
struct Shard {
  /// Whether this one explores the unit of that number; asked once for each unit, in their order.
  /// Not set: everything.
  std::function<bool(std::uint64_t unit)> claim = {};
  /// At least so many, if the space has them.
  std::uint64_t units = 64;
};

struct ExploreOptions {
  Strategy strategy = Strategy::dpor;
  Bounds bounds;
  /// Explores again and again with this bound at 0, 1, 2, ..., until it cuts nothing off any more,
  /// or has come to what `bounds` says of it, or a budget runs out.
  Raised raised = Raised::none;
  /// Otherwise all are counted and the first is kept.
  bool stop_at_first_violation = true;
  /// Whether a deadlock is an ending like any other.
  bool deadlock_allowed = false;
  /// Of walks.
  std::uint64_t seed = 1;
  /// random, pct, pos, surw: how many walks, if bounds.executions does not say.
  std::uint64_t walks = 10'000;
  /// pct: how many ordering constraints a violation may need to be found.  At least 1.
  std::uint32_t pct_depth = 3;
  /// naive and walks of one kind: count distinct Mazurkiewicz traces (16 bytes of memory each).
  bool count_traces = false;
  /// The first execution and every n-th after it are run twice more, from the beginning, and
  /// compared (model/explore/determinism.h); at least 1.  Nothing set: none.
  std::optional<std::uint64_t> verify_every;
  Dependence dependence;
  /// stateful: bytes for what is remembered of states.
  std::size_t memory_budget = std::size_t{1} << 30;

  Team team;
  Peers peers;
  CheckpointOptions checkpoint;
  Shard shard;

  /// Seconds since some moment; the model has no clock of its own.
  std::function<double()> clock;
  /// Called after every `progress_every` executions; false ends the exploration.
  std::function<bool(const Progress&)> progress;
  std::uint64_t progress_every = 1'000;
  /// Called after each execution that ran to an end of its own.  Where a team draws walks, some
  /// that come behind the first violation may be among them.
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
