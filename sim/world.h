// sim/world.h: one simulated machine.
//
// A World has a file system, a clock, processes, and actors: tasks of a process,
// each on a fiber of its own.  An actor's system calls are steps: each waits
// until the chooser picks its actor and then happens at once.  All freedom
// (who goes on, directory order) is the chooser's, so the same answers give the
// same run.
//
//   World world;
//   const ProcessId daemon = world.add_process("daemon");
//   (void)world.system(daemon).mkdir("/store");            // set-up: happens at once
//   world.add_actor({.name = "gc", .process = daemon}, [&] { run_gc(world.system(daemon)); });
//   world.seal();
//   model::Ending ending = world.run(chooser);             // as often as one likes
//
// Outside of actors (during set-up, and after a run) calls happen at once and are no
// steps.  run() begins by undoing everything since seal().
//
// rewind() lets a run begin with the first steps of the last one.  Those steps do not
// happen again, and nobody is told of them: the state is restored to what it was behind
// them, and each actor's code runs again, from the start, with the answers that it got.
// So everything that is a function of the actors' answers comes to be as it was.  Actors
// that all keep to their stacks (ActorOptions) do not run again: their stacks are put back.
//
// Objects that actors share must belong to the world (files, mutexes from
// make_mutex(), Shared<T>), be made anew by the actors of each run, or be put back by
// a hook given to on_reset().  What an actor shares with others only in memory
// is invisible to the checker.
//
// Not modelled: permissions (all are root), hard links, directory sizes and
// modification times, access times changed by reading.
//
// Thread safety: none; a World and all that belongs to it stay on one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/os/system.h"
#include "model/program.h"
#include "sim/actor_options.h"
#include "sim/monitor.h"
#include "sim/objects.h"
#include "sim/ops.h"
#include "sim/vfs/directory_policy.h"
#include "sim/view.h"

namespace unswept::sim {

using model::ActorId;

class Machine;  // the inside of a World

inline constexpr std::uint32_t kUnlimited = 0xffffffff;

struct Settings {
  /// A wait with a limit may expire while the lock is held.  How often in a run; when
  /// that is used up, waits last for ever.
  std::uint32_t timeouts_max = kUnlimited;
  std::size_t stack_bytes = 256 * 1024;
};

class World final : public model::Situation {
 public:
  explicit World(Settings settings = {});
  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // --- set-up, before seal() -------------------------------------------------
  ProcessId add_process(std::string_view name);
  /// At most model::kActorsMax.  Actor ids count from 0.
  ActorId add_actor(ActorOptions options, std::function<void()> body);
  /// A step code of one's own, for step().
  model::OpCode define_op(std::string_view name);
  void set_clock(os::Timestamp now);
  void symlink(std::string_view target, std::string_view path);
  void set_atime(std::string_view path, os::Timestamp atime);
  /// Keeps access times below this directory, of what is there and of what will be created there.
  /// Everywhere else files show the time of seal().
  void track_times(std::string_view directory = "/");
  /// Asked with the path a directory is opened by.  Default: sorted, all at once.
  void set_directory_policy(std::function<DirectoryPolicy(std::string_view path)> policy);
  /// At most one; null for none.  May be called later, too, but not during a run.
  void set_monitor(Monitor* monitor);
  /// Called when the sealed state has been restored, in the order given.
  /// Also called by rewind() when actors are to repeat their steps; there it may call nothing but
  /// make_mutex().
  void on_reset(std::function<void()> hook);
  /// What actors say they know is taken without this part of it (engine/os/knowledge.h): a way to
  /// get it wrong, for tests of the tests.
  void leave_out_of_knowledge(std::string part);
  /// Compare each step's footprint with what was predicted; a difference ends the program.
  void set_checked(bool on);
  /// Everything until now is the initial state.
  void seal();

  // --- the machine ---------------------------------------------------------------
  os::System& system(ProcessId process);
  View view(model::Footprint* footprint = nullptr);
  os::Timestamp clock() const;

  // --- for code that runs on an actor ----------------------------------------------
  /// The actor whose code runs, or kNoActor.
  ActorId current() const;
  /// A step of one's own.  `footprint` announces what `body` reads and writes; it may be
  /// asked several times.  System calls in `body` happen at once, within this step.
  /// The body's answer is the step's result: what the actor learns from it.
  std::uint64_t step(model::OpCode op, const std::function<void(model::Footprint&)>& footprint,
                     const std::function<std::uint64_t()>& body, std::string_view description = {});
  /// Steps: starts an actor that was added as `spawned`; waits for the end of a `joinable` one.
  void spawn(ActorId actor);
  void join(ActorId actor);
  /// A step: time passes.
  void advance_clock(std::chrono::nanoseconds duration);
  /// The actor has no memory of what it has seen: an operation begins.  Not a step.
  void forget();
  /// Mixes a value into the actor's memory, for what must survive forget().
  void remember(std::uint64_t value);
  /// A promise broke.  May also be called by monitors and after the run.
  void violate(std::string promise, std::string explanation);
  /// The run ends as `stopped` before the next step.
  void stop();
  /// Whether the code that runs has run before: what it did then to something that on_undo()
  /// restores it must not do again.
  bool repeating() const;
  /// How many steps the actor has taken.
  std::uint32_t steps_of(ActorId actor) const;
  /// `take_back(context, value)` is to be called when the world goes back to before now.  For
  /// what belongs to a run and is kept outside of the world.
  using TakeBack = void (*)(void* context, std::uint64_t value);
  void on_undo(TakeBack take_back, void* context, std::uint64_t value = 0);

  // --- runs ------------------------------------------------------------------------
  /// As model::Program::run().
  model::Ending run(model::Chooser& chooser);
  /// As model::Program::rewind(), for programs that keep to the following.  All that actors do
  /// to memory of others is a function of the answers they got and is put back by on_reset(), or
  /// is done only unless repeating() and taken back by on_undo(), as is all that a monitor
  /// remembers.  The bodies of step()s do nothing that outlives them but call the system.
  /// Where stacks are put back, goes back further than it could if only few could go on there.
  std::size_t rewind(std::size_t steps);
  /// Back to the sealed state.  run() does it by itself.
  void reset();
  /// Of files, locks, shared variables and clock; not of actors' memories.
  model::Fingerprint final_fingerprint() const;
  void record_descriptions(bool on);
  std::string_view description(std::size_t step) const;
  std::string_view actor_name(ActorId actor) const;
  std::string_view process_name(ProcessId process) const;
  std::string_view op_name(model::OpCode op) const;
  std::size_t actors() const;
  /// Descriptors and locks that are held now: in words, one each, sorted.
  std::vector<std::string> open_resources() const;

  // --- model::Situation --------------------------------------------------------------
  model::ActorSet enabled() const override;
  model::ActorSet pending() const override;
  ActorId last() const override;
  model::OpCode op(ActorId actor) const override;
  void predict(ActorId actor, model::Footprint& out) const override;
  model::Fingerprint fingerprint() const override;

  /// For the other parts of sim/.
  Machine& machine() { return *machine_; }

 private:
  std::unique_ptr<Machine> machine_;
};

}  // namespace unswept::sim
