// engine/ops/namespaces.h: creating and removing namespaces.  No lock covers a namespace.
#pragma once

#include <cstddef>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Creates a namespace below its parent, which must exist.  An existing one is fine.
Result<> create_namespace(const Datastore& store, const Namespace& ns);

enum class DeleteGroups : bool { no, yes };

struct NamespaceRemoval {
  bool complete = true;  // all that was asked for is gone
  std::size_t namespaces_removed = 0;
  std::size_t groups_removed = 0;
  std::size_t snapshots_removed = 0;
  std::size_t snapshots_protected = 0;
};

/// Removes a namespace and all below it, deepest first.  What is not empty stays
/// unless its groups are to be deleted.  For the root only what is below it goes.
Result<NamespaceRemoval> remove_namespace(const Datastore& store, const Namespace& ns,
                                          DeleteGroups delete_groups);

/// Removes one level: what remains of a namespace that has no children.  Not
/// complete when it is not empty.
Result<NamespaceRemoval> remove_namespace_level(const Datastore& store, const Namespace& ns,
                                                DeleteGroups delete_groups);

}  // namespace unswept::engine
