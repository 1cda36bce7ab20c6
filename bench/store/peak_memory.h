// bench/store/peak_memory.h: how much memory a program needed at most.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/error.h"

namespace unswept::bench {

struct ChildRun {
  int exit_code = 0;
  /// VmHWM, in KiB: the kernel's own record of the peak, asked every few milliseconds while the
  /// program runs.  Mapped files count.
  std::uint64_t peak_kib = 0;
};

/// Runs a program (words[0] is its path) with its output thrown away.
engine::Result<ChildRun> run_and_watch(const std::vector<std::string>& words);

}  // namespace unswept::bench
