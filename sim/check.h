// sim/check.h: what must be true of the simulation itself.
//
// A broken invariant means that this program is wrong, so it stops, in every build.
#pragma once

#include <string_view>

namespace unswept::sim {

[[noreturn]] void broken_invariant(std::string_view what, const char* file, int line);

}  // namespace unswept::sim

#define UNSWEPT_SIM_CHECK(condition, what)                                          \
  do {                                                                              \
    if (!(condition)) ::unswept::sim::broken_invariant((what), __FILE__, __LINE__); \
  } while (false)
