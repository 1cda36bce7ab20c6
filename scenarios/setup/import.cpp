#include "scenarios/setup/import.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <vector>

#include "engine/format/chunk_names.h"
#include "scenarios/setup/files.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

namespace fs = std::filesystem;

/// A chunk keeps its length here up to this; beyond it, nobody looks at the length.
constexpr std::uint64_t kChunkBytesMax = 4096;
/// Larger small files than this are no small files.
constexpr std::uint64_t kFileBytesMax = std::uint64_t{64} << 20;

struct Import {
  sim::World& world;
  os::System& system;
  os::Timestamp newest{};
};

std::expected<std::vector<fs::directory_entry>, std::string> entries_of(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
    entries.push_back(*it);
  if (error) return std::unexpected(directory.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return entries;
}

std::expected<void, std::string> copy_file(Import& import, const fs::path& from,
                                           const std::string& to) {
  std::ifstream stream(from, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good()) return std::unexpected(from.string() + ": cannot be read");
  write_file(import.system, to, engine::as_bytes(content));
  return {};
}

std::expected<void, std::string> import_tree(Import& import, const fs::path& from,
                                             const std::string& to) {
  const auto entries = entries_of(from);
  if (!entries) return std::unexpected(entries.error());
  make_directories(import.system, to);
  for (const fs::directory_entry& entry : *entries) {
    const std::string name = entry.path().filename().string();
    if (name == ".chunks") continue;
    const std::string target = to + '/' + name;
    std::expected<void, std::string> done;
    if (entry.is_symlink())
      import.world.symlink(fs::read_symlink(entry.path()).string(), target);
    else if (entry.is_directory())
      done = import_tree(import, entry.path(), target);
    else if (entry.is_regular_file() && entry.file_size() <= kFileBytesMax)
      done = copy_file(import, entry.path(), target);
    if (!done) return done;
  }
  return {};
}

std::expected<void, std::string> import_chunk(Import& import, const fs::path& from,
                                              const std::string& to) {
  struct stat status{};
  if (::lstat(from.c_str(), &status) != 0)
    return std::unexpected(from.string() + ": cannot be looked at");
  if (!S_ISREG(status.st_mode)) return {};
  write_file(import.system, to, {});
  auto file = os::open_file(import.system, to, os::Open::write);
  const auto size = std::min(static_cast<std::uint64_t>(status.st_size), kChunkBytesMax);
  if (!file || !import.system.truncate(file->fd(), size))
    return std::unexpected(from.string() + ": cannot be taken over");
  const os::Timestamp atime{status.st_atim.tv_sec,
                            static_cast<std::int32_t>(status.st_atim.tv_nsec)};
  import.world.set_atime(to, atime);
  import.newest = std::max(import.newest, atime);
  return {};
}

/// Empty chunk subdirectories are left out: to operations on chunks that are not there it is the
/// same, but for inserts, which `needed` provides for.
std::expected<void, std::string> import_chunks(Import& import, const fs::path& from) {
  const std::string to = std::string(kStoreBase) + "/.chunks";
  make_directories(import.system, to);
  import.world.track_times(to);
  const auto directories = entries_of(from);
  if (!directories) return std::unexpected(directories.error());
  for (const fs::directory_entry& directory : *directories) {
    if (!directory.is_directory()) continue;
    const auto chunks = entries_of(directory.path());
    if (!chunks) return std::unexpected(chunks.error());
    if (chunks->empty()) continue;
    const std::string target = to + '/' + directory.path().filename().string();
    make_directories(import.system, target);
    for (const fs::directory_entry& chunk : *chunks)
      if (auto done =
              import_chunk(import, chunk.path(), target + '/' + chunk.path().filename().string());
          !done)
        return done;
  }
  return {};
}

}  // namespace

std::expected<void, std::string> import_store(sim::World& world, os::System& system,
                                              const Scenario& scenario,
                                              const ChunkCatalogue& chunks) {
  Import import{world, system, kStart};
  const fs::path from = scenario.store.import_directory;
  std::error_code error;
  if (!fs::is_directory(from / ".chunks", error))
    return std::unexpected(from.string() + " is not a datastore: it has no .chunks");
  if (auto done = import_chunks(import, from / ".chunks"); !done) return done;
  if (auto done = import_tree(import, from, std::string(kStoreBase)); !done) return done;
  if (!scenario.store.import_locks.empty()) {
    const std::string locks = std::string(kLockDirectory) + '/' + std::string(kStoreName);
    if (auto done = import_tree(import, scenario.store.import_locks, locks); !done) return done;
  }
  for (const auto& [name, chunk] : chunks.all())
    make_directories(system,
                     std::string(kStoreBase) + "/.chunks/" + chunk.digest.hex().substr(0, 4));
  // Whatever was touched before the scenario starts was touched in the past.
  world.set_clock({import.newest.seconds + 1, 0});
  return {};
}

}  // namespace unswept::scenarios
