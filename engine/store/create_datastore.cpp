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

/// True if the base directory was made, false if an empty one was there.
Result<bool> make_base(os::System& system, const std::string& base) {
  auto made = system.mkdir(base, kBaseMode);
  if (!made && made.error() != os::Errno::file_exists)
    return os_failure(made.error(), "create directory", base);
  if (!made)
    if (auto empty = check_empty(system, base); !empty) return forward_error(empty);
  if (auto owned = own_directory(system, base, kBaseMode); !owned) return forward_error(owned);
  return made.has_value();
}

std::string numbered_directory(const std::string& chunks, unsigned number) {
  return chunks + '/' + chunk_directory_name(static_cast<std::uint16_t>(number));
}

Result<> make_chunk_directories(os::System& system, const std::string& chunks,
                                std::span<const std::uint16_t> only) {
  for (std::uint16_t number : only) {
    auto made = make_owned_directory(system, numbered_directory(chunks, number), kChunksMode);
    if (!made) return made;
  }
  if (!only.empty()) return {};
  for (unsigned number = 0; number < kChunkDirectories; ++number) {
    if (system.interrupted()) return fail(ErrorKind::aborted, "create was interrupted");
    system.progress({"create", number, kChunkDirectories});
    auto made = make_owned_directory(system, numbered_directory(chunks, number), kChunksMode);
    if (!made) return made;
  }
  return {};
}

Result<> make_content(os::System& system, const std::string& base, const std::string& chunks,
                      std::span<const std::uint16_t> only) {
  if (auto owned = own_directory(system, chunks, kChunksMode); !owned) return owned;
  const std::string lock = base + '/' + std::string(kProcessLockName);
  if (auto written = replace_file(system, lock, {}); !written)
    return os_failure(written.error(), "create", lock);
  return make_chunk_directories(system, chunks, only);
}

/// Takes away what make_content() made, so that the same command can be given again.  Directories
/// are removed only when they are empty: nothing can get lost.
bool remove_content(os::System& system, const std::string& base, const std::string& chunks) {
  for (unsigned number = 0; number < kChunkDirectories; ++number)
    (void)system.rmdir(numbered_directory(chunks, number));
  if (!system.rmdir(chunks)) return false;
  (void)system.unlink(base + '/' + std::string(kProcessLockName));
  return true;
}

}  // namespace

Result<> Datastore::create(os::System& system, const StoreConfig& config,
                           const CreateOptions& options) {
  auto base_made = make_base(system, config.base);
  if (!base_made) return forward_error(base_made);
  const std::string chunks = config.base + '/' + std::string(kChunksName);
  if (auto made = system.mkdir(chunks, kChunksMode); !made)
    return os_failure(made.error(), "create directory", chunks);
  auto made = make_content(system, config.base, chunks, options.chunk_directories);
  if (made) return {};
  const bool removed = remove_content(system, config.base, chunks);
  if (removed && *base_made) (void)system.rmdir(config.base);
  made.error().message += removed ? "; what there was of the store was removed again"
                                  : "; remove " + config.base + " before another try";
  return made;
}

}  // namespace unswept::engine
