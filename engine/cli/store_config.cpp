#include "engine/cli/store_config.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include "engine/format/sha256.h"

namespace unswept::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kServerLockDirectory = "/run/proxmox-backup/locks";

Result<std::string> absolute(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) {
    return os_failure(static_cast<os::Errno>(error.value()), "find", path);
  }
  std::string text = real.string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

/// The name by which locks are found; a directory's name that will not do is the user's to replace.
Result<std::string> store_name(const GlobalOptions& options, const std::string& base) {
  if (options.name) return *options.name;
  const std::string name = fs::path(base).filename().string();
  if (is_datastore_name(name)) return name;
  return fail(ErrorKind::bad_input,
              "the directory's name '" + name +
                  "' is no store name (3 to 32 letters, digits and ._-): write --name NAME");
}

/// Stores in directories of the same name must not share locks where nobody gave them names, so
/// the path goes into a user's default.
std::string user_lock_directory(const std::string& runtime, const std::string& base) {
  constexpr std::size_t kPathDigits = 16;
  return runtime + "/unswept/locks/" + sha256(as_bytes(base)).hex().substr(0, kPathDigits);
}

Result<std::string> lock_directory(const GlobalOptions& options, const std::string& base) {
  if (options.lock_dir) return absolute(*options.lock_dir);
  if (::geteuid() == 0) return kServerLockDirectory;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && *runtime == '/') return user_lock_directory(runtime, base);
  return base + ".locks";
}

}  // namespace

Result<StoreConfig> store_config(const GlobalOptions& options) {
  auto base = absolute(options.store);
  if (!base) return forward_error(base);
  auto name = store_name(options, *base);
  if (!name) return forward_error(name);
  auto lock_dir = lock_directory(options, *base);
  if (!lock_dir) return forward_error(lock_dir);
  return StoreConfig{*std::move(name), *std::move(base), *std::move(lock_dir), options.sync};
}

}  // namespace unswept::engine
