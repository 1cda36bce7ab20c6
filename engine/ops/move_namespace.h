// engine/ops/move_namespace.h: the groups of a namespace and of its children to another place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/ops/move_group.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct MoveNamespaceOptions {
  /// Levels below the source that move along; all of them if empty, none of them if 0.
  std::optional<std::size_t> max_depth = std::nullopt;
  /// Remove source namespaces that are empty afterwards.
  bool delete_source = true;
  bool merge = true;
  std::size_t lock_batch = 512;
};

struct MovedGroup {
  Namespace ns;  // where it was
  GroupId group;
  std::size_t snapshots = 0;
  bool merged = false;  // into a group that was there
};

struct FailedGroup {
  Namespace ns;
  GroupId group;
  Error error;
};

struct MoveNamespaceResult {
  std::vector<MovedGroup> moved;
  std::size_t snapshots_moved = 0;
  std::size_t namespaces_removed = 0;
  std::vector<FailedGroup> failed;        // to be investigated
  std::vector<FailedGroup> still_locked;  // moving again may help
  std::vector<std::string> warnings;

  /// Whether every group that was listed has moved.
  bool complete() const { return failed.empty() && still_locked.empty(); }
  /// What was left behind, for a person; empty if nothing was.
  std::string failure_message() const;
};

/// Fails when nothing could be begun.  A result that is not complete() is a failure too; it says
/// which groups stayed.
Result<MoveNamespaceResult> move_namespace(const Datastore& store, const Namespace& source,
                                           const Namespace& target,
                                           const MoveNamespaceOptions& options = {});

}  // namespace unswept::engine
