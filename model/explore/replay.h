// model/explore/replay.h: run a program along a trace and keep everything it did.
//
// Thread safety: as Program, none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/explore/trace.h"
#include "model/program.h"

namespace unswept::model {

/// A step with all that is known of it, kept after the run.
struct RecordedStep {
  ActorId actor = kNoActor;
  std::uint32_t ordinal = 0;
  OpCode op = 0;
  std::uint64_t result = 0;
  ActorSet enabled = 0;  // before the step
  std::vector<Access> footprint;
  std::string op_name;
  std::string description;  // empty unless asked for
};

/// The same answers gave another run: something other than the oracle decides.
struct Divergence {
  std::size_t step = 0;  // the first step that differs, counted from 0
  /// "enabled actors", "operation", "footprint", "result", "question"; "length", "ending",
  /// "final state" of whole runs; "step" where an explorer noticed, which keeps no details.
  std::string what;
  std::string expected;
  std::string found;
};

/// A run, kept.
struct RecordedRun {
  std::vector<RecordedStep> steps;
  Trace trace;  // what was answered, the steps past the end of the given trace included
  Ending ending;
  Fingerprint final_fingerprint;
  std::vector<std::string> actor_names;
  std::optional<Divergence> divergence;  // the trace does not fit the program
};

/// What to do when the trace is at its end and the program is not.
enum class Afterwards : std::uint8_t {
  stop,   // give up the execution there
  go_on,  // the actor that ran last as long as it can, then the lowest; every choice 0
};

struct ReplayOptions {
  bool describe = true;  // ask the program for descriptions
  Afterwards afterwards = Afterwards::go_on;
};

/// Runs `program` along `trace`.
///
/// A trace that does not fit (it picks an actor that is not enabled, or answers
/// a question that is not asked) ends the run there, with a divergence.
RecordedRun replay(Program& program, const Trace& trace, const ReplayOptions& options = {});

/// The first difference between two runs of one trace, if there is one.
std::optional<Divergence> first_difference(const RecordedRun& expected, const RecordedRun& found);

/// How often an actor was interrupted that could have gone on.
std::size_t preemptions(const RecordedRun& run);
/// How often two successive steps belong to different actors.
std::size_t switches(const RecordedRun& run);

}  // namespace unswept::model
