// sim/actor.h: the inside of an actor, for the scheduler.
#pragma once

#include <functional>
#include <memory>

#include "sim/scheduler.h"

namespace unswept::sim {

/// The first step of an actor that does not run from the beginning.
class Scheduler::StartCall final : public Call {
 public:
  StartCall(const Scheduler& scheduler, const Actor& actor);

  bool ready() const override;
  void run(Touch& touch) override;
  std::string describe() const override { return "start"; }

 private:
  const Scheduler& scheduler_;
  const Actor& actor_;
};

/// The last step of an actor that others wait for.
class Scheduler::EndCall final : public Call {
 public:
  EndCall(Scheduler& scheduler, const Actor& actor);

  void run(Touch& touch) override;
  void repeat(Answers& answers) override;
  std::string describe() const override { return "end"; }

 private:
  Scheduler& scheduler_;
  const Actor& actor_;
};

/// Lets an actor start.
class Scheduler::SpawnCall final : public Call {
 public:
  SpawnCall(Scheduler& scheduler, Actor& target);

  void run(Touch& touch) override;
  void repeat(Answers& answers) override;
  std::string describe() const override;

 private:
  Scheduler& scheduler_;
  Actor& target_;
};

struct Scheduler::Actor : ActorMoment {
  Actor(Scheduler& owner, model::ActorId number, ActorOptions how, std::function<void()> what)
      : scheduler(owner),
        id(number),
        options(std::move(how)),
        body(std::move(what)),
        start(owner, *this),
        end(owner, *this) {}

  bool starts_with_step() const { return options.spawned || !options.after.empty(); }

  Scheduler& scheduler;
  model::ActorId id;
  ActorOptions options;
  model::ActorSet after = 0;
  bool ends_with_step = false;  // somebody may wait for its end
  std::function<void()> body;
  StartCall start;
  EndCall end;
  std::unique_ptr<Fiber> fiber;  // from the first run on
};

/// On the fiber of an actor, or the main one: `next`, or the main fiber, goes on.
inline void Scheduler::switch_to(model::ActorId next) {
  current_ = next;
  if (next == model::kNoActor) {
    current_process_ = {};
    fibers_.switch_to(main_);
  } else {
    const Actor& actor = *actors_[next];
    current_process_ = actor.options.process;
    fibers_.switch_to(*actor.fiber);
  }
}

}  // namespace unswept::sim
