// unswept-store: the engine as a tool on a real disk.
#include <csignal>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include "engine/cli/tool.h"

namespace {

// The one place a signal handler can reach.
std::atomic<bool> interrupted{false};

/// The first signal asks for an orderly end, the second ends the program.
void ask_to_stop(int signal) {
  interrupted = true;
  std::signal(signal, SIG_DFL);
}

/// Without SA_RESTART, so that waiting for a lock ends too.
void handle(int signal) {
  struct ::sigaction action{};
  action.sa_handler = ask_to_stop;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  handle(SIGINT);
  handle(SIGTERM);
  const std::vector<std::string> words(argv + 1, argv + argc);
  using unswept::engine::ProgressStyle;
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const auto progress = terminal ? ProgressStyle::terminal : ProgressStyle::log;
  return unswept::engine::run_tool(words, {std::cout, std::cerr, progress}, interrupted);
}
