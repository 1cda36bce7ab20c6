#include "engine/ops/namespaces.h"

#include <string>

#include "engine/ops/remove.h"
#include "engine/points.h"
#include "engine/store/directory.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {
namespace {

void warn(os::System& system, const std::string& what, os::Errno code) {
  if (!system.log_wanted(os::LogLevel::warning)) return;
  system.log(os::LogLevel::warning, os_error(code, "remove", what).message);
}

Result<> remove_groups(const Datastore& store, const Namespace& ns, NamespaceRemoval& removal) {
  auto groups = Groups::open(store, ns);
  if (!groups) return forward_error(groups);
  while (true) {
    auto group = groups->next();
    if (!group) return forward_error(group);
    if (!*group) return {};
    auto removed = remove_group(store, ns, **group);
    if (!removed) return forward_error(removed);
    removal.snapshots_removed += removed->snapshots_removed;
    removal.snapshots_protected += removed->snapshots_protected;
    if (removed->complete()) ++removal.groups_removed;
  }
}

void remove_type_directories(const Datastore& store, const std::string& path) {
  os::System& system = store.system();
  for (const BackupType type : {BackupType::vm, BackupType::ct, BackupType::host}) {
    const std::string directory = path + '/' + std::string(to_string(type));
    const auto done = system.rmdir(directory);
    if (done || done.error() == os::Errno::no_such_file_or_directory ||
        done.error() == os::Errno::directory_not_empty) {
      continue;
    }
    warn(system, directory, done.error());
  }
}

// True if the directory is gone.
bool remove_namespace_directory(const Datastore& store, const std::string& path,
                                DeleteGroups delete_groups) {
  os::System& system = store.system();
  const auto done = system.rmdir(path);
  if (done || done.error() == os::Errno::no_such_file_or_directory) return true;
  const bool expected =
      done.error() == os::Errno::directory_not_empty && delete_groups == DeleteGroups::no;
  if (!expected) warn(system, path, done.error());
  return false;
}

void add(NamespaceRemoval& sum, const NamespaceRemoval& level) {
  sum.complete = sum.complete && level.complete;
  sum.namespaces_removed += level.namespaces_removed;
  sum.groups_removed += level.groups_removed;
  sum.snapshots_removed += level.snapshots_removed;
  sum.snapshots_protected += level.snapshots_protected;
}

}  // namespace

Result<> create_namespace(const Datastore& store, const Namespace& ns) {
  if (ns.is_root()) return {};
  const Namespace parent = ns.parent();
  if (!parent.is_root() && !store.exists(parent)) {
    return fail(ErrorKind::not_found, "cannot create namespace " + ns.text() +
                                          ": its parent does not exist; create " + parent.text() +
                                          " first");
  }
  const std::string path = store.path(ns);
  if (auto made = make_directories(store.system(), path); !made) {
    return os_failure(made.error(), "create", path);
  }
  store.system().point(points::namespace_created, ns.text());
  return {};
}

Result<NamespaceRemoval> remove_namespace_level(const Datastore& store, const Namespace& ns,
                                                DeleteGroups delete_groups) {
  NamespaceRemoval removal;
  if (delete_groups == DeleteGroups::yes) {
    if (auto removed = remove_groups(store, ns, removal); !removed) return forward_error(removed);
  }
  const std::string path = store.path(ns);
  remove_type_directories(store, path);
  (void)store.system().rmdir(path + "/ns");
  if (ns.is_root()) return removal;
  removal.complete = remove_namespace_directory(store, path, delete_groups);
  if (removal.complete) {
    ++removal.namespaces_removed;
    store.system().point(points::namespace_removed, ns.text());
  }
  return removal;
}

Result<NamespaceRemoval> remove_namespace(const Datastore& store, const Namespace& ns,
                                          DeleteGroups delete_groups) {
  auto namespaces = list_namespaces(store, ns);
  if (!namespaces) return forward_error(namespaces);
  NamespaceRemoval removal;
  for (std::size_t depth = Namespace::kMaxDepth + 1; depth-- > ns.depth();) {
    for (const Namespace& each : *namespaces) {
      if (each.depth() != depth) continue;
      auto level = remove_namespace_level(store, each, delete_groups);
      if (!level) return forward_error(level);
      add(removal, *level);
    }
  }
  return removal;
}

}  // namespace unswept::engine
