// tests/disk/other_user.h: the tool run by somebody whom permission bits concern.
//
// Root may do everything, whatever the bits say.  Then the tool runs as "nobody".
#pragma once

#include <string>
#include <unistd.h>
#include <vector>

#include "tests/disk/disk_store.h"

namespace unswept::test {

class OtherUser {
 public:
  /// Gives everything below the store's root to that user.
  explicit OtherUser(const DiskStore& store) : store_(store) {
    if (::geteuid() != 0) return;
    give(store.root());
    for (const auto& entry : fs::recursive_directory_iterator(store.root())) give(entry.path());
  }

  ProgramResult operator()(const std::vector<std::string>& words) const {
    if (::geteuid() != 0) return store_(words);
    return run_program_as("setpriv --reuid=" + std::to_string(kNobody) +
                              " --regid=" + std::to_string(kNobody) + " --clear-groups ",
                          "unswept-store", store_.words(words));
  }

  /// Whether the tool can be run like this at all: it may lie where nobody else may look.
  bool works() const { return (*this)({"--version"}).exit_code == 0; }

 private:
  static constexpr unsigned kNobody = 65534;

  static void give(const fs::path& path) { REQUIRE(::lchown(path.c_str(), kNobody, kNobody) == 0); }

  const DiskStore& store_;
};

}  // namespace unswept::test
