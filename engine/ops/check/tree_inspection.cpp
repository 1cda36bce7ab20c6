#include "engine/ops/check/tree_inspection.h"

#include <string>
#include <utility>

#include "engine/format/bytes.h"
#include "engine/format/names.h"
#include "engine/format/owner.h"
#include "engine/ops/check/snapshot_inspection.h"

namespace unswept::engine {
namespace {

constexpr std::uint64_t kLongestOwner = 64 << 10;
constexpr std::string_view kLostAndFound = "lost+found";
constexpr std::string_view kNamespaceDirectory = "ns";

bool is_directory(const os::DirEntry& entry) { return entry.type == os::FileType::directory; }
bool is_regular(const os::DirEntry& entry) { return entry.type == os::FileType::regular; }

std::string below(const std::string& directory, std::string_view name) {
  return std::string(directory).append("/").append(name);
}

class TreeInspection {
 public:
  explicit TreeInspection(Inspection& inspection) : inspection_(inspection) {}

  Result<> inspect_namespace(const Namespace& ns) {
    const std::string path = inspection_.store().path(ns);
    const auto listing = inspection_.list(path);
    if (!listing) return {};
    ++inspection_.report().namespaces;
    Result<> done;
    for (const os::DirEntry& entry : listing->entries) {
      if (done) done = inspect_namespace_entry(ns, path, entry);
    }
    return done;
  }

 private:
  Result<> inspect_namespace_entry(const Namespace& ns, const std::string& parent,
                                   const os::DirEntry& entry) {
    const std::string path = below(parent, entry.name);
    if (is_directory(entry)) {
      if (const auto type = parse_backup_type(entry.name)) return inspect_type(ns, *type, path);
      if (entry.name == kNamespaceDirectory) return inspect_children(ns, path);
    }
    if (ns.is_root() && is_part_of_base(entry.name)) return {};
    if (entry.name == kNamespaceDirectory && entry.type != os::FileType::symlink) {
      inspection_.error(FindingKind::bad_name, path,
                        "is no directory; listings, and garbage collection, end here");
      return {};
    }
    return inspect_other(path, entry);
  }

  static bool is_part_of_base(std::string_view name) {
    return name == kChunksName || name == kProcessLockName || name == kGcStatusName ||
           name == kLostAndFound;
  }

  Result<> inspect_other(const std::string& path, const os::DirEntry& entry) {
    if (!is_regular(entry) || !is_temporary_name(entry.name))
      return inspect_stray(inspection_, path, entry);
    inspection_.remark(FindingKind::temporary_file, path, "a temporary file");
    return {};
  }

  Result<> inspect_children(const Namespace& parent, const std::string& path) {
    const auto listing = inspection_.list(path);
    if (!listing) return {};
    for (const os::DirEntry& entry : listing->entries) {
      Result<> done = inspect_child(parent, below(path, entry.name), entry);
      if (!done) return done;
    }
    return {};
  }

  Result<> inspect_child(const Namespace& parent, const std::string& path,
                         const os::DirEntry& entry) {
    if (!is_directory(entry) || !is_utf8(entry.name)) return inspect_other(path, entry);
    const auto child = parent.child(entry.name);
    if (child) return inspect_namespace(*child);
    inspection_.error(FindingKind::bad_name, path,
                      child.error().message + "; listings, and garbage collection, end here");
    return {};
  }

  Result<> inspect_type(const Namespace& ns, BackupType type, const std::string& path) {
    const auto listing = inspection_.list(path);
    if (!listing) return {};
    for (const os::DirEntry& entry : listing->entries) {
      if (auto going = inspection_.going_on(); !going) return going;
      const bool group = is_directory(entry) && is_backup_id(entry.name);
      Result<> done = group ? inspect_group(ns, {type, entry.name})
                            : inspect_other(below(path, entry.name), entry);
      if (!done) return done;
    }
    return {};
  }

  Result<> inspect_group(const Namespace& ns, const GroupId& group) {
    const std::string path = inspection_.store().path(ns, group);
    const auto listing = inspection_.list(path);
    if (!listing) return {};
    inspection_.system().progress({"check groups", ++inspection_.report().groups, 0});
    bool has_snapshots = false;
    for (const os::DirEntry& entry : listing->entries) {
      const bool snapshot = is_directory(entry) && SnapshotTime::matches(entry.name);
      has_snapshots = has_snapshots || snapshot;
      Result<> done = snapshot ? inspect_snapshot_directory(ns, group, path, entry.name)
                               : inspect_group_entry(below(path, entry.name), entry);
      if (!done) return done;
    }
    inspect_owner(path, has_snapshots);
    return {};
  }

  Result<> inspect_snapshot_directory(const Namespace& ns, const GroupId& group,
                                      const std::string& path, const std::string& name) {
    const auto time = SnapshotTime::parse(name);
    if (time) return inspect_snapshot(inspection_, ns, {group, *time});
    inspection_.error(FindingKind::bad_name, below(path, name),
                      time.error().message + "; the group cannot be listed");
    return {};
  }

  Result<> inspect_group_entry(const std::string& path, const os::DirEntry& entry) {
    if (is_regular(entry) && (entry.name == kOwnerName || entry.name == kNotesName)) return {};
    return inspect_other(path, entry);
  }

  /// The owner is written right behind the group's directory, and goes right before it: without
  /// snapshots, a missing one is all that is left of somebody who was killed there.
  void inspect_owner(const std::string& group, bool has_snapshots) {
    const std::string path = below(group, kOwnerName);
    const auto content = inspection_.read(path, kLongestOwner);
    const auto owner = parse_owner_file(content.value_or(""));
    if (owner || !inspection_.store().exists(group)) return;
    if (has_snapshots) {
      inspection_.error(FindingKind::bad_owner, path,
                        (content ? owner.error().message : "is missing") +
                            "; write one line like 'root@pam' into it");
    } else {
      inspection_.remark(FindingKind::empty_group, group,
                         "has neither owner nor snapshots; remove it with remove-group");
    }
  }

  Inspection& inspection_;
};

}  // namespace

Result<> inspect_tree(Inspection& inspection) {
  return TreeInspection(inspection).inspect_namespace(Namespace());
}

}  // namespace unswept::engine
