// reports/junit.h: results as JUnit XML, which continuous integration shows.
#pragma once

#include <string>

#include "reports/result.h"

namespace unswept::reports {

/// One test suite; a case fails when its verdict is not the expected one.
std::string render_junit(const Report& report);

}  // namespace unswept::reports
