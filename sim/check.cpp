#include "sim/check.h"

#include <cstdio>
#include <cstdlib>

namespace unswept::sim {

void broken_invariant(std::string_view what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %.*s\n", file, line, static_cast<int>(what.size()),
               what.data());
  std::abort();
}

}  // namespace unswept::sim
