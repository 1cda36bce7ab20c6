#include "engine/ops/remove_directory.h"

#include "engine/store/directory.h"

namespace unswept::engine {
namespace {

// Everything below the directory; paths are relative to it.
os::Result<> remove_entries(os::System& system, os::Where where) {
  auto directory = Directory::open(system, where);
  if (!directory) return os::fail(directory.error());
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

Result<> remove_directory(os::System& system, const std::string& path) {
  auto done = remove_entries(system, path);
  if (done) done = system.rmdir(path);
  if (!done) return os_failure(done.error(), "remove", path);
  return {};
}

}  // namespace unswept::engine
