#include "scenarios/promises/references.h"

#include <algorithm>

#include "engine/format/index.h"

namespace unswept::scenarios {

void References::scan(const sim::View& view, const StoreMap& map, const ChunkCatalogue& catalogue,
                      std::string_view base) {
  const auto store = view.lookup(base);
  if (!store) return;
  const auto chunk_root = view.child(*store, ".chunks");
  if (chunk_root) {
    std::vector<sim::Child> directories;
    view.children(*chunk_root, directories);
    for (const sim::Child& directory : directories)
      chunk_directories_.emplace(directory.name, directory.inode);
  }
  for (const auto& [name, chunk] : catalogue.all()) add_chunk(chunk.digest, name);
  if (chunk_root) scan_chunks(view, *chunk_root);
  std::vector<sim::Child> files;
  for (const InodeNumber snapshot : map.snapshots()) {
    view.children(snapshot, files);
    const std::vector<sim::Child> found = files;
    for (const sim::Child& file : found)
      if (file.type == os::FileType::regular && engine::index_kind(file.name))
        appear(file.inode, file.name, snapshot, read_index(view, file.inode, file.name));
  }
  undo_chunks_.clear();
  undo_indexes_.clear();
}

void References::scan_chunks(const sim::View& view, InodeNumber chunk_root) {
  std::vector<sim::Child> directories;
  view.children(chunk_root, directories);
  for (const sim::Child& directory : directories) {
    if (directory.type != os::FileType::directory) continue;
    std::vector<sim::Child> files;
    view.children(directory.inode, files);
    for (const sim::Child& file : files)
      if (const auto digest = engine::Digest::parse(file.name))
        chunks_[chunk_id(*digest)].inode = file.inode;
  }
}

void References::add_chunk(const engine::Digest& digest, std::string name) {
  ChunkState chunk;
  chunk.digest = digest;
  chunk.file_name = digest.hex();
  chunk.name = std::move(name);
  const auto directory = chunk_directories_.find(chunk.file_name.substr(0, 4));
  if (directory != chunk_directories_.end()) chunk.directory = directory->second;
  ids_.emplace(digest, static_cast<ChunkId>(chunks_.size()));
  chunks_.push_back(std::move(chunk));
}

ChunkId References::chunk_id(const engine::Digest& digest) {
  if (const auto found = ids_.find(digest); found != ids_.end()) return found->second;
  add_chunk(digest, digest.hex().substr(0, 8));
  return static_cast<ChunkId>(chunks_.size() - 1);
}

void References::take_back(const Mark& mark) {
  for (; undo_chunks_.size() > mark.chunk_changes; undo_chunks_.pop_back()) {
    const ChunkUndo& undo = undo_chunks_.back();
    chunks_[undo.chunk].inode = undo.inode;
    chunks_[undo.chunk].references = undo.references;
  }
  for (; undo_indexes_.size() > mark.index_changes; undo_indexes_.pop_back()) {
    auto& [inode, before] = undo_indexes_.back();
    if (before)
      indexes_[inode] = std::move(*before);
    else
      indexes_.erase(inode);
  }
  while (chunks_.size() > mark.chunks) {
    ids_.erase(chunks_.back().digest);
    chunks_.pop_back();
  }
}

std::optional<ChunkId> References::chunk_of(std::string_view file_name) const {
  const auto digest = engine::Digest::parse(file_name);
  if (!digest) return std::nullopt;
  const auto found = ids_.find(*digest);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

const IndexState* References::index(InodeNumber inode) const {
  const auto found = indexes_.find(inode);
  return found == indexes_.end() ? nullptr : &found->second;
}

// What an index lists follows from its content, but not which of its chunks were there.
std::uint64_t References::digest() const {
  std::uint64_t sum = 0;
  for (const auto& [inode, index] : indexes_)
    for (const ChunkId chunk : index.chunks)
      sum += sim::mix(inode ^ engine::DigestHash{}(chunks_[chunk].digest));
  return sum;
}

std::vector<InodeNumber> References::referrers(ChunkId chunk) const {
  std::vector<InodeNumber> found;
  for (const auto& [inode, index] : indexes_)
    if (std::find(index.chunks.begin(), index.chunks.end(), chunk) != index.chunks.end())
      found.push_back(inode);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<ChunkId> References::read_index(const sim::View& view, InodeNumber inode,
                                            std::string_view name) {
  std::vector<ChunkId> list;
  const auto kind = engine::index_kind(name);
  if (!kind) return list;
  const auto index = engine::IndexView::open(*kind, view.content(inode));
  if (!index) return list;
  for (std::size_t i = 0; i < index->chunk_count(); ++i) list.push_back(chunk_id(index->digest(i)));
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

const IndexState& References::appear(InodeNumber inode, std::string_view name, InodeNumber snapshot,
                                     const std::vector<ChunkId>& chunks) {
  remember_index(inode);
  IndexState index{std::string(name), snapshot, {}, {}};
  for (const ChunkId chunk : chunks) {
    if (chunks_[chunk].inode == 0) {
      index.missing.push_back(chunk);
      continue;
    }
    index.chunks.push_back(chunk);
    remember(chunk);
    ++chunks_[chunk].references;
  }
  return indexes_[inode] = std::move(index);
}

void References::disappear(InodeNumber inode) {
  const auto found = indexes_.find(inode);
  if (found == indexes_.end()) return;
  remember_index(inode);
  for (const ChunkId chunk : found->second.chunks) {
    remember(chunk);
    --chunks_[chunk].references;
  }
  indexes_.erase(found);
}

void References::set_snapshot(InodeNumber inode, InodeNumber snapshot) {
  remember_index(inode);
  indexes_[inode].snapshot = snapshot;
}

void References::chunk_arrives(ChunkId chunk, InodeNumber inode) {
  remember(chunk);
  chunks_[chunk].inode = inode;
}

void References::chunk_leaves(ChunkId chunk) { chunk_arrives(chunk, 0); }

void References::remember(ChunkId chunk) {
  undo_chunks_.push_back({chunk, chunks_[chunk].inode, chunks_[chunk].references});
}

void References::remember_index(InodeNumber inode) {
  const auto found = indexes_.find(inode);
  undo_indexes_.emplace_back(
      inode, found == indexes_.end() ? std::nullopt : std::optional<IndexState>(found->second));
}

}  // namespace unswept::scenarios
