#include "engine/os/posix/task_threads.h"

#include <atomic>
#include <thread>
#include <vector>

#include "tests/catch.h"

namespace unswept::test {
namespace {

TEST_CASE("task threads: all tasks are done when run() returns, the first by the caller",
          "[os][tasks]") {
  constexpr std::size_t kTasks = 5;
  std::vector<std::thread::id> done_by(kTasks);
  std::vector<os::Task> tasks;
  for (std::thread::id& by : done_by)
    tasks.emplace_back([&by] { by = std::this_thread::get_id(); });
  os::TaskThreads threads;
  threads.run(tasks);
  CHECK(done_by.front() == std::this_thread::get_id());
  for (const std::thread::id& by : done_by) CHECK(by != std::thread::id());
  threads.run({});
}

TEST_CASE("task threads: tasks run at the same time", "[os][tasks]") {
  // Each waits for the other; one after the other they would wait for ever.
  std::atomic<int> here = 0;
  const os::Task meet = [&here] {
    ++here;
    while (here < 2) std::this_thread::yield();
  };
  const std::vector<os::Task> tasks{meet, meet};
  os::TaskThreads().run(tasks);
  CHECK(here == 2);
}

}  // namespace
}  // namespace unswept::test
