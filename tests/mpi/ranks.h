// tests/mpi/ranks.h: running one of our programs with several ranks.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/e2e/run_program.h"

namespace unswept::test {

inline const std::string kLibrary = UNSWEPT_SOURCE_DIR "/scenarios/";
inline const std::string kScenario = kLibrary + "race/there-and-back.toml";

/// Whoever runs the tests, on however many cores.
inline const std::string kEnvironment =
    "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
    "OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none ";

/// What hangs is ended.
inline std::string mpirun(const std::string& options) {
  return kEnvironment + "timeout -k 5 300 '" UNSWEPT_MPIEXEC "' " + options + ' ';
}

inline ProgramResult run_ranks(int ranks, const std::vector<std::string>& arguments) {
  return run_program_as(mpirun("-n " + std::to_string(ranks)), "unswept", arguments);
}

inline std::vector<std::string> check_with(const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"check", kScenario, "--protocol", "v8", "--json"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

inline nlohmann::json report_of(const ProgramResult& ran, int exit_code = 0) {
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == exit_code);
  return nlohmann::json::parse(ran.out);
}

inline nlohmann::json case_of(const ProgramResult& ran, int exit_code = 0) {
  return report_of(ran, exit_code).at("cases").at(0);
}

inline bool has_remark(const nlohmann::json& result, const std::string& part) {
  for (const auto& remark : result.at("remarks"))
    if (remark.get<std::string>().find(part) != std::string::npos) return true;
  return false;
}

inline std::uint64_t number(const nlohmann::json& result, const std::string& figure) {
  return result.at(figure).get<std::uint64_t>();
}

}  // namespace unswept::test
