// engine/os/task_runner.h: doing several things at the same time, and waiting for all of them.
//
// An engine that can share work among tasks of its process asks for this next to
// the System.  In a simulated world the tasks are actors, so what they do to each
// other is explored; on a disk they are threads.
//
// Tasks share only what may be used by all tasks of a process, and what nobody
// changes while they run.  What a task has written is seen by the caller when
// run() returns.  Where the world ends the caller in run() (system.h), it has ended
// the tasks before.
#pragma once

#include <functional>
#include <span>

namespace unswept::os {

using Task = std::function<void()>;

class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  /// Does all tasks, the first on the caller itself.  They may run at the same time or one after
  /// the other.  A task throws nothing of its own.
  virtual void run(std::span<const Task> tasks) = 0;
};

/// One after the other.
class TasksInTurn final : public TaskRunner {
 public:
  void run(std::span<const Task> tasks) override {
    for (const Task& task : tasks) task();
  }
};

}  // namespace unswept::os
