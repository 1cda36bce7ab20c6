// model/program.h: the vocabulary between a program and whoever explores it.
//
// A program is anything that, given an answer to each of its questions, runs to
// an end and tells its steps.  It has actors; each takes one step after the
// other, and between two steps the program asks who goes on.  A step may ask for
// one or more outcomes (which directory entry comes first, whether a fault
// strikes).  Nothing else may influence a run: the same answers give the same
// steps, with the same footprints and results.
//
// The program calls, the explorer answers.  So a program is free in how it keeps
// its actors (fibers in sim/, a table in tests), and the explorer in how it
// decides.
//
// Thread safety: none.  A Program and its Chooser belong to one thread; parallel
// exploration makes one Program per worker.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/footprint.h"

namespace unswept::model {

using ActorId = std::uint32_t;
inline constexpr ActorId kNoActor = 0xffffffff;  // as an answer: give up this execution
inline constexpr std::size_t kActorsMax = 64;

/// A set of actors: bit i stands for actor i.
using ActorSet = std::uint64_t;
constexpr ActorSet set_of(ActorId actor) { return ActorSet{1} << actor; }
constexpr bool contains(ActorSet set, ActorId actor) { return (set >> actor & 1) != 0; }
/// REQUIRES: the set is not empty.
constexpr ActorId lowest(ActorSet set) { return static_cast<ActorId>(std::countr_zero(set)); }

/// 128 bits of a state.
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Fingerprint&) const = default;
};

/// The program's own number for a kind of step ("rename", "lock", ...).
using OpCode = std::uint16_t;

/// A step that was taken.
struct Step {
  ActorId actor = kNoActor;
  std::uint32_t ordinal = 0;  // this is the actor's n-th step, counted from 0
  OpCode op = 0;
  std::uint64_t result = 0;  // a digest of what the actor got back
  /// What it touched.  Valid during Chooser::taken() only.
  std::span<const Access> footprint;
};

/// The program between two steps, as an explorer may look at it.
class Situation {
 public:
  virtual ~Situation() = default;
  /// Actors whose next step can be taken now.  Never empty when pick() is asked.
  virtual ActorSet enabled() const = 0;
  /// Actors that have a next step, enabled or not.
  virtual ActorSet pending() const = 0;
  /// Who took the last step; kNoActor at the start.
  virtual ActorId last() const = 0;
  /// The kind of the next step of an actor in pending().
  virtual OpCode op(ActorId actor) const = 0;
  /// What the next step of `actor` (in pending()) would touch if it were taken
  /// now, over all its outcomes.  `out` is replaced.  Costs about as much as the step.
  virtual void predict(ActorId actor, Footprint& out) const = 0;
  /// A fingerprint of the whole state, actors' memories included.
  virtual Fingerprint fingerprint() const = 0;
};

/// What kind of question choose() asks: shown in traces, counted in bounds.
enum class ChoiceKind : std::uint8_t {
  data,
  directory_order,
  directory_race,
  timeout,
  fault,
  crash
};
std::string_view to_string(ChoiceKind kind);

/// The oracle for everything nondeterministic.
class Chooser {
 public:
  virtual ~Chooser() = default;
  /// Who takes the next step: one of situation.enabled(), or kNoActor to give
  /// up this execution.
  virtual ActorId pick(const Situation& situation) = 0;
  /// The outcome of a step that has been picked: 0 <= answer < count, count >= 2.
  /// `count` depends on nothing that the step's footprint leaves out.
  virtual std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) = 0;
  /// The step is done.  Called once per picked step, after its choose()s.
  virtual void taken(const Step& step) = 0;
  /// The run is over: every actor ended, none of those pending can go on, or a
  /// step was a violation.  Called once, before run() returns, unless pick() gave
  /// the execution up.  What blocked actors would do next still has to be looked
  /// at: without that, a reduction could miss the order in which they do it.
  virtual void ended(const Situation& situation) { (void)situation; }
};

enum class Outcome : std::uint8_t {
  finished,  // every actor ended
  deadlock,  // some actor has a next step and none can be taken
  stopped,   // pick() said so, or a step was a violation
};

/// A promise that did not hold.
struct Violation {
  std::string promise;      // its name: "no-referenced-chunk-unmarked"
  std::string explanation;  // one or more lines for a reader
};

/// How a run ended.
struct Ending {
  Outcome outcome = Outcome::finished;
  ActorSet blocked = 0;  // in a deadlock: who waits
  /// Present when a promise broke.  The run may have gone on.
  std::vector<Violation> violations;
};

class Program {
 public:
  virtual ~Program() = default;
  /// Runs once, from the initial state, which it restores first (but see rewind()).  Never
  /// throws for what the program under test does.
  virtual Ending run(Chooser& chooser) = 0;
  /// Takes the program back to where it was after the first n steps of its last run, n <= `steps`
  /// as large as it can, and returns n: the next run() goes on from there, and neither asks about
  /// those n steps nor tells of them.  The chooser of that run must be one that would have answered
  /// as before.  A program that cannot do so starts from the beginning and returns 0.
  virtual std::size_t rewind(std::size_t steps) {
    (void)steps;
    return 0;
  }
  /// Of the state in which the last run ended (files and results, not histories).
  virtual Fingerprint final_fingerprint() const = 0;
  virtual std::string actor_name(ActorId actor) const = 0;
  virtual std::string_view op_name(OpCode op) const = 0;
  /// Whether run() should keep `describe` lines.  Off by default: they cost time.
  virtual void record_descriptions(bool on) = 0;
  /// With descriptions on: the n-th step of the last run in words: `rename a/x -> b/x`.
  virtual std::string_view description(std::size_t step) const = 0;
};

}  // namespace unswept::model
