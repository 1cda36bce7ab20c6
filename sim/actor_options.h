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
  /// A promise: whenever it takes a step, all that the actor keeps is on its stack, in objects that
  /// may be copied byte by byte and need no destructor (numbers, pointers to what outlives the run,
  /// guards of mutexes of the set-up), or in the world.  It changes nothing else: no memory of the
  /// process, nothing that its body captured.  So no std::string or std::vector lives across a step
  /// (of a file's contents, a directory's entries, an exception's text).
  ///
  /// Where all actors of a world promise it, World::rewind() copies stacks back in place of
  /// repeating code, and a run that is given up leaves them where they are: no destructor runs.
  bool keeps_to_its_stack = false;
};

}  // namespace unswept::sim
