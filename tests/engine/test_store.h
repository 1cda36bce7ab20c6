// tests/engine/test_store.h: a datastore on a real directory, filled without the engine's
// operations.
#pragma once

#include <atomic>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "engine/format/blob.h"
#include "engine/format/fixed_index.h"
#include "engine/format/sha256.h"
#include "engine/os/posix/posix_system.h"
#include "engine/store/datastore.h"
#include "tests/engine/temporary_directory.h"

namespace unswept::test {

namespace fs = std::filesystem;

inline constexpr std::int64_t kHour = 3600;

inline engine::Namespace ns(std::string_view text) { return *engine::Namespace::parse(text); }
inline engine::GroupId group(std::string_view text) { return *engine::GroupId::parse(text); }
inline engine::SnapshotId snapshot(std::string_view text) {
  return *engine::SnapshotId::parse(text);
}

/// Chunks are named by short texts, which are also their content.
inline engine::Digest digest_of(std::string_view chunk) {
  return engine::sha256(engine::as_bytes(chunk));
}

class TestStore {
 public:
  /// Called with the name and the detail of each point that is passed.
  std::function<void(std::string_view point, std::string_view detail)> on_point;
  std::vector<std::string> points;  // "name(detail)" of all that were passed
  std::vector<std::string> warnings;
  std::atomic<bool> interrupt = false;

  os::PosixSystem system{options()};
  engine::Process process{system};

  explicit TestStore(const engine::Protocol& protocol = engine::protocol_v8())
      : store(create(protocol)) {}

  engine::StoreConfig config() const {
    return {.name = "test",
            .base = directory_ / "store",
            .lock_dir = directory_ / "locks",
            .sync = engine::SyncLevel::none};
  }

  /// The same directory, another protocol.
  engine::Datastore with(const engine::Protocol& protocol) {
    return engine::Datastore(system, process, config(), protocol);
  }

  /// The directory that holds all of it: the store in "store", the lock files in "locks/test".
  const std::string& root() const { return directory_.path(); }

  // --- filling ---------------------------------------------------------------------------
  void add_namespace(std::string_view text) { fs::create_directories(store.path(ns(text))); }

  /// A chunk file whose access time lies `age` seconds back.
  engine::Digest add_chunk(std::string_view chunk, std::int64_t age = 48 * kHour) {
    const auto digest = digest_of(chunk);
    const fs::path path = store.chunks().path(digest);
    fs::create_directories(path.parent_path());
    const auto blob = engine::BlobCodec().encode(engine::as_bytes(chunk), engine::Compress::no);
    write(path, engine::as_text(*blob));
    set_age(path, age);
    return digest;
  }

  /// A group without snapshots.
  void add_group(std::string_view space, std::string_view name,
                 std::string_view owner = "root@pam") {
    const fs::path path = store.path(ns(space), group(name));
    fs::create_directories(path);
    write(path / "owner", std::string(owner) + "\n");
  }

  /// A snapshot with a manifest nobody reads and one fixed index, `drive.img.fidx`.  Chunks that
  /// are not there yet are added.
  void add_snapshot(std::string_view space, std::string_view name,
                    const std::vector<std::string>& chunks) {
    const auto id = snapshot(name);
    if (!fs::exists(store.path(ns(space), id.group))) add_group(space, id.group.path());
    const fs::path path = store.path(ns(space), id);
    fs::create_directories(path);
    write(path / "index.json.blob", "a manifest");
    add_index(path / "drive.img.fidx", chunks);
  }

  void add_index(const fs::path& path, const std::vector<std::string>& chunks) {
    std::vector<engine::Digest> digests;
    for (const std::string& chunk : chunks) {
      if (!fs::exists(store.chunks().path(digest_of(chunk)))) add_chunk(chunk);
      digests.push_back(digest_of(chunk));
    }
    engine::FixedIndexHeader header;
    header.chunk_size = 64;
    header.size = 64 * digests.size();
    write(path, engine::as_text(engine::build_fixed_index(header, digests)));
  }

  static void write(const fs::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  }
  static std::string read(const fs::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
  }

  void set_age(const fs::path& path, std::int64_t age) {
    const timespec times[2] = {{system.now().seconds - age, 0}, {0, UTIME_OMIT}};
    if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) std::abort();
  }

  // --- looking ---------------------------------------------------------------------------
  bool has_chunk(std::string_view chunk) const {
    return fs::exists(store.chunks().path(digest_of(chunk)));
  }
  bool has_snapshot(std::string_view space, std::string_view name) const {
    return fs::exists(store.path(ns(space), snapshot(name)) + "/drive.img.fidx");
  }
  bool has_group(std::string_view space, std::string_view name) const {
    return fs::exists(store.path(ns(space), group(name)));
  }
  bool has_namespace(std::string_view space) const { return fs::exists(store.path(ns(space))); }
  std::string lock_file(std::string_view name) const {
    return directory_ / "locks/test/" + std::string(name);
  }
  /// Seconds since the chunk's access time.
  std::int64_t age_of(const fs::path& path) {
    struct stat stat{};
    if (::stat(path.c_str(), &stat) != 0) std::abort();
    return system.now().seconds - stat.st_atim.tv_sec;
  }
  bool is_marked(std::string_view chunk) {
    return age_of(store.chunks().path(digest_of(chunk))) < kHour;
  }
  std::size_t passed(std::string_view point) const {
    std::size_t count = 0;
    for (const std::string& known : points) count += known == point;
    return count;
  }

 private:
  os::PosixOptions options() {
    os::PosixOptions options;
    options.log_level = os::LogLevel::warning;
    options.log = [this](os::LogLevel, std::string_view message) {
      warnings.emplace_back(message);
    };
    options.point = [this](const os::Point& point, std::string_view detail) {
      points.push_back(detail.empty() ? std::string(point.name)
                                      : std::string(point.name) + '(' + std::string(detail) + ')');
      if (on_point) on_point(point.name, detail);
    };
    options.interrupt = &interrupt;
    return options;
  }

  engine::Datastore create(const engine::Protocol& protocol) {
    const std::uint16_t zero_chunk[] = {0xbb9f};
    if (!engine::Datastore::create(system, config(), {zero_chunk})) std::abort();
    return *engine::Datastore::open(system, process, config(), protocol);
  }

  TemporaryDirectory directory_;

 public:
  engine::Datastore store;
};

}  // namespace unswept::test
