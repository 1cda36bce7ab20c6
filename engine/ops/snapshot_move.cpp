#include "engine/ops/snapshot_move.h"

#include <string>
#include <vector>

#include "engine/format/bytes.h"
#include "engine/format/index.h"
#include "engine/points.h"
#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

/// Where the indexes in the directory `from` will be when it is called `to`.
Result<std::vector<std::string>> moved_paths(os::System& system, const std::string& from,
                                             const std::string& to) {
  auto directory = Directory::open(system, from, kIndexFiles, os::Follow::no);
  if (!directory) return os_failure(directory.error(), "open snapshot directory", from);
  std::vector<std::string> paths;
  while (true) {
    auto entry = directory->next();
    if (!entry) return os_failure(entry.error(), "read", from);
    if (*entry == nullptr) return paths;
    const std::string& name = (*entry)->name;
    if (index_kind(name) && is_utf8(name)) paths.push_back(to + '/' + name);
  }
}

}  // namespace

Result<> move_snapshot(const Datastore& store, const SnapshotId& snapshot, const Namespace& source,
                       const Namespace& target) {
  os::System& system = store.system();
  const std::string from = store.path(source, snapshot);
  const std::string to = store.path(target, snapshot);
  const auto paths = moved_paths(system, from, to);
  if (!paths) return std::unexpected(paths.error());

  // The announcement comes first: once the new path can exist, a collection that missed the
  // snapshot at both places must still hear of it.
  if (auto told = store.protocol().announce_move(store, *paths); !told) return told;
  if (auto renamed = system.rename(from, to); !renamed)
    return os_failure(renamed.error(), "move snapshot", from);
  system.point(points::move_renamed, store.below_base(to));
  if (auto told = store.protocol().confirm_move(store, *paths); !told) return told;
  store.forget_snapshot_locks(source, snapshot);
  return {};
}

}  // namespace unswept::engine
