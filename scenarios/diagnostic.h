// scenarios/diagnostic.h: what is wrong with a scenario file, and where.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace unswept::scenarios {

struct Diagnostic {
  std::string file;
  Location where;
  std::string message;
};

/// `file:12:9: message`
std::string to_string(const Diagnostic& diagnostic);

using Diagnostics = std::vector<Diagnostic>;

/// One line per diagnostic.
std::string to_string(const Diagnostics& diagnostics);

}  // namespace unswept::scenarios
