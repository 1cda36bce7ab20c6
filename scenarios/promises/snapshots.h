// scenarios/promises/snapshots.h: the snapshots that must not get lost.
//
// A snapshot is followed by the inode of its directory, so that a move keeps it
// itself and a copy is somebody else.  It counts from the moment its backup is
// acknowledged until somebody begins to remove it who was asked to.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/cli/command.h"
#include "engine/format/digest.h"
#include "scenarios/promises/store_map.h"
#include "scenarios/scenario.h"
#include "scenarios/setup/chunks.h"
#include "sim/view.h"

namespace unswept::scenarios {

struct ArchiveTruth {
  std::string name;
  std::vector<engine::Digest> chunks;
};

struct SnapshotTruth {
  InodeNumber directory = 0;
  std::string group;  // "vm/100"
  std::string time;   // its name
  std::string place;  // where it was first, below the store
  std::vector<ArchiveTruth> archives;
  bool by_backup = true;  // made by a backup, or there from the start
  bool acknowledged = false;
  bool removal_begun = false;

  bool counts() const { return acknowledged && !removal_begun; }
};

class Snapshots {
 public:
  /// Finished snapshots that are there count from the start.
  void scan(const sim::View& view, const StoreMap& map);

  /// How many changes there have been; and back to when there were so many.
  std::size_t changes() const { return undo_.size(); }
  void take_back(std::size_t changes);

  const std::vector<SnapshotTruth>& all() const { return all_; }

  /// Somebody made a snapshot directory; `command` is what he is at.
  void made(InodeNumber directory, const StoreMap& map, const engine::Command* command);
  /// The backup that made the newest snapshot of this kind succeeded.
  void acknowledge(const engine::Backup& backup, const ChunkCatalogue& chunks);
  /// A file was unlinked in a snapshot directory.
  void file_removed(InodeNumber directory, const engine::Command* command);

  /// A number for what the promises about snapshots depend on beside the files.
  std::uint64_t digest() const;

 private:
  enum class Change : std::uint8_t { made, acknowledged, removal_begun };
  struct Undo {
    Change change;
    std::size_t snapshot;  // in all_
  };

  std::vector<SnapshotTruth> all_;
  std::size_t sealed_ = 0;
  std::vector<Undo> undo_;  // oldest first
};

/// Whether this command may remove that snapshot: it was asked to, or the snapshot is its own.
bool may_remove(const engine::Command& command, const SnapshotTruth& snapshot);

}  // namespace unswept::scenarios
