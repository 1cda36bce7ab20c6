// scenarios/parse/write.h: a scenario as a file that parses to the same scenario.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// `comment` lines stand at the top, each behind "# ".
std::string write_scenario(const Scenario& scenario, const std::vector<std::string>& comment = {});

}  // namespace unswept::scenarios
