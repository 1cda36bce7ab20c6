// scenarios/cli/main.cpp: the command `unswept`.  The clock, signals and terminals are here.
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

#include "model/explore/peers.h"
#include "scenarios/check/guest.h"
#include "scenarios/cli/commands.h"
#include "scenarios/cli/exit_codes.h"
#include "scenarios/cli/ranks.h"

namespace {

// Written by a signal handler, read by every thread that checks.
std::atomic<int> interrupts = 0;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void on_interrupt(int signal) {
  // The second time is meant.
  if (++interrupts > 1) std::signal(signal, SIG_DFL);
}

/// Who is interrupted ends what it does and reports.  mpirun passes an interruption on as SIGTERM.
void end_when_interrupted() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

/// A guest ends when its host does: an interruption is the host's to deal with, who may still need
/// what the guest has explored.
void end_with_host() {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::size_t columns_now() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int run(int argc, char** argv, unswept::model::Link* guests) {
  using namespace unswept::scenarios;
  const auto line = parse_command_line(argc, argv, mpi_version());
  if (!line) {
    (line.error().code == 0 ? std::cout : std::cerr) << line.error().text;
    return line.error().code;
  }
  end_when_interrupted();
  const Terminal terminal{.out = std::cout,
                          .err = std::cerr,
                          .colours = ::isatty(STDOUT_FILENO) != 0,
                          .live_progress = ::isatty(STDERR_FILENO) != 0,
                          .clock = seconds_now,
                          .interrupted = [] { return interrupts != 0; },
                          .guests = guests,
                          .columns = columns_now};
  switch (line->action) {
    case Action::check:
      return run_check(*line, terminal);
    case Action::estimate:
      return run_estimate(*line, terminal);
    case Action::replay:
      return run_replay(*line, terminal);
    case Action::explain:
      return run_explain(*line, terminal);
    case Action::list:
      return run_list(*line, terminal);
  }
  return 0;
}

}  // namespace

/// Of processes that mpirun started together, the first does what the command line says, and
/// the others help it.
int main(int argc, char** argv) {
  using namespace unswept;
  const auto ranks = scenarios::join_ranks();
  if (!ranks) {
    if (scenarios::started_as().rank == 0) std::cerr << ranks.error() << '\n';
    return scenarios::kBadInput;
  }
  model::Link* const guests = ranks->get();
  if (guests != nullptr && (*ranks)->rank() != model::Link::kHost) {
    end_with_host();
    scenarios::help_checking(*guests, seconds_now);
    return 0;
  }
  const int code = run(argc, argv, guests);
  if (guests != nullptr) model::say_goodbye(*guests);
  return code;
}
