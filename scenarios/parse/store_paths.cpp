#include "scenarios/parse/store_paths.h"

#include <algorithm>

#include "scenarios/parse/suggest.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

std::string below(const std::string& directory, std::string_view name) {
  return directory.empty() ? std::string(name) : directory + '/' + std::string(name);
}

bool contains(const std::vector<std::string_view>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

std::size_t count_operations(const std::vector<ActorSpec>& actors) {
  std::size_t count = 0;
  for (const ActorSpec& actor : actors) count += actor.operations.size();
  return count;
}

}  // namespace

StorePaths StorePaths::described_by(const Scenario& scenario) {
  StorePaths paths;
  paths.add_directory(".");
  paths.add_file(engine::kProcessLockName);
  paths.add_file(engine::kGcStatusName);
  const ChunkCatalogue chunks = chunks_of(scenario);
  for (const auto& [name, chunk] : chunks.all()) {
    const std::string hex = chunk.digest.hex();
    paths.add_file(std::string(engine::kChunksName) + '/' + hex.substr(0, 4) + '/' + hex);
  }
  for (const engine::Namespace& ns : scenario.store.namespaces) paths.add_directory(ns.path());
  for (const SnapshotSpec& snapshot : scenario.store.snapshots) {
    paths.add_snapshot(snapshot.ns, snapshot.id);
    for (const ArchiveSpec& archive : snapshot.archives)
      paths.add_file(engine::snapshot_path(snapshot.ns, snapshot.id) + '/' + archive.name);
  }
  paths.add_made_by(scenario.actors);
  return paths;
}

void StorePaths::add(std::string_view path, Kind kind) {
  paths_.try_emplace(std::string(path), kind);
}

void StorePaths::add_directory(std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    add(path.substr(0, slash), Kind::directory);
  if (!path.empty()) add(path, Kind::directory);
}

void StorePaths::add_file(std::string_view path) {
  if (const std::size_t slash = path.rfind('/'); slash != path.npos)
    add_directory(path.substr(0, slash));
  add(path, Kind::file);
}

void StorePaths::add_snapshot(const engine::Namespace& ns, const engine::SnapshotId& id) {
  add_file(engine::group_path(ns, id.group) + '/' + std::string(engine::kOwnerName));
  const std::string directory = engine::snapshot_path(ns, id) + '/';
  add_file(directory + std::string(engine::kManifestName));
  add_file(directory + std::string(engine::kProtectedName));
}

void StorePaths::add_copies(const std::string& from, const std::string& to) {
  std::vector<std::pair<std::string, Kind>> copies;
  for (const auto& [path, kind] : paths_)
    if (path == from || path.starts_with(from + '/'))
      copies.emplace_back(to + path.substr(from.size()), kind);
  for (const auto& [path, kind] : copies)
    kind == Kind::directory ? add_directory(path) : add_file(path);
}

void StorePaths::add_operation(const engine::Command& command) {
  if (const auto* create = std::get_if<engine::NamespaceCreate>(&command)) {
    add_directory(create->ns.path());
  } else if (const auto* move = std::get_if<engine::MoveGroup>(&command)) {
    add_directory(engine::group_path(move->to, move->group));
    add_copies(engine::group_path(move->from, move->group),
               engine::group_path(move->to, move->group));
  } else if (const auto* tree = std::get_if<engine::MoveNamespace>(&command)) {
    // A namespace does not go below itself.
    if (tree->from.contains(tree->to)) return;
    add_directory(tree->to.path());
    for (const std::string_view name : {"ct", "host", "ns", "vm"})
      add_copies(below(tree->from.path(), name), below(tree->to.path(), name));
  } else if (const auto* backup = std::get_if<engine::Backup>(&command)) {
    add_directory(engine::group_path(backup->ns, backup->group));
    if (!backup->time) return;
    const engine::SnapshotId id{backup->group, *backup->time};
    add_snapshot(backup->ns, id);
    for (const engine::ArchiveSource& archive : backup->archives)
      add_file(engine::snapshot_path(backup->ns, id) + '/' + archive.name);
  }
}

void StorePaths::add_made_by(const std::vector<ActorSpec>& actors) {
  // Whatever the order in which operations feed each other, the last of a chain is reached in as
  // many rounds as there are operations.
  const std::size_t rounds = count_operations(actors);
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::size_t before = paths_.size();
    for (const ActorSpec& actor : actors)
      for (const OperationSpec& operation : actor.operations) add_operation(operation.command);
    if (paths_.size() == before) return;
  }
}

std::vector<std::string_view> StorePaths::directories() const {
  std::vector<std::string_view> list;
  for (const auto& [path, kind] : paths_)
    if (kind == Kind::directory) list.emplace_back(path);
  return list;
}

std::vector<std::string_view> StorePaths::names_in(std::string_view directory) const {
  const std::string prefix = directory == "." ? "" : std::string(directory) + '/';
  std::vector<std::string_view> names;
  for (const auto& [path, kind] : paths_) {
    if (path == "." || path.size() == prefix.size() || !path.starts_with(prefix)) continue;
    const std::string_view name = std::string_view(path).substr(prefix.size());
    if (name.find('/') == name.npos) names.push_back(name);
  }
  return names;
}

std::vector<UnknownPath> unknown_paths(const std::vector<DirectorySpec>& directories,
                                       const StorePaths& paths) {
  std::vector<UnknownPath> unknown;
  const auto known = paths.directories();
  for (const DirectorySpec& directory : directories) {
    if (!contains(known, directory.path)) {
      unknown.push_back({directory.path, {}, unknown_word("directory", directory.path, known)});
      continue;
    }
    const auto names = paths.names_in(directory.path);
    for (const std::string& name : directory.names)
      if (!contains(names, name))
        unknown.push_back(
            {directory.path, name,
             unknown_word("name in directory \"" + directory.path + "\":", name, names)});
  }
  return unknown;
}

}  // namespace unswept::scenarios
