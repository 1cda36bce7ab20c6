#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "engine/cli/values.h"
#include "scenarios/cli/ranks.h"

namespace unswept::scenarios {
namespace {

std::optional<std::uint32_t> number_in(const char* variable) {
  const char* const text = std::getenv(variable);
  const auto number = text == nullptr ? std::nullopt : engine::parse_unsigned(text);
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

/// Open MPI's mpirun, MPICH's and others' that speak its protocol, Slurm's srun --mpi=pmix.
StartedAs started_as() {
  using Names = std::pair<const char*, const char*>;
  static constexpr std::array kKnown{Names{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                     Names{"PMI_SIZE", "PMI_RANK"}};
  if (number_in("UNSWEPT_MPI") == 0U) return {};
  for (const auto& [size, rank] : kKnown)
    if (const auto processes = number_in(size))
      return {.size = *processes, .rank = number_in(rank).value_or(0)};
  return {};
}

}  // namespace unswept::scenarios
