// model/explore/minimize.h: the same violation with the fewest interruptions.
//
// A counterexample is read by a person, and every switch of actor costs him
// something.  Two passes:
//   1. the steps of the trace in another order that respects happens-before:
//      same results, same ending, fewer preemptions;
//   2. a search over other traces below that number, one bound after the other.
//
// Thread safety: as Program, none.
#pragma once

#include <cstdint>
#include <functional>

#include "model/dependence.h"
#include "model/explore/replay.h"
#include "model/explore/trace.h"
#include "model/program.h"

namespace unswept::model {

struct MinimizeOptions {
  /// Executions the second pass may spend; 0 leaves it out.
  std::uint64_t executions_max = 20'000;
  /// Called before each execution of the second pass; false ends it.
  std::function<bool()> go_on = {};
  Dependence dependence;
};

struct Minimized {
  Trace trace;
  std::size_t preemptions = 0;
  std::size_t preemptions_before = 0;
  bool proven = false;  // no execution with fewer preemptions has the violation
  std::uint64_t executions = 0;
};

/// Whether an ending is the one to keep.
using SameViolation = std::function<bool(const Ending&)>;
/// An ending that breaks the promise of that name, or deadlocks for "no-deadlock".
SameViolation breaks(std::string promise);

/// REQUIRES: replaying `trace` ends in a way that `same` accepts.
Minimized minimize_preemptions(Program& program, const Trace& trace, const SameViolation& same,
                               const MinimizeOptions& options = {});

}  // namespace unswept::model
