// scenarios/promises/references.h: which chunks are referenced, at every moment of a run.
//
// A chunk is referenced when an index at a snapshot's visible place lists it, and
// it was there when the index was first listed there.  A snapshot that moves from
// one visible place to another changes nothing here.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/format/digest.h"
#include "scenarios/promises/store_map.h"
#include "scenarios/setup/chunks.h"
#include "sim/view.h"

namespace unswept::scenarios {

using ChunkId = std::uint32_t;

struct ChunkState {
  engine::Digest digest;
  std::string file_name;      // 64 hex digits
  std::string name;           // as a scenario calls it, or the first digits
  InodeNumber directory = 0;  // that it is in, or would be; 0: there is none
  InodeNumber inode = 0;      // 0: it is absent
  std::uint32_t references = 0;
};

struct IndexState {
  std::string name;
  InodeNumber snapshot = 0;
  std::vector<ChunkId> chunks;   // that were there when it was first listed; each once
  std::vector<ChunkId> missing;  // that were not
};

class References {
 public:
  void scan(const sim::View& view, const StoreMap& map, const ChunkCatalogue& catalogue,
            std::string_view base);

  /// How much has changed; and back to when it was so much.
  struct Mark {
    std::size_t chunks;
    std::size_t chunk_changes;
    std::size_t index_changes;
    bool operator==(const Mark&) const = default;
  };
  Mark mark() const { return {chunks_.size(), undo_chunks_.size(), undo_indexes_.size()}; }
  void take_back(const Mark& mark);

  const std::vector<ChunkState>& chunks() const { return chunks_; }
  /// By the name of a file in a chunk directory; nothing if it is no chunk's.
  std::optional<ChunkId> chunk_of(std::string_view file_name) const;
  /// Null if it is not visible now.
  const IndexState* index(InodeNumber inode) const;
  /// A number for what is referenced by what.
  std::uint64_t digest() const;
  /// The visible indexes that refer to `chunk`, in order of inodes.
  std::vector<InodeNumber> referrers(ChunkId chunk) const;

  /// The chunks an index file lists, each once; nothing if it is no index.
  std::vector<ChunkId> read_index(const sim::View& view, InodeNumber inode, std::string_view name);

  const IndexState& appear(InodeNumber inode, std::string_view name, InodeNumber snapshot,
                           const std::vector<ChunkId>& chunks);
  void disappear(InodeNumber inode);
  void set_snapshot(InodeNumber inode, InodeNumber snapshot);
  void chunk_arrives(ChunkId chunk, InodeNumber inode);
  void chunk_leaves(ChunkId chunk);

 private:
  ChunkId chunk_id(const engine::Digest& digest);
  void add_chunk(const engine::Digest& digest, std::string name);
  void scan_chunks(const sim::View& view, InodeNumber chunk_root);
  void remember(ChunkId chunk);
  void remember_index(InodeNumber inode);

  std::vector<ChunkState> chunks_;
  std::unordered_map<engine::Digest, ChunkId, engine::DigestHash> ids_;
  std::unordered_map<std::string, InodeNumber> chunk_directories_;  // by four digits
  std::unordered_map<InodeNumber, IndexState> indexes_;

  struct ChunkUndo {
    ChunkId chunk;
    InodeNumber inode;
    std::uint32_t references;
  };

  // What take_back() takes back, oldest first.
  std::vector<ChunkUndo> undo_chunks_;
  std::vector<std::pair<InodeNumber, std::optional<IndexState>>> undo_indexes_;
};

}  // namespace unswept::scenarios
