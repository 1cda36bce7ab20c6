// scenarios/cli/ranks.h: the processes that mpirun started together, if it did.
//
// Built with MPI (-DUNSWEPT_MPI=ON) or without; with it, MPI is begun only in a process that
// was started by mpirun (or srun, for which the same variables speak), so that everything
// else runs as if it were not there.  UNSWEPT_MPI=0 in the environment keeps a process by
// itself.
//
// Thread safety: as model::Link, and ended by the thread that began.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "model/explore/link.h"

namespace unswept::scenarios {

/// The link between them.  Its end waits until everything that was sent has arrived.
class Ranks : public model::Link {
 public:
  /// Of this process; that of the host is 0.
  virtual std::uint32_t rank() const = 0;
};

/// Null: this process was started by itself.  A sentence when it was not, and MPI cannot be used.
std::expected<std::unique_ptr<Ranks>, std::string> join_ranks();

/// Which MPI is built in, for --version; or that none is.
std::string mpi_version();

/// How many processes were started together, and which of them this is, as the environment says.
struct StartedAs {
  std::uint32_t size = 1;
  std::uint32_t rank = 0;
};
StartedAs started_as();

}  // namespace unswept::scenarios
