// scenarios/parse/parse.h: scenario files (TOML) as values.
//
// A file that parses is meaningful: the actors, operations, points, promises and
// protocols it names exist.  What is wrong with it is told with file, line,
// column and, for a mistyped word, the nearest known one.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "scenarios/diagnostic.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// `file` is the name shown in messages; its stem must equal the scenario's name.
std::expected<Scenario, Diagnostics> parse_scenario(std::string_view toml, std::string_view file);

/// Reads and parses a file.  A relative `import` is meant relative to the file's folder.
std::expected<Scenario, Diagnostics> load_scenario(const std::string& path);

}  // namespace unswept::scenarios
