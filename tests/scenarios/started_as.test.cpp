// Which processes were started together, as the environment says.
#include <cstdlib>
#include <string>

#include "scenarios/cli/ranks.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Environment() { ::unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a process knows its rank from who started it") {
  REQUIRE(started_as().size == 1);
  {
    const Environment size("OMPI_COMM_WORLD_SIZE", "4");
    const Environment rank("OMPI_COMM_WORLD_RANK", "3");
    CHECK(started_as().size == 4);
    CHECK(started_as().rank == 3);
    const Environment alone("UNSWEPT_MPI", "0");
    CHECK(started_as().size == 1);
    CHECK(started_as().rank == 0);
  }
  {
    const Environment size("PMI_SIZE", "2");
    const Environment rank("PMI_RANK", "1");
    CHECK(started_as().size == 2);
    CHECK(started_as().rank == 1);
  }
  const Environment size("OMPI_COMM_WORLD_SIZE", "many");
  CHECK(started_as().size == 1);
}

}  // namespace unswept::scenarios
