#include "sim/process_mutex.h"

#include <fmt/format.h>

#include "sim/call.h"

namespace unswept::sim {

void ProcessMutex::lock() {
  const auto ready = [&] { return !state_.held; };
  const auto run = [&](Touch& touch) {
    machine_.mutexes.lock(touch, state_);
    return Nothing{};
  };
  const auto describe = [&] { return fmt::format("lock {}", state_.name); };
  WaitingCallOf<Nothing, decltype(ready), decltype(run), decltype(describe)> call(
      Op::mutex_lock, process_, ready, run, describe);
  machine_.scheduler.submit(call);
}

bool ProcessMutex::try_lock() {
  const auto run = [&](Touch& touch) { return machine_.mutexes.try_lock(touch, state_); };
  const auto describe = [&] { return fmt::format("try-lock {}", state_.name); };
  CallOf<bool, decltype(run), decltype(describe)> call(Op::mutex_try_lock, process_, run, describe);
  machine_.scheduler.submit(call);
  return call.value();
}

void ProcessMutex::unlock() noexcept {
  const auto run = [&](Touch& touch) {
    machine_.mutexes.unlock(touch, state_);
    return Nothing{};
  };
  const auto describe = [&] { return fmt::format("unlock {}", state_.name); };
  CallOf<Nothing, decltype(run), decltype(describe)> call(Op::mutex_unlock, process_, run,
                                                          describe);
  machine_.scheduler.submit_quietly(call);
}

}  // namespace unswept::sim
