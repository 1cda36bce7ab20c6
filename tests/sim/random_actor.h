// tests/sim/random_actor.h: an actor that makes generated calls of every kind.
//
// What it does next depends on its seed and on what its own calls answered, as with
// any program.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "sim/shared.h"
#include "sim/world.h"

namespace unswept::sim::testing {

/// What generated actors share.
struct Playground {
  explicit Playground(World& machine);

  World& world;
  ProcessId processes[2];
  std::unique_ptr<os::Mutex> mutexes[2];
  Shared<std::uint8_t> variables[2];
  os::Fd shared_fd = os::Fd::none;  // of "/a/f", in the first process
};

class RandomActor {
 public:
  RandomActor(Playground& playground, std::size_t process, std::uint64_t seed)
      : playground_(playground),
        os_(playground.world.system(playground.processes[process])),
        first_process_(process == 0),
        random_(seed) {}

  /// May end in a deadlock with others.
  void make_calls(std::size_t count);

 private:
  std::uint64_t below(std::uint64_t count) { return random_() % count; }
  std::string path();
  os::Fd fd();

  void call();
  void call_on_names();
  void call_on_file();
  void call_on_locks();
  void call_on_memory();
  void open();
  void close();
  void open_directory();
  void read_directory();

  Playground& playground_;
  os::System& os_;
  bool first_process_;
  std::mt19937_64 random_;
  std::vector<os::Fd> fds_;
  std::vector<os::Fd> directories_;
  int mutex_held_ = -1;
};

}  // namespace unswept::sim::testing
