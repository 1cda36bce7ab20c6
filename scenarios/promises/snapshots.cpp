#include "scenarios/promises/snapshots.h"

#include "engine/format/index.h"
#include "sim/hash.h"

namespace unswept::scenarios {
namespace {

std::vector<ArchiveTruth> archives_in(const sim::View& view, InodeNumber directory) {
  std::vector<ArchiveTruth> archives;
  std::vector<sim::Child> files;
  view.children(directory, files);
  for (const sim::Child& file : files) {
    const auto kind = engine::index_kind(file.name);
    if (!kind || file.type != os::FileType::regular) continue;
    ArchiveTruth archive{std::string(file.name), {}};
    if (const auto index = engine::IndexView::open(*kind, view.content(file.inode)))
      for (std::size_t i = 0; i < index->chunk_count(); ++i)
        archive.chunks.push_back(index->digest(i));
    archives.push_back(std::move(archive));
  }
  return archives;
}

SnapshotTruth truth_of(InodeNumber directory, const StoreMap& map) {
  SnapshotTruth truth;
  truth.directory = directory;
  const Place* place = map.find(directory);
  const Place* group = map.find(place->parent);
  truth.time = place->name;
  truth.group = map.find(group->parent)->name + '/' + group->name;
  truth.place = map.path(directory);
  return truth;
}

struct Removes {
  const SnapshotTruth& snapshot;
  bool operator()(const engine::Forget& forget) const {
    return forget.snapshot.time.text() == snapshot.time &&
           forget.snapshot.group.path() == snapshot.group;
  }
  bool operator()(const engine::RemoveGroup& remove) const {
    return remove.group.path() == snapshot.group;
  }
  bool operator()(const engine::Prune& prune) const {
    return !prune.group || prune.group->path() == snapshot.group;
  }
  bool operator()(const engine::NamespaceRemove& remove) const { return remove.delete_groups; }
  bool operator()(const auto&) const { return false; }
};

}  // namespace

bool may_remove(const engine::Command& command, const SnapshotTruth& snapshot) {
  return std::visit(Removes{snapshot}, command);
}

void Snapshots::scan(const sim::View& view, const StoreMap& map) {
  all_.clear();
  for (const InodeNumber directory : map.snapshots()) {
    SnapshotTruth truth = truth_of(directory, map);
    truth.archives = archives_in(view, directory);
    truth.acknowledged = view.child(directory, "index.json.blob").has_value();
    all_.push_back(std::move(truth));
  }
  sealed_ = all_.size();
}

void Snapshots::take_back(std::size_t changes) {
  for (; undo_.size() > changes; undo_.pop_back()) {
    SnapshotTruth& snapshot = all_[undo_.back().snapshot];
    switch (undo_.back().change) {
      case Change::made:
        all_.pop_back();
        break;
      case Change::acknowledged:
        snapshot.acknowledged = false;
        snapshot.archives.clear();
        break;
      case Change::removal_begun:
        snapshot.removal_begun = false;
        break;
    }
  }
}

void Snapshots::made(InodeNumber directory, const StoreMap& map, const engine::Command* command) {
  SnapshotTruth truth = truth_of(directory, map);
  truth.by_backup = command != nullptr && std::holds_alternative<engine::Backup>(*command);
  undo_.push_back({Change::made, all_.size()});
  all_.push_back(std::move(truth));
}

void Snapshots::acknowledge(const engine::Backup& backup, const ChunkCatalogue& chunks) {
  for (std::size_t i = all_.size(); i > sealed_; --i) {
    SnapshotTruth& snapshot = all_[i - 1];
    if (snapshot.acknowledged || snapshot.group != backup.group.path()) continue;
    if (backup.time && backup.time->text() != snapshot.time) continue;
    undo_.push_back({Change::acknowledged, i - 1});
    snapshot.acknowledged = true;
    for (const auto& source : backup.archives) {
      ArchiveTruth archive{source.name, {}};
      for (const auto& chunk : source.chunks)
        archive.chunks.push_back(chunks.find(chunk.name)->digest);
      snapshot.archives.push_back(std::move(archive));
    }
    return;
  }
}

void Snapshots::file_removed(InodeNumber directory, const engine::Command* command) {
  if (command == nullptr) return;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    SnapshotTruth& snapshot = all_[i];
    if (snapshot.removal_begun || snapshot.directory != directory ||
        !may_remove(*command, snapshot))
      continue;
    undo_.push_back({Change::removal_begun, i});
    snapshot.removal_begun = true;
  }
}

std::uint64_t Snapshots::digest() const {
  std::uint64_t sum = 0;
  for (const SnapshotTruth& snapshot : all_) {
    const std::uint64_t flags = (snapshot.by_backup ? 1U : 0U) | (snapshot.acknowledged ? 2U : 0U) |
                                (snapshot.removal_begun ? 4U : 0U);
    sum += sim::mix((sim::mix(snapshot.directory) ^ flags) + sim::hash_text(snapshot.place));
  }
  return sum;
}

}  // namespace unswept::scenarios
