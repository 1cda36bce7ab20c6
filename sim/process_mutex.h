// sim/process_mutex.h: os::Mutex in a simulated process.  See mutexes.h.
#pragma once

#include "sim/machine.h"

namespace unswept::sim {

class ProcessMutex final : public os::Mutex {
 public:
  ProcessMutex(Machine& machine, ProcessId process, MutexState& state)
      : machine_(machine), process_(process), state_(state) {}

  void lock() override;
  bool try_lock() override;
  void unlock() noexcept override;

 private:
  Machine& machine_;
  ProcessId process_;
  MutexState& state_;
};

}  // namespace unswept::sim
