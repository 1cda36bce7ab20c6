// tests/engine/temporary_directory.h: a real directory that is gone after the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>

namespace unswept::test {

class TemporaryDirectory {
 public:
  enum class Medium {
    memory,  // if the machine has a file system there: a store has 65536 directories
    disk,
  };

  explicit TemporaryDirectory(Medium medium = Medium::memory) {
    std::string name = parent(medium) + "/unswept-XXXXXX";
    if (!::mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const {
    return std::string(path_).append("/").append(name);
  }

 private:
  static std::string parent(Medium medium) {
    constexpr const char* kMemory = "/dev/shm";
    if (medium == Medium::memory && ::access(kMemory, W_OK | X_OK) == 0) return kMemory;
    return std::filesystem::temp_directory_path().string();
  }

  std::string path_;
};

}  // namespace unswept::test
