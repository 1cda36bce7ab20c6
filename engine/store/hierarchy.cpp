#include "engine/store/hierarchy.h"

#include <algorithm>

#include "engine/format/bytes.h"

namespace unswept::engine {

namespace {

bool is_directory(const os::Result<os::FileType>& type) {
  return type && *type == os::FileType::directory;
}

/// Whether an entry is a directory; fails where neither directory nor stat can tell.
Result<bool> entry_is_directory(Directory& directory, const os::DirEntry& entry,
                                std::string_view parent) {
  auto type = directory.type_of(entry);
  if (type) return *type == os::FileType::directory;
  return std::unexpected(
      with_context(os_error(type.error(), "find out the type of", entry.name), parent));
}

}  // namespace

// --- namespaces -----------------------------------------------------------------------------

Result<bool> ChildNamespaces::open() {
  std::string path = store_->path(parent_);
  path += "/ns";
  auto opened = Directory::open(store_->system(), path, kSubdirectories);
  if (opened) {
    directory_ = std::move(*opened);
    return true;
  }
  at_end_ = true;
  if (opened.error() == os::Errno::no_such_file_or_directory) return false;
  return os_failure(opened.error(), "open", path);
}

Next<Namespace> ChildNamespaces::next() {
  if (at_end_) return std::nullopt;
  if (!directory_) {
    auto opened = open();
    if (!opened) return forward_error(opened);
    if (!*opened) return std::nullopt;
  }
  while (true) {
    auto entry = directory_->next();
    if (!entry || *entry == nullptr) {
      at_end_ = true;
      directory_.reset();
      if (!entry) return os_failure(entry.error(), "list the children of", store_->path(parent_));
      return std::nullopt;
    }
    if (!is_utf8((*entry)->name)) continue;
    auto directory = entry_is_directory(*directory_, **entry, parent_.display_name());
    if (!directory) return forward_error(directory);
    if (*directory) return parent_.child((*entry)->name);
  }
}

void ChildNamespaces::tell(os::Gist& gist) const {
  gist << parent_.text() << directory_ << at_end_;
}

NamespaceTree::NamespaceTree(const Datastore& store, Namespace start, std::size_t depth_limit)
    : store_(&store), depth_limit_(depth_limit), start_(std::move(start)) {}

Next<Namespace> NamespaceTree::next() {
  if (start_) {
    Namespace start = std::move(*start_);
    start_.reset();
    if (depth_limit_ > Namespace::kMaxDepth)
      return fail(ErrorKind::invalid, "namespaces are at most " +
                                          std::to_string(Namespace::kMaxDepth) +
                                          " levels deep; a limit of " +
                                          std::to_string(depth_limit_) + " is not possible");
    depth_limit_ = std::min(depth_limit_, Namespace::kMaxDepth - start.depth());
    if (depth_limit_ > 0) levels_.emplace_back(*store_, start);
    return start;
  }
  while (!levels_.empty()) {
    auto child = levels_.back().next();
    if (!child) return child;
    if (!*child) {
      levels_.pop_back();
      continue;
    }
    if (levels_.size() < depth_limit_) levels_.emplace_back(*store_, **child);
    return child;
  }
  return std::nullopt;
}

void NamespaceTree::tell(os::Gist& gist) const {
  gist << start_.has_value() << depth_limit_ << levels_;
}

Result<std::vector<Namespace>> list_namespaces(const Datastore& store, const Namespace& start,
                                               std::size_t depth_limit) {
  std::vector<Namespace> list;
  NamespaceTree tree(store, start, depth_limit);
  while (true) {
    auto ns = tree.next();
    if (!ns) return forward_error(ns);
    if (!*ns) return list;
    list.push_back(std::move(**ns));
  }
}

// --- groups ---------------------------------------------------------------------------------

namespace {

constexpr os::Interest kTypeDirectories{
    .directories = true, .extensions = {}, .names = kBackupTypeNames};

}  // namespace

Result<Groups> Groups::open(const Datastore& store, const Namespace& ns) {
  std::string path = store.path(ns);
  auto directory = Directory::open(store.system(), path, kTypeDirectories);
  if (!directory) return os_failure(directory.error(), "open namespace directory", path);
  return Groups(store, std::move(path), std::move(*directory));
}

/// Opens the next type directory; false at the end.
Result<bool> Groups::open_next_type() {
  while (true) {
    auto entry = directory_.next();
    if (!entry || *entry == nullptr) {
      at_end_ = true;
      if (!entry) return os_failure(entry.error(), "read", path_);
      return false;
    }
    const auto type = parse_backup_type((*entry)->name);
    if (!type) continue;
    auto directory = entry_is_directory(directory_, **entry, path_);
    if (!directory) return forward_error(directory);
    if (!*directory) continue;
    auto ids = Directory::open(store_->system(), {directory_.fd(), (*entry)->name}, kSubdirectories,
                               os::Follow::no);
    if (!ids) return os_failure(ids.error(), "open", path_ + '/' + (*entry)->name);
    type_ = *type;
    ids_ = std::move(*ids);
    return true;
  }
}

Next<GroupId> Groups::next() {
  while (true) {
    if (!ids_) {
      if (at_end_) return std::nullopt;
      auto opened = open_next_type();
      if (!opened) return forward_error(opened);
      if (!*opened) return std::nullopt;
    }
    auto entry = ids_->next();
    if (!entry || *entry == nullptr) {
      ids_.reset();
      if (entry) continue;
      return os_failure(entry.error(), "read", path_ + '/' + std::string(to_string(type_)));
    }
    if (!is_backup_id((*entry)->name)) continue;
    auto directory = entry_is_directory(*ids_, **entry, path_);
    if (!directory) return forward_error(directory);
    if (*directory) return GroupId{type_, std::move((*entry)->name)};
  }
}

void Groups::tell(os::Gist& gist) const {
  gist << path_ << directory_ << at_end_ << ids_;
  if (ids_) gist << type_;
}

// --- snapshots ------------------------------------------------------------------------------

Result<Snapshots> Snapshots::open(const Datastore& store, const Namespace& ns,
                                  const GroupId& group) {
  std::string path = store.path(ns, group);
  auto directory = Directory::open(store.system(), path, kSubdirectories, os::Follow::no);
  if (!directory) return os_failure(directory.error(), "open group directory", path);
  return Snapshots(store, std::move(path), std::move(*directory));
}

Next<SnapshotTime> Snapshots::next() {
  while (!at_end_) {
    auto entry = directory_.next();
    if (!entry || *entry == nullptr) {
      at_end_ = true;
      if (!entry) return os_failure(entry.error(), "read", path_);
      return std::nullopt;
    }
    if (!SnapshotTime::matches((*entry)->name)) continue;
    const auto type = directory_.type_of(**entry);
    if (!type)
      store_->system().log(os::LogLevel::warning,
                           path_ + '/' + (*entry)->name + ": its type cannot be told; left out");
    if (is_directory(type)) return SnapshotTime::parse((*entry)->name);
  }
  return std::nullopt;
}

bool SnapshotFiles::finished() const {
  return std::ranges::find(files, kManifestName) != files.end();
}

namespace {

constexpr std::string_view kListedExtensions[] = {"fidx", "didx", "blob", "protected"};
constexpr os::Interest kListedFiles{false, kListedExtensions};

Result<> read_snapshot_files(Directory& directory, std::string_view path, SnapshotFiles& out) {
  while (true) {
    auto entry = directory.next();
    if (!entry) return os_failure(entry.error(), "read", path);
    if (*entry == nullptr) return {};
    std::string& name = (*entry)->name;
    if (name == kProtectedName) out.is_protected = true;
    if (!is_listed_file_name(name)) continue;
    auto type = directory.type_of(**entry);
    if (!type) return os_failure(type.error(), "find out the type of", name);
    if (*type == os::FileType::regular) out.files.push_back(std::move(name));
  }
}

Result<SnapshotFiles> list_snapshot(os::System& system, const Directory& group,
                                    const std::string& name, const std::string& group_path,
                                    const os::Interest& interest) {
  auto time = SnapshotTime::parse(name);
  if (!time) return std::unexpected(with_context(std::move(time.error()), group_path));
  SnapshotFiles snapshot;
  snapshot.time = *time;
  auto directory = Directory::open(system, {group.fd(), name}, interest, os::Follow::no);
  if (!directory) return os_failure(directory.error(), "open", group_path + '/' + name);
  if (auto read = read_snapshot_files(*directory, name, snapshot); !read)
    return std::unexpected(with_context(std::move(read.error()), group_path));
  return snapshot;
}

Result<std::vector<SnapshotFiles>> list(const Datastore& store, const Namespace& ns,
                                        const GroupId& group, const os::Interest& interest) {
  const std::string path = store.path(ns, group);
  auto directory = Directory::open(store.system(), path, kSubdirectories, os::Follow::no);
  if (!directory) return os_failure(directory.error(), "open group directory", path);
  std::vector<SnapshotFiles> snapshots;
  while (true) {
    auto entry = directory->next();
    if (!entry) return os_failure(entry.error(), "read", path);
    if (*entry == nullptr) return snapshots;
    if (!SnapshotTime::matches((*entry)->name)) continue;
    auto is_snapshot = entry_is_directory(*directory, **entry, path);
    if (!is_snapshot) return forward_error(is_snapshot);
    if (!*is_snapshot) continue;
    auto snapshot = list_snapshot(store.system(), *directory, (*entry)->name, path, interest);
    if (!snapshot) return forward_error(snapshot);
    snapshots.push_back(std::move(*snapshot));
  }
}

}  // namespace

Result<std::vector<SnapshotFiles>> list_snapshots(const Datastore& store, const Namespace& ns,
                                                  const GroupId& group) {
  return list(store, ns, group, kListedFiles);
}

Result<std::vector<SnapshotFiles>> list_snapshot_indexes(const Datastore& store,
                                                         const Namespace& ns,
                                                         const GroupId& group) {
  return list(store, ns, group, kIndexFiles);
}

}  // namespace unswept::engine
