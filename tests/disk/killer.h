// tests/disk/killer.h: a program killed between two of its system calls.
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

}  // namespace unswept::test
