#include "bench/store/synthetic_store.h"

#include <system_error>

#include "engine/format/blob.h"
#include "engine/format/chunk_names.h"
#include "engine/format/fixed_index.h"
#include "engine/format/manifest.h"
#include "engine/store/atomic_file.h"

namespace unswept::bench {

using engine::Bytes;
using engine::Digest;
using engine::Result;

namespace {

constexpr std::string_view kArchive = "drive.img.fidx";
constexpr std::int64_t kFirstBackup = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t kBackupInterval = 3'600;

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

Digest digest_of(std::uint64_t chunk) {
  constexpr std::uint64_t kWords = Digest::kSize / sizeof(std::uint64_t);
  Digest digest;
  for (std::uint64_t word = 0; word < kWords; ++word) {
    const std::uint64_t bits = mixed(kWords * chunk + word);
    std::memcpy(digest.bytes.data() + word * sizeof(bits), &bits, sizeof(bits));
  }
  return digest;
}

Result<> failure(const std::error_code& error, std::string_view what,
                 const std::filesystem::path& path) {
  return engine::os_failure(static_cast<os::Errno>(error.value()), what, path.string());
}

Result<> make_directories(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return failure(error, "create", path);
  return {};
}

Result<> write_file(os::System& system, const std::string& path, engine::ByteView bytes) {
  auto file = os::open_file(system, path, os::Open::write | os::Open::create);
  if (!file) return engine::os_failure(file.error(), "create", path);
  if (auto written = engine::write_all(system, file->fd(), bytes); !written)
    return engine::os_failure(written.error(), "write", path);
  return {};
}

/// In which snapshots of its group a chunk is: from `first`, so many in a row, the first after the
/// last.
struct Lifetime {
  std::uint64_t first;
  std::uint64_t length;
};

/// Lengths are spread evenly around the average.
Lifetime lifetime_of(std::uint64_t chunk, const Shape& shape) {
  const std::uint64_t per_group = shape.snapshots_per_group;
  const std::uint64_t average = shape.references_per_chunk;
  const std::uint64_t spread = std::min(average - 1, per_group - average);
  const std::uint64_t random = mixed(~chunk);
  return {random % per_group, average - spread + (random >> 32) % (2 * spread + 1)};
}

}  // namespace

Result<SyntheticStore> SyntheticStore::make(os::System& system,
                                            const std::filesystem::path& directory,
                                            std::uint64_t chunks) {
  const auto locks = directory / "locks";
  if (auto made = make_directories(locks); !made) return forward_error(made);
  engine::StoreConfig config{"store", (directory / "store").string(), locks.string(),
                             engine::SyncLevel::none};
  if (auto created = engine::Datastore::create(system, config); !created)
    return forward_error(created);
  SyntheticStore store(system, std::move(config), chunks);
  if (auto made = store.make_chunks(); !made) return forward_error(made);
  return store;
}

Result<> SyntheticStore::make_chunks() {
  const Bytes content(1);
  const Bytes blob = engine::wrap_blob(engine::BlobKind::plain, content);
  const std::string base = config_.base + '/';
  for (std::uint64_t chunk = 0; chunk < chunks_; ++chunk) {
    const std::string path = base + engine::chunk_path(digest_of(chunk));
    if (auto written = write_file(*system_, path, blob); !written) return written;
  }
  return {};
}

Result<> SyntheticStore::arrange(const Shape& shape) {
  const std::filesystem::path groups = std::filesystem::path(config_.base) / "vm";
  std::error_code error;
  std::filesystem::remove_all(groups, error);
  if (error) return failure(error, "remove", groups);
  references_ = 0;
  for (std::uint64_t group = 0; group < shape.groups; ++group)
    if (auto made = make_group(shape, group); !made) return made;
  return {};
}

/// Chunks go round among the groups.
Result<> SyntheticStore::make_group(const Shape& shape, std::uint64_t group) {
  std::vector<std::vector<Digest>> snapshots(shape.snapshots_per_group);
  for (std::uint64_t chunk = group; chunk < chunks_; chunk += shape.groups) {
    const Lifetime life = lifetime_of(chunk, shape);
    for (std::uint64_t i = 0; i < life.length; ++i)
      snapshots[(life.first + i) % snapshots.size()].push_back(digest_of(chunk));
  }
  const std::string path = config_.base + "/vm/" + std::to_string(100 + group);
  if (auto made = make_directories(path); !made) return made;
  constexpr std::string_view kOwner = "root@pam\n";
  if (auto owned = write_file(*system_, path + "/owner", engine::as_bytes(kOwner)); !owned)
    return owned;
  for (std::uint64_t number = 0; number < snapshots.size(); ++number) {
    if (snapshots[number].empty()) continue;
    if (auto made = write_snapshot(path, number, snapshots[number]); !made) return made;
  }
  return {};
}

Result<> SyntheticStore::write_snapshot(const std::string& group_path, std::uint64_t number,
                                        const std::vector<Digest>& digests) {
  references_ += digests.size();
  const auto time = engine::SnapshotTime::from_seconds(
      kFirstBackup + static_cast<std::int64_t>(number) * kBackupInterval);
  if (!time) return std::unexpected(time.error());
  const std::string path = group_path + '/' + std::string(time->text());
  if (auto made = make_directories(path); !made) return made;
  engine::FixedIndexHeader header;
  header.ctime = time->seconds();
  header.size = digests.size() * header.chunk_size;
  const Bytes index = engine::build_fixed_index(header, digests);
  return write_file(*system_, path + '/' + std::string(kArchive), index);
}

}  // namespace unswept::bench
