// sim/scheduler.h: actors on fibers, one step at a time.
//
// An actor that makes a call asks the chooser, there and then, who goes on.  If it
// is the actor itself, the call happens without a switch; otherwise its fiber
// switches directly to the chosen one's, which was waiting in a call of its own.
//
// A run that is given up leaves fibers in the middle of calls.  They are unwound:
// the call throws a private exception, and everything they do until they have
// ended has no effect (see the contract in engine/os/system.h).
//
// The next run may begin in the middle of the last one, in one of two ways.  Actors
// repeat their steps, with recorded answers (Tape); or, where all of them keep to their
// stacks (ActorOptions), their fibers are put back to where they were (Moments).
// Those are not unwound: what they leave behind is overwritten.
//
// Thread safety: none.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/actor_options.h"
#include "sim/call.h"
#include "sim/fiber.h"
#include "sim/moments.h"
#include "sim/monitor.h"
#include "sim/state_log.h"
#include "sim/tape.h"

namespace unswept::sim {

/// What unwinds a fiber.  Private to the simulation: whoever catches everything must throw it on.
struct Unwound {};

class Scheduler final : public model::Situation {
 public:
  Scheduler(StateLog& log, std::size_t stack_bytes);
  ~Scheduler() override;

  // --- set-up -----------------------------------------------------------------
  model::ActorId add(ActorOptions options, std::function<void()> body);
  void set_monitor(Monitor* monitor);
  void set_checked(bool on) { checked_ = on; }
  void record_descriptions(bool on) { describing_ = on; }

  // --- for code that runs on an actor ---------------------------------------------
  /// Waits until the call may happen and lets it happen.  Outside of actors, and within a
  /// step, it happens at once.
  void submit(Call& call) { submit(call, /*may_throw=*/true); }
  /// The same, but returns when the caller is being unwound.
  void submit_quietly(Call& call) noexcept { submit(call, /*may_throw=*/false); }
  /// Makes the calls of `body` happen at once: it is the inside of a step.
  std::uint64_t within_step(const std::function<std::uint64_t()>& body);
  void spawn(model::ActorId actor);
  void join(model::ActorId actor);
  void forget();
  void remember(std::uint64_t value);
  /// Whether the actor is to say what it knows: somebody compares states, and has not yet seen
  /// it here.
  bool wants_knowledge() const {
    return fingerprints_wanted_ && current_ != model::kNoActor && !knows_already() && !unwinding_;
  }
  /// Of what the actor has learnt since it forgot everything it will use only this.
  void know_only(const os::Gist& gist);
  std::uint64_t random();
  model::ActorId current() const { return current_; }
  /// Its process; the first outside of actors.
  ProcessId current_process() const { return current_process_; }
  void point(const os::Point& point, std::string_view detail);
  /// False while fibers are unwound: what they do has no effect.
  bool attached() const { return !unwinding_; }
  /// While actors are brought back to where they were after the steps that rewind() kept.
  bool repeating() const { return repeating_; }
  void stop();
  void violate(std::string promise, std::string explanation);

  // --- runs -------------------------------------------------------------------------
  /// Goes on after the steps that rewind() kept, or from the beginning.
  model::Ending run(model::Chooser& chooser);
  /// The next run begins with the first steps of the last one, as many as it can, but at most
  /// `steps`.  Restores the state before what comes next.
  std::size_t rewind(std::size_t steps);
  /// Everything was restored: the next run begins at the start.
  void forget_last_run();
  std::string_view description(std::size_t step) const { return descriptions_.at(step); }
  std::string_view name(model::ActorId actor) const;
  std::size_t actors() const { return actors_.size(); }
  std::uint32_t steps_of(model::ActorId actor) const;

  // --- model::Situation -----------------------------------------------------------------
  model::ActorSet enabled() const override { return enabled_; }
  model::ActorSet pending() const override { return sets_.pending; }
  model::ActorId last() const override { return last_; }
  model::OpCode op(model::ActorId actor) const override;
  void predict(model::ActorId actor, model::Footprint& out) const override;
  model::Fingerprint fingerprint() const override;

 private:
  struct Actor;
  class StartCall;
  class EndCall;
  class SpawnCall;

  static void unspawn(const StateLog::Change& spawn);

  void submit(Call& call, bool may_throw);
  void refuse(Call& call, bool may_throw);
  void run_at_once(Call& call);
  void perform(Actor& actor, Call& call);
  bool knows_already() const { return repeating_ && !in_prologue_; }
  void note_learnt(const Actor& actor);
  void take_step(Actor& actor, Call& call);
  bool repeats_at_once(const Call& call) const;
  void repeat_step(Actor& actor, Call& call);
  void begin_step(Actor& actor);
  void announce(Actor& actor, Call& call);
  void check_prediction(const Call& call);
  void report(Actor& actor, Call& call);
  void wait_with(Actor& actor, Call& call);

  // of how runs go back: scheduler_rewind.cpp
  std::size_t rewind_by_repeating(std::size_t steps);
  std::size_t rewind_by_copies(std::size_t steps);
  bool stacks_say_all() const;
  void copy_stacks_of_paused();

  model::ActorId next_to_go();
  model::ActorId begin_next();
  model::ActorId choose_next();
  void note_moment(model::ActorId next);
  model::ActorId repeat_next();
  model::ActorId end_run();
  void find_enabled();
  void switch_to(model::ActorId next);

  void begin_run(model::Chooser& chooser);
  void begin_from_start();
  void make_fiber(Actor& actor);
  void live(Actor& actor);
  void run_body(Actor& actor);
  void leave(Actor& actor);
  void unwind();

  StateLog& log_;
  StackPool stacks_;
  FiberGroup fibers_;
  Fiber main_;
  std::vector<std::unique_ptr<Actor>> actors_;
  bool all_keep_to_stacks_ = true;
  Monitor* monitor_ = nullptr;
  OpSet extended_ = 0;
  OpSet observed_ = 0;
  bool checked_ = false;
  bool describing_ = false;
  mutable bool fingerprints_wanted_ = false;  // since somebody has asked for one

  // the run
  model::Chooser* chooser_ = nullptr;
  model::Ending ending_;
  model::ActorId current_ = model::kNoActor;
  ProcessId current_process_{};
  model::ActorId last_ = model::kNoActor;
  std::size_t steps_ = 0;  // taken, repeated ones left out
  ActorSets sets_;
  model::ActorSet enabled_ = 0;
  bool in_prologue_ = false;  // actors run up to their first calls
  std::size_t begun_ = 0;     // actors that have been looked at in the prologue
  bool in_step_ = false;
  bool unwinding_ = false;
  bool stopping_ = false;
  std::uint64_t outside_random_ = 0;  // random() outside of actors
  model::Footprint footprint_;
  model::Footprint announced_;  // by the monitor, for the step being taken
  model::Footprint predicted_;  // when checked
  mutable model::Footprint scratch_;
  CallInfo info_;
  std::vector<std::string> descriptions_;
  std::vector<model::Violation> violations_;  // taken back with the state

  // what the next run may begin with
  bool recording_ = false;  // from the first rewind() on: one of the following
  bool taping_ = false;
  bool copying_ = false;

  Tape tape_;
  bool repeating_ = false;
  std::size_t kept_ = 0;      // steps at the beginning of the run that are repeated
  std::size_t repeated_ = 0;  // of those

  Moments moments_;
  bool put_back_ = false;    // the next run begins where the actors are
  Actor* paused_ = nullptr;  // its stack is to be copied before it goes on
};

}  // namespace unswept::sim
