// tests/e2e/run_program.h: running one of our programs as a user would.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <vector>

#include "tests/engine/temporary_directory.h"

namespace unswept::test {

struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs `program` of the build's bin folder, with the shell words `before` in front of it.  No
/// argument may hold a single quote.
inline ProgramResult run_program_as(const std::string& before, const std::string& program,
                                    const std::vector<std::string>& arguments) {
  const TemporaryDirectory directory;
  std::string line = before + "'" UNSWEPT_BINARY_DIR "/bin/" + program + "'";
  for (const std::string& argument : arguments) line += " '" + argument + "'";
  line += " >'" + directory / "out" + "' 2>'" + directory / "err" + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(directory / "out"),
          read_text(directory / "err")};
}

inline ProgramResult run_program(const std::string& program,
                                 const std::vector<std::string>& arguments) {
  return run_program_as("", program, arguments);
}

}  // namespace unswept::test
