#include "bench/store/peak_memory.h"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace unswept::bench {

namespace {

constexpr std::chrono::milliseconds kInterval{2};

/// 0 when the process is gone or has given its memory back already.
std::uint64_t peak_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  std::string key;
  while (status >> key) {
    std::uint64_t value = 0;
    if (key == "VmHWM:" && status >> value) return value;
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

engine::Result<pid_t> start(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = 0;
  const int error =
      ::posix_spawn(&process, arguments[0], &actions, nullptr, arguments.data(), ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return engine::os_failure(static_cast<os::Errno>(error), "start", words[0]);
  return process;
}

}  // namespace

engine::Result<ChildRun> run_and_watch(const std::vector<std::string>& words) {
  auto process = start(words);
  if (!process) return engine::forward_error(process);
  ChildRun run;
  int status = 0;
  while (::waitpid(*process, &status, WNOHANG) == 0) {
    run.peak_kib = std::max(run.peak_kib, peak_kib(*process));
    std::this_thread::sleep_for(kInterval);
  }
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

}  // namespace unswept::bench
