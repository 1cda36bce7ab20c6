#include "engine/os/posix/task_threads.h"

#include <system_error>
#include <thread>
#include <vector>

namespace unswept::os {

namespace {

/// False when the system has no thread to give.
bool start(std::vector<std::jthread>& threads, const Task& task) {
  try {
    threads.emplace_back(task);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

void TaskThreads::run(std::span<const Task> tasks) {
  if (tasks.empty()) return;
  std::vector<std::jthread> threads;
  threads.reserve(tasks.size());
  std::size_t started = 1;
  while (started < tasks.size() && start(threads, tasks[started])) ++started;
  tasks.front()();
  for (const Task& task : tasks.subspan(started)) task();
}

}  // namespace unswept::os
