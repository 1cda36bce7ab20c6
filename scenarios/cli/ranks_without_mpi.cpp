// What a build without MPI knows of ranks.
#include "scenarios/cli/ranks.h"

namespace unswept::scenarios {

std::expected<std::unique_ptr<Ranks>, std::string> join_ranks() {
  const StartedAs started = started_as();
  if (started.size < 2) return nullptr;
  return std::unexpected(
      "this unswept was built without MPI, and would do the same work " +
      std::to_string(started.size) +
      " times; install libopenmpi-dev and build it with -DUNSWEPT_MPI=ON, or set UNSWEPT_MPI=0 if "
      "each process has work of its own (--shard)");
}

std::string mpi_version() { return "without MPI"; }

}  // namespace unswept::scenarios
