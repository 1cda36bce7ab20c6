// engine/os/posix/task_threads.h: tasks as threads.
//
// Thread safety: may be used from any thread.
#pragma once

#include "engine/os/task_runner.h"

namespace unswept::os {

/// Starts a thread for each task but the first.  Where the system gives no more threads, the caller
/// does what is left.
class TaskThreads final : public TaskRunner {
 public:
  void run(std::span<const Task> tasks) override;
};

}  // namespace unswept::os
