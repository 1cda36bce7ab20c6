// engine/cli/tool.h: unswept-store, without its main().
#pragma once

#include <atomic>
#include <ostream>
#include <span>
#include <string>

#include "engine/cli/progress.h"

namespace unswept::engine {

struct ToolStreams {
  std::ostream& out;
  std::ostream& err;
  ProgressStyle progress = ProgressStyle::none;  // on `err`
};

/// Carries out what was typed.  Returns the exit code: 0 done, 1 the command failed, 2 bad input,
/// 130 interrupted.  `interrupt` may be set at any time; operations then end at the next safe
/// place.
int run_tool(std::span<const std::string> words, ToolStreams streams,
             const std::atomic<bool>& interrupt);

}  // namespace unswept::engine
