// tests/engine/real_store.h: a datastore in a temporary directory, filled by hand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/format/blob.h"
#include "engine/format/dynamic_index.h"
#include "engine/format/fixed_index.h"
#include "engine/format/manifest.h"
#include "engine/format/sha256.h"
#include "engine/os/posix/posix_system.h"
#include "engine/store/atomic_file.h"
#include "engine/store/datastore.h"
#include "engine/store/directory.h"
#include "tests/catch.h"
#include "tests/engine/temporary_directory.h"

namespace unswept::engine::test {

/// A file of a snapshot as an index file (or a blob) and what the manifest says of it.
struct MadeFile {
  Bytes bytes;
  ManifestFile entry;
};

class RealStore {
 public:
  static constexpr std::uint64_t kChunkSize = 8;

  explicit RealStore(os::PosixOptions options = {})
      : system(std::move(options)), process(system), store(make()) {}

  /// Stores a chunk with this data; its directory is made if need be.
  Digest add_chunk(std::string_view data) {
    const Digest digest = sha256(as_bytes(data));
    const std::string path = store.chunks().path(digest);
    REQUIRE(make_directories(store.system(), path.substr(0, path.rfind('/'))).has_value());
    REQUIRE(store.chunks().insert(digest, codec.encode(as_bytes(data)).value()).has_value());
    return digest;
  }

  /// An image cut into chunks of kChunkSize, all of them stored.
  MadeFile fixed_index(std::string name, std::string_view image) {
    std::vector<Digest> digests;
    for (std::size_t at = 0; at < image.size(); at += kChunkSize) {
      digests.push_back(add_chunk(image.substr(at, kChunkSize)));
    }
    Bytes bytes = build_fixed_index({{}, 0, {}, image.size(), kChunkSize}, digests);
    const auto csum = IndexView::open(IndexKind::fixed, bytes)->stored_csum();
    return {std::move(bytes), {std::move(name), CryptMode::none, image.size(), csum}};
  }

  /// A stream of these chunks, all of them stored.
  MadeFile dynamic_index(std::string name, const std::vector<std::string>& chunks) {
    std::vector<DynamicEntry> entries;
    std::uint64_t end = 0;
    for (const std::string& chunk : chunks) {
      end += chunk.size();
      entries.push_back({end, add_chunk(chunk)});
    }
    Bytes bytes = build_dynamic_index({}, entries);
    const auto csum = IndexView::open(IndexKind::dynamic, bytes)->stored_csum();
    return {std::move(bytes), {std::move(name), CryptMode::none, end, csum}};
  }

  MadeFile blob(std::string name, std::string_view data) {
    Bytes bytes = codec.encode(as_bytes(data)).value();
    const ManifestFile entry{std::move(name), CryptMode::none, bytes.size(), sha256(bytes)};
    return {std::move(bytes), entry};
  }

  /// A finished snapshot with these files.
  void add_snapshot(const Namespace& where, const SnapshotId& id,
                    const std::vector<MadeFile>& files) {
    const std::string path = store.path(where, id);
    REQUIRE(make_directories(store.system(), path).has_value());
    Manifest manifest;
    manifest.snapshot = id;
    for (const MadeFile& file : files) {
      write(path + '/' + file.entry.filename, file.bytes);
      manifest.files.push_back(file.entry);
    }
    write(path + '/' + std::string(kManifestName),
          codec.encode(as_bytes(manifest.print())).value());
  }

  void write(const std::string& path, ByteView bytes) {
    REQUIRE(replace_file(store.system(), path, bytes).has_value());
  }

  unswept::test::TemporaryDirectory directory;
  os::PosixSystem system;
  Process process;
  BlobCodec codec;
  Datastore store;

 private:
  Datastore make() {
    StoreConfig config{"test", directory / "store", directory / "locks", SyncLevel::none};
    constexpr std::uint16_t kOnlyDirectory[] = {0};
    REQUIRE(Datastore::create(system, config, {kOnlyDirectory}).has_value());
    return Datastore::open(system, process, config, default_protocol()).value();
  }
};

inline SnapshotId snapshot(std::string_view text) { return SnapshotId::parse(text).value(); }
inline Namespace ns(std::string_view text) { return Namespace::parse(text).value(); }

}  // namespace unswept::engine::test
