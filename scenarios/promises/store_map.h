// scenarios/promises/store_map.h: what the directories of a store are.
//
// Promises are about snapshots and chunks, system calls about inodes and names.
// The map says which inode is a namespace, a group, a snapshot, a chunk
// directory, and follows it when it is renamed.  Kept by a monitor from the calls
// it sees, so that asking costs a look into a table.
//
// Thread safety: none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/objects.h"
#include "sim/view.h"

namespace unswept::scenarios {

using sim::InodeNumber;

enum class PlaceKind : std::uint8_t {
  other,  // nothing a listing looks at
  store,
  namespaces,  // an `ns` directory
  name_space,
  type,
  group,
  snapshot,
  chunk_root,
  chunk_directory,
};

struct Place {
  PlaceKind kind = PlaceKind::other;
  InodeNumber parent = 0;
  std::string name;
};

class StoreMap {
 public:
  /// Reads the whole tree.
  void scan(const sim::View& view, std::string_view base);

  /// How many changes there have been; and back to when there were so many.
  std::size_t changes() const { return undo_.size(); }
  void take_back(std::size_t changes);

  /// Null for an inode that is no directory of the store.
  const Place* find(InodeNumber directory) const;
  PlaceKind kind(InodeNumber directory) const;
  /// What a directory of that name would be below `parent`.
  PlaceKind kind_below(InodeNumber parent, std::string_view name) const;

  /// A directory came to be, or came to a new place.  Directories below it follow.
  void put(InodeNumber directory, InodeNumber parent, std::string_view name);
  void remove(InodeNumber directory);

  /// "ns/a/vm/100"; empty for the store itself and for what is not below it.
  std::string path(InodeNumber directory) const;
  /// All snapshots, by path.
  std::vector<InodeNumber> snapshots() const;

 private:
  void scan_below(const sim::View& view, InodeNumber directory);
  void remember(InodeNumber directory);

  std::unordered_map<InodeNumber, Place> places_;
  std::vector<std::pair<InodeNumber, std::optional<Place>>> undo_;  // oldest first
};

}  // namespace unswept::scenarios
