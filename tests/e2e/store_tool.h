// tests/e2e/store_tool.h: a datastore on a real disk that only unswept-store works on.
#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/run_program.h"

namespace unswept::test {

/// A store, its locks, and files to back up, in a directory that is gone after the test.
class Store {
 public:
  ProgramResult operator()(std::vector<std::string> words) {
    words.insert(words.begin(), {"--store", base(), "--lock-dir", directory / "locks"});
    return run_program("unswept-store", words);
  }
  std::string base() const { return directory / "store"; }

  /// A file of random bytes.
  std::string make_file(const std::string& name, std::size_t size, unsigned seed) {
    std::minstd_rand random(seed);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    std::ofstream(directory / name, std::ios::binary) << bytes;
    return directory / name;
  }
  std::size_t chunk_files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(base() + "/.chunks")) {
      count += entry.is_regular_file();
    }
    return count;
  }

  TemporaryDirectory directory;
};

/// The path of the snapshot that `backup` says it made.
inline std::string snapshot_of(const ProgramResult& backup) {
  const auto start = backup.out.find(':') + 1;
  return backup.out.substr(start, backup.out.find(": ", start) - start);
}

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace unswept::test
