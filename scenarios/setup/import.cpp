#include "scenarios/setup/import.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <vector>

#include "engine/format/digest.h"
#include "engine/format/index.h"
#include "scenarios/setup/files.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

namespace fs = std::filesystem;

/// The length, at most, of a chunk that nobody reads: of such a one only GC's statistics show it.
constexpr std::uint64_t kUnreadChunkBytesMax = 4096;
/// What an import may hold in memory.
constexpr std::uint64_t kLoadedBytesMax = std::uint64_t{2} << 30;
constexpr std::string_view kLoadedMaxText = "2 GiB";

struct Import {
  sim::World& world;
  os::System& system;
  const ChunkCatalogue& chunks;
  bool reads_every_chunk;
  os::Timestamp newest{};
  std::uint64_t loaded = 0;
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

std::string does_not_fit(const Import& import, const fs::path& file) {
  std::string text = file.string() + " does not fit: an import holds at most ";
  text.append(kLoadedMaxText).append(" in memory");
  if (import.reads_every_chunk)
    text += "; this scenario verifies or restores, so every chunk is loaded";
  return text;
}

std::expected<std::string, std::string> load(Import& import, const fs::path& file) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  if (error) return std::unexpected(file.string() + ": " + error.message());
  if (size > kLoadedBytesMax - import.loaded) return std::unexpected(does_not_fit(import, file));
  import.loaded += size;
  std::ifstream stream(file, std::ios::binary);
  std::string content(size, '\0');
  if (!stream.read(content.data(), static_cast<std::streamsize>(size)))
    return std::unexpected(file.string() + ": cannot be read");
  return content;
}

/// A damaged index says nothing about which chunks are referenced: no promise could be judged.
std::expected<void, std::string> check_index(const fs::path& file, engine::ByteView content) {
  const auto kind = engine::index_kind(file.filename().string());
  if (!kind) return {};
  const auto index = engine::IndexView::open(*kind, content);
  if (!index) return std::unexpected(file.string() + ": damaged index: " + index.error().message);
  if (index->computed_csum() != index->stored_csum())
    return std::unexpected(file.string() + ": damaged index: its checksum is wrong");
  return {};
}

std::expected<void, std::string> copy_file(Import& import, const fs::path& from,
                                           const std::string& to) {
  const auto content = load(import, from);
  if (!content) return std::unexpected(content.error());
  if (auto sound = check_index(from, engine::as_bytes(*content)); !sound) return sound;
  write_file(import.system, to, engine::as_bytes(*content));
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
    else if (entry.is_regular_file())
      done = copy_file(import, entry.path(), target);
    else
      done = std::unexpected(entry.path().string() + " is no file, directory or symbolic link");
    if (!done) return done;
  }
  return {};
}

/// An insert compares with the chunk of the same digest that is there, and with no other.
bool is_read(const Import& import, const std::string& name) {
  if (import.reads_every_chunk) return true;
  const auto digest = engine::Digest::parse(name);
  return digest && import.chunks.find(*digest) != nullptr;
}

std::expected<void, std::string> write_unread_chunk(Import& import, const std::string& to,
                                                    std::uint64_t size) {
  write_file(import.system, to, {});
  auto file = os::open_file(import.system, to, os::Open::write);
  if (!file || !import.system.truncate(file->fd(), std::min(size, kUnreadChunkBytesMax)))
    return std::unexpected(to + ": cannot be made");
  return {};
}

std::expected<void, std::string> import_chunk(Import& import, const fs::path& from,
                                              const std::string& to) {
  struct stat status{};
  if (::lstat(from.c_str(), &status) != 0)
    return std::unexpected(from.string() + ": cannot be looked at");
  if (!S_ISREG(status.st_mode)) return std::unexpected(from.string() + " is no regular file");
  const auto done =
      is_read(import, from.filename().string())
          ? copy_file(import, from, to)
          : write_unread_chunk(import, to, static_cast<std::uint64_t>(status.st_size));
  if (!done) return done;
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

bool reads_every_chunk(const engine::Command& command) {
  return std::holds_alternative<engine::Verify>(command) ||
         std::holds_alternative<engine::Restore>(command);
}

}  // namespace

bool reads_every_chunk(const Scenario& scenario) {
  for (const ActorSpec& actor : scenario.actors)
    for (const OperationSpec& operation : actor.operations)
      if (reads_every_chunk(operation.command)) return true;
  return false;
}

std::expected<void, std::string> import_store(sim::World& world, os::System& system,
                                              const Scenario& scenario,
                                              const ChunkCatalogue& chunks) {
  Import import{world, system, chunks, reads_every_chunk(scenario), kStart};
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
