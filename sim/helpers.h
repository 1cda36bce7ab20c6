// sim/helpers.h: tasks as actors.
//
// Actors cannot be made during a run.  So whoever builds a world adds to an actor as
// many helpers as its tasks will want; each does one task in a run, between a spawn
// and a join.
//
//   Helpers helpers(world);
//   world.add_actor({.name = "gc", .process = daemon}, [&] { run_gc(helpers.of(0)); });
//   helpers.add(0, {.name = "gc's helper", .process = daemon});
//   world.seal();
//
// Thread safety: none.
#pragma once

#include <memory>
#include <vector>

#include "engine/os/task_runner.h"
#include "sim/world.h"

namespace unswept::sim {

class Helpers {
 public:
  /// `world` must outlive this, and this the world's runs.
  explicit Helpers(World& world);
  ~Helpers();
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;

  /// Before seal().
  ActorId add(ActorId owner, ActorOptions options);
  /// For tasks of this actor.  What is left when all its helpers have had a task in this run, it
  /// does itself: one of the orders that are possible anyway.  Valid as long as this.
  os::TaskRunner& of(ActorId owner);
  /// The helpers of an actor.
  model::ActorSet set_of(ActorId owner) const;

 private:
  class Runner;
  struct Helper {
    ActorId owner;
    ActorId actor;
    const os::Task* task = nullptr;  // in this run
  };
  void run(ActorId owner, std::span<const os::Task> tasks);
  Helper* give(ActorId owner, const os::Task& task);

  World& world_;
  std::vector<std::unique_ptr<Helper>> helpers_;
  std::vector<std::unique_ptr<Runner>> runners_;  // by owner
};

}  // namespace unswept::sim
