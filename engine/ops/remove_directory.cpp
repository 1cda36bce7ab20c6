#include "engine/ops/remove_directory.h"

#include "engine/store/directory.h"

namespace unswept::engine {
namespace {

// Everything below the directory; paths are relative to it.  What a symlink leads to is somebody
// else's.
os::Result<> remove_entries(os::System& system, os::Where where, std::string_view first = {}) {
  auto directory = Directory::open(system, where, std::nullopt, os::Follow::no);
  if (!directory) return os::fail(directory.error());
  if (!first.empty()) {
    const auto done = system.unlink({directory->fd(), first});
    if (!done && done.error() != os::Errno::no_such_file_or_directory) return done;
  }
  while (true) {
    const auto entry = directory->next();
    if (!entry) return os::fail(entry.error());
    if (*entry == nullptr) return {};
    const auto type = directory->type_of(**entry);
    if (!type) return os::fail(type.error());
    const os::Where child(directory->fd(), (*entry)->name);
    if (*type == os::FileType::directory) {
      if (auto done = remove_entries(system, child); !done) return done;
      if (auto done = system.rmdir(child); !done) return done;
    } else if (auto done = system.unlink(child); !done) {
      return done;
    }
  }
}

}  // namespace

Result<> remove_directory(os::System& system, const std::string& path, std::string_view first) {
  auto done = remove_entries(system, path, first);
  if (done) done = system.rmdir(path);
  if (!done) return os_failure(done.error(), "remove", path);
  return {};
}

}  // namespace unswept::engine
