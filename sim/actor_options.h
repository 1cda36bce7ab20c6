// sim/actor_options.h: what there is to say of an actor when it is added.
#pragma once

#include <string>
#include <vector>

#include "model/program.h"
#include "sim/monitor.h"

namespace unswept::sim {

struct ActorOptions {
  std::string name;
  ProcessId process{};
  /// Starts when all of these have ended, well or badly.  Empty: from the beginning.
  std::vector<model::ActorId> after = {};
  bool spawned = false;   // starts only when another actor spawn()s it
  bool joinable = false;  // another actor may join() it
};

}  // namespace unswept::sim
