#include "scenarios/setup/store.h"

#include <algorithm>
#include <vector>

#include "engine/format/blob.h"
#include "engine/format/dynamic_index.h"
#include "engine/format/fixed_index.h"
#include "engine/format/manifest.h"
#include "engine/format/owner.h"
#include "engine/store/datastore.h"
#include "scenarios/setup/files.h"
#include "scenarios/setup/import.h"

namespace unswept::scenarios {
namespace {

using engine::Bytes;
using engine::ByteView;

std::string below_base(const engine::Namespace& ns) {
  std::string path(kStoreBase);
  path += '/';
  ns.append_path_prefix(path);
  return path;
}

std::vector<std::uint16_t> chunk_directories(const ChunkCatalogue& chunks) {
  std::vector<std::uint16_t> directories;
  for (const auto& [name, chunk] : chunks.all())
    directories.push_back(
        static_cast<std::uint16_t>(chunk.digest.bytes[0] << 8 | chunk.digest.bytes[1]));
  // An empty list would ask for all of them.
  if (directories.empty()) directories.push_back(0);
  std::sort(directories.begin(), directories.end());
  directories.erase(std::unique(directories.begin(), directories.end()), directories.end());
  return directories;
}

std::string chunk_path(const Chunk& chunk) {
  const std::string hex = chunk.digest.hex();
  return std::string(kStoreBase) + "/.chunks/" + hex.substr(0, 4) + '/' + hex;
}

void write_chunk(sim::World& world, os::System& system, const Chunk& chunk, Seconds age) {
  const std::string path = chunk_path(chunk);
  write_file(system, path, chunk.blob);
  world.set_atime(path, {kStart.seconds - age.count(), 0});
}

Bytes fixed_index(const std::vector<engine::Digest>& digests, std::int64_t ctime) {
  engine::FixedIndexHeader header;
  header.ctime = ctime;
  header.chunk_size = kChunkBytes;
  header.size = kChunkBytes * digests.size();
  return engine::build_fixed_index(header, digests);
}

Bytes dynamic_index(const std::vector<engine::Digest>& digests, std::int64_t ctime) {
  engine::DynamicIndexHeader header;
  header.ctime = ctime;
  std::vector<engine::DynamicEntry> entries;
  for (const engine::Digest& digest : digests)
    entries.push_back({kChunkBytes * (entries.size() + 1), digest});
  return engine::build_dynamic_index(header, entries);
}

engine::ManifestFile write_archive(os::System& system, const std::string& directory,
                                   const ArchiveSpec& archive, std::int64_t ctime,
                                   const ChunkCatalogue& chunks) {
  std::vector<engine::Digest> digests;
  for (const std::string& name : archive.chunks) digests.push_back(chunks.find(name)->digest);
  const auto kind = engine::index_kind(archive.name);
  const Bytes bytes = kind == engine::IndexKind::fixed ? fixed_index(digests, ctime)
                                                       : dynamic_index(digests, ctime);
  write_file(system, directory + '/' + archive.name, bytes);
  return {archive.name, engine::CryptMode::none, kChunkBytes * digests.size(),
          engine::IndexView::open(*kind, bytes)->stored_csum()};
}

void write_snapshot(os::System& system, const SnapshotSpec& spec, const ChunkCatalogue& chunks) {
  const std::string group = below_base(spec.ns) + spec.id.group.path();
  const std::string directory = below_base(spec.ns) + spec.id.path();
  make_directories(system, directory);
  const std::string owner = engine::print_owner_file(*engine::AuthId::parse(std::string(kOwner)));
  write_file(system, group + "/owner", engine::as_bytes(owner));
  engine::Manifest manifest;
  manifest.snapshot = spec.id;
  for (const ArchiveSpec& archive : spec.archives)
    manifest.files.push_back(
        write_archive(system, directory, archive, spec.id.time.seconds(), chunks));
  if (spec.is_protected) write_file(system, directory + "/.protected", {});
  if (!spec.is_finished) return;
  const auto blob = engine::wrap_blob(engine::BlobKind::plain, engine::as_bytes(manifest.print()));
  write_file(system, directory + "/index.json.blob", blob);
}

void build_store(sim::World& world, os::System& system, const Scenario& scenario,
                 const ChunkCatalogue& chunks) {
  const engine::StoreConfig config{std::string(kStoreName), std::string(kStoreBase),
                                   std::string(kLockDirectory)};
  const auto directories = chunk_directories(chunks);
  const auto created =
      engine::Datastore::create(system, config, {.chunk_directories = directories});
  if (!created) std::abort();
  world.track_times(std::string(kStoreBase) + "/.chunks");
  for (const engine::Namespace& ns : scenario.store.namespaces)
    make_directories(system, std::string(kStoreBase) + '/' + ns.path());
  for (const SnapshotSpec& snapshot : scenario.store.snapshots) {
    write_snapshot(system, snapshot, chunks);
    for (const ArchiveSpec& archive : snapshot.archives)
      for (const std::string& name : archive.chunks)
        write_chunk(world, system, *chunks.find(name), scenario.store.chunk_age);
  }
  for (const std::string& name : scenario.store.orphans)
    write_chunk(world, system, *chunks.find(name), scenario.store.chunk_age);
}

}  // namespace

ChunkCatalogue chunks_of(const Scenario& scenario) {
  ChunkCatalogue chunks;
  for (const SnapshotSpec& snapshot : scenario.store.snapshots)
    for (const ArchiveSpec& archive : snapshot.archives)
      for (const std::string& name : archive.chunks) chunks.add(name);
  for (const std::string& name : scenario.store.orphans) chunks.add(name);
  for (const ActorSpec& actor : scenario.actors)
    for (const OperationSpec& operation : actor.operations)
      if (const auto* backup = std::get_if<engine::Backup>(&operation.command))
        for (const auto& archive : backup->archives)
          for (const auto& chunk : archive.chunks) chunks.add(chunk.name);
  return chunks;
}

std::expected<void, std::string> set_up_store(sim::World& world, os::System& system,
                                              const Scenario& scenario,
                                              const ChunkCatalogue& chunks) {
  world.set_clock(kStart);
  make_directories(system, kLockDirectory);
  if (!scenario.store.import_directory.empty())
    return import_store(world, system, scenario, chunks);
  build_store(world, system, scenario, chunks);
  return {};
}

}  // namespace unswept::scenarios
