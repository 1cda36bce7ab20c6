#include "tests/house/includes.h"

#include "tests/catch.h"

namespace unswept::house {
namespace {

/// How many includes of one line of made-up code are found at fault.
std::size_t faults(std::string path, std::string text) {
  return include_problems({std::move(path), std::move(text)}).size();
}

TEST_CASE("house: no include runs against the allowed directions", "[house]") {
  Problems problems;
  std::size_t files = 0;
  for (const auto& file : read_source_tree(UNSWEPT_SOURCE_DIR)) {
    if (file.is_cpp()) ++files;
    for (auto& problem : include_problems(file)) problems.push_back(std::move(problem));
  }
  INFO(join(problems));
  CHECK(problems.empty());
  CHECK(files > 10);  // the tree was found
}

TEST_CASE("house: the engine knows nothing of simulation", "[house]") {
  for (const auto* target : {"sim/world.h", "model/program.h", "scenarios/scenario.h",
                             "reports/console.h", "engine/os/posix/posix_system.h"}) {
    INFO(target);
    CHECK(faults("engine/ops/gc.cpp", "#include \"" + std::string(target) + "\"\n") == 1);
  }
  CHECK(faults("engine/ops/gc.cpp", "#include \"engine/os/system.h\"\n") == 0);
}

TEST_CASE("house: engine/os stands below the datastore", "[house]") {
  CHECK(faults("engine/os/posix/posix_system.cpp", "#include \"engine/store/store.h\"\n") == 1);
  CHECK(faults("engine/os/system.h", "#include \"engine/os/posix/posix_system.h\"\n") == 1);
  CHECK(faults("engine/os/system.h", "#include \"engine/os/result.h\"\n") == 0);
}

TEST_CASE("house: the datastore has no effect that does not go through engine/os", "[house]") {
  for (const auto* header :
       {"fstream", "filesystem", "unistd.h", "sys/stat.h", "thread", "random"}) {
    INFO(header);
    const auto line = "#include <" + std::string(header) + ">\n";
    CHECK(faults("engine/store/store.cpp", line) == 1);
    CHECK(faults("engine/os/posix/posix_system.cpp", line) == 0);
  }
  CHECK(faults("engine/store/store.cpp", "#include <vector>\n") == 0);
}

TEST_CASE("house: the model knows nobody", "[house]") {
  for (const auto* target : {"sim/world.h", "engine/os/result.h", "scenarios/scenario.h"}) {
    INFO(target);
    CHECK(faults("model/explore/dpor.cpp", "#include \"" + std::string(target) + "\"\n") == 1);
  }
  CHECK(faults("model/program.h", "#include \"model/explore/explore.h\"\n") == 1);
}

TEST_CASE("house: sim knows the model's vocabulary and the interface of engine/os", "[house]") {
  CHECK(faults("sim/world.h", "#include \"model/program.h\"\n") == 0);
  CHECK(faults("sim/world.h", "#include \"engine/os/system.h\"\n") == 0);
  CHECK(faults("sim/world.h", "#include \"model/explore/explore.h\"\n") == 1);
  CHECK(faults("sim/world.h", "#include \"engine/store/store.h\"\n") == 1);
  CHECK(faults("sim/world.h", "#include \"engine/os/posix/posix_system.h\"\n") == 1);
}

TEST_CASE("house: reports know results only", "[house]") {
  CHECK(faults("reports/json.cpp", "#include \"model/explore/result.h\"\n") == 0);
  CHECK(faults("reports/json.cpp", "#include \"scenarios/scenario.h\"\n") == 1);
  CHECK(faults("reports/json.cpp", "#include \"engine/points.h\"\n") == 1);
}

TEST_CASE("house: nobody but tests includes tests, and nobody benchmarks", "[house]") {
  CHECK(faults("scenarios/cli/main.cpp", "#include \"tests/catch.h\"\n") == 1);
  CHECK(faults("tests/sim/world.test.cpp", "#include \"tests/catch.h\"\n") == 0);
  CHECK(faults("tests/sim/world.test.cpp", "#include \"bench/sim_bench.h\"\n") == 1);
  CHECK(faults("bench/store/main.cpp", "#include \"bench/store/shape.h\"\n") == 0);
}

TEST_CASE("house: the scanner sees oddly written includes, and only includes", "[house]") {
  CHECK(faults("model/a.cpp", "int x;\n  #  include \"sim/world.h\"  // why\n") == 1);
  CHECK(faults("model/a.cpp", "// #include \"sim/world.h\"\n") == 0);
  CHECK(faults("model/a.cpp", "#include \"../sim/world.h\"\n") == 1);
  CHECK(faults("model/a.cpp", "#include \"program.h\"\n") == 1);
  CHECK(include_problems({"model/a.cpp", "\n#include \"sim/world.h\"\n"}).front() ==
        "model/a.cpp:2: must not know \"sim/world.h\"");
}

}  // namespace
}  // namespace unswept::house
