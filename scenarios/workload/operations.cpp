#include "scenarios/workload/operations.h"

#include "sim/objects.h"

namespace unswept::scenarios {

std::uint64_t OperationLog::digest() const {
  std::uint64_t digest = 0;
  for (const OperationRun& run : runs_) {
    const std::uint64_t outcome = !run.ended      ? 0
                                  : run.succeeded ? 1
                                                  : 2 + static_cast<std::uint64_t>(run.error);
    // A sum, since operations of different actors begin in any order.
    digest +=
        sim::mix((std::uint64_t{run.actor} << 40 | std::uint64_t{run.index} << 8 | outcome) + 1);
  }
  return digest;
}

}  // namespace unswept::scenarios
