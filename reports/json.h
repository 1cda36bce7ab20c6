// reports/json.h: results for programs.
#pragma once

#include <string>

#include "reports/result.h"

namespace unswept::reports {

/// One object: "settings", "seconds", and "cases", each with scenario, protocol, verdict, complete,
/// executions, steps, seconds, expected, as_expected, and for a violation its check and trace file.
std::string render_json(const Report& report);

}  // namespace unswept::reports
