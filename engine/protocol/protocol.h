// engine/protocol/protocol.h: how moves, removals and garbage collection keep out
// of each other's way.
//
// A mark that walks the tree can miss an index that moves from a place not yet
// visited to one already visited.  What a move tells, what a collection does
// about it, and what it does when something it listed has vanished, together are
// a protocol.  It is an object, so that a store can run any of them and a checker
// can compare them, wrong ones included; the operations have no branches on it.
//
// A Protocol has no state: everything it knows is on disk.
// Thread safety: const objects, usable by all.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/function_ref.h"

namespace unswept::engine {

class Datastore;

/// Marks what the index at an absolute path refers to; an absent index is fine.
using MarkIndex = FunctionRef<Result<>(std::string_view path)>;

/// What a collection does while it iterates groups.
struct IterationRules {
  /// List a group anew when an index of its newest snapshot has vanished.
  bool relist_when_newest_vanished = true;
  /// So many passes over a group go without its lock; one more is made under it.
  unsigned unlocked_passes = 10;
};

class Protocol {
 public:
  virtual ~Protocol() = default;
  virtual std::string_view name() const = 0;

  // --- moves, per snapshot ---------------------------------------------------------
  /// Before the rename of a snapshot directory, with the absolute paths its
  /// indexes will have.  An error stops the move; nothing has happened then.
  virtual Result<> announce_move(const Datastore& store,
                                 std::span<const std::string> target_paths) const;
  /// After the rename.
  virtual Result<> confirm_move(const Datastore& store,
                                std::span<const std::string> target_paths) const;

  // --- removals, per snapshot --------------------------------------------------------
  /// Under the snapshot's locks, before its directory `snapshot_path` (absolute) is removed.
  virtual Result<> before_removal(const Datastore& store, std::string_view snapshot_path) const;

  // --- collections, phase 1 ------------------------------------------------------------
  /// Before anything is listed.
  virtual Result<> begin_mark(const Datastore& store, MarkIndex mark) const;
  virtual IterationRules iteration_rules() const { return {}; }
  /// After the iteration and its leftovers: marks what moves have announced.
  virtual Result<> finish_mark(const Datastore& store, MarkIndex mark) const;
};

/// Nothing is announced.  Loses chunks; kept to compare with.
const Protocol& protocol_none();
/// A journal of moved indexes, drained at the end of phase 1: what the upstream engine does.
const Protocol& protocol_v8();

inline const Protocol& default_protocol() { return protocol_v8(); }

/// nullptr if there is none of that name.
const Protocol* find_protocol(std::string_view name);
std::span<const std::string_view> protocol_names();

}  // namespace unswept::engine
