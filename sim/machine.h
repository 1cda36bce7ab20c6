// sim/machine.h: the parts of a World.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/clock.h"
#include "sim/mutexes.h"
#include "sim/scheduler.h"
#include "sim/shared_cells.h"
#include "sim/state_log.h"
#include "sim/timeouts.h"
#include "sim/vfs/vfs.h"
#include "sim/world.h"

namespace unswept::sim {

class ProcessSystem;

class Machine {
 public:
  explicit Machine(Settings settings);
  ~Machine();

  // Declared in the order in which they need each other.
  StateLog log;
  Clock clock;
  Vfs vfs;
  Mutexes mutexes;
  SharedCells cells;
  Timeouts timeouts;
  Scheduler scheduler;

  struct Process {
    std::string name;
    std::unique_ptr<ProcessSystem> system;
  };
  std::vector<Process> processes;
  std::vector<std::string> custom_ops;
  std::vector<std::function<void()>> reset_hooks;
  std::string left_out_of_knowledge;
  Monitor* monitor = nullptr;
  model::Footprint announced;  // by a step of one's own, while it says what it touches
  bool sealed = false;
  bool rewound = false;  // the next run goes on where the world is
  StateLog::Mark initial = 0;

  /// For set-up, which is no step.
  template <class Function>
  auto at_once(Function&& function) {
    model::Footprint ignored;
    Touch touch(ignored, model::kNoActor, ProcessId{}, nullptr, nullptr, /*dry=*/false);
    return function(touch);
  }
};

}  // namespace unswept::sim
