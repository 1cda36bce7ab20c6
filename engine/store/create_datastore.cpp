// Making an empty datastore on disk.
#include <string>

#include "engine/format/chunk_names.h"
#include "engine/store/datastore.h"
#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

constexpr std::uint32_t kBaseMode = 0755;
constexpr std::uint32_t kChunksMode = 0750;

/// Mode and owner do not depend on the process's umask and user.
Result<> own_directory(os::System& system, const std::string& path, std::uint32_t mode) {
  auto directory = os::open_file(system, path, os::Open::read | os::Open::directory);
  if (!directory) return os_failure(directory.error(), "open", path);
  auto done = system.chmod(directory->fd(), mode);
  if (done) done = system.chown_to_service(directory->fd());
  if (!done) return os_failure(done.error(), "set mode and owner of", path);
  return {};
}

Result<> make_owned_directory(os::System& system, const std::string& path, std::uint32_t mode) {
  if (auto made = system.mkdir(path, mode); !made)
    return os_failure(made.error(), "create directory", path);
  return own_directory(system, path, mode);
}

/// A directory that is there may be used if nothing is in it, but for what a fresh file system has.
Result<> check_empty(os::System& system, const std::string& path) {
  auto directory = Directory::open(system, path);
  if (!directory) return os_failure(directory.error(), "open", path);
  while (true) {
    auto entry = directory->next();
    if (!entry) return os_failure(entry.error(), "read", path);
    if (*entry == nullptr) return {};
    if ((*entry)->name != "lost+found")
      return fail(ErrorKind::refused, path + " is not empty: it holds \"" + (*entry)->name +
                                          "\"; choose a new or empty directory");
  }
}

Result<> make_base(os::System& system, const std::string& base) {
  auto made = system.mkdir(base, kBaseMode);
  if (!made && made.error() != os::Errno::file_exists)
    return os_failure(made.error(), "create directory", base);
  if (!made)
    if (auto empty = check_empty(system, base); !empty) return empty;
  return own_directory(system, base, kBaseMode);
}

Result<> make_chunk_directory(os::System& system, const std::string& chunks, std::uint16_t number) {
  return make_owned_directory(system, chunks + '/' + chunk_directory_name(number), kChunksMode);
}

Result<> make_chunk_directories(os::System& system, const std::string& chunks,
                                std::span<const std::uint16_t> only) {
  for (std::uint16_t number : only)
    if (auto made = make_chunk_directory(system, chunks, number); !made) return made;
  if (!only.empty()) return {};
  for (unsigned number = 0; number < kChunkDirectories; ++number) {
    system.progress({"create", number, kChunkDirectories});
    auto made = make_chunk_directory(system, chunks, static_cast<std::uint16_t>(number));
    if (!made) return made;
  }
  return {};
}

}  // namespace

Result<> Datastore::create(os::System& system, const StoreConfig& config,
                           const CreateOptions& options) {
  if (auto made = make_base(system, config.base); !made) return made;
  const std::string chunks = config.base + '/' + std::string(kChunksName);
  if (auto made = make_owned_directory(system, chunks, kChunksMode); !made) return made;
  const std::string lock = config.base + '/' + std::string(kProcessLockName);
  if (auto written = replace_file(system, lock, {}); !written)
    return os_failure(written.error(), "create", lock);
  return make_chunk_directories(system, chunks, options.chunk_directories);
}

}  // namespace unswept::engine
