// tests/disk/killer.h: a program killed, or sent another signal, between two of its system calls.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace unswept::test {

/// Whether this process may trace its children at all.
bool can_trace();

/// Runs a program of the build's bin folder and kills it (SIGKILL) right before the `number`-th,
/// from 1, of its system calls that can change something on disk: between two of those the disk is
/// the same wherever the program dies.  Nothing if it ended by itself before; `*exit_code` is then
/// how.
///
/// Output goes nowhere.  The program must have one thread.
std::optional<std::string> kill_before_call(const std::string& program,
                                            const std::vector<std::string>& words,
                                            std::size_t number, int* exit_code);

/// How a program ended that got a signal on its way.
struct SignalledRun {
  /// Before which call it got the signal; nothing if it ended by itself before.
  std::optional<std::string> call;
  int exit_code = -1;
  std::string err;
};

/// The same with a signal that the program may handle: it is sent once, and the program then runs
/// to its end.
SignalledRun signal_before_call(const std::string& program, const std::vector<std::string>& words,
                                std::size_t number, int signal);

}  // namespace unswept::test
