// scenarios/cli/commands.h: what `unswept` does, one function per subcommand.
//
// Each returns an exit code.  Streams are handed in, so that tests can read them.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>

#include "model/explore/link.h"
#include "scenarios/cli/options.h"

namespace unswept::scenarios {

/// Where the output goes, and what only the edge of the program knows.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool colours = false;                       // `out` is a terminal
  bool live_progress = false;                 // `err` is a terminal
  std::function<double()> clock;              // seconds since some moment
  std::function<bool()> interrupted;          // the user asked to stop
  model::Link* guests = nullptr;              // other processes that help to check
  std::function<std::size_t()> columns = {};  // of the terminal that `err` is; 0: not known
};

int run_check(const CommandLine& line, const Terminal& terminal);
int run_estimate(const CommandLine& line, const Terminal& terminal);
int run_replay(const CommandLine& line, const Terminal& terminal);
int run_explain(const CommandLine& line, const Terminal& terminal);
int run_list(const CommandLine& line, const Terminal& terminal);

}  // namespace unswept::scenarios
