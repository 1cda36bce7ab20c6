// engine/store/hierarchy.h: iterating namespaces, groups and snapshots.
//
// All iterations stream: a directory is opened once and read as the consumer
// asks, so what the consumer does with one item happens before later ones are
// read.  Items are errors where the directory says something unexpected; whether
// that ends an operation is the caller's decision, and the iteration can go on.
//
// An iterator belongs to one task.  The Datastore must outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/store/datastore.h"
#include "engine/store/directory.h"

namespace unswept::engine {

/// The next item, nothing at the end, or an error in place of an item.
template <class T>
using Next = Result<std::optional<T>>;

/// The children of one namespace.  Its `ns` directory is opened at the first
/// next(); if there is none, there are no children.
class ChildNamespaces {
 public:
  ChildNamespaces(const Datastore& store, Namespace parent)
      : store_(&store), parent_(std::move(parent)) {}
  Next<Namespace> next();
  void tell(os::Gist& gist) const;

 private:
  Result<bool> open();

  const Datastore* store_;
  Namespace parent_;
  std::optional<Directory> directory_;
  bool at_end_ = false;
};

/// A namespace and its descendants, parents first.  The start is not looked at
/// before it is yielded; the children of a namespace are read after the consumer
/// has dealt with it.
class NamespaceTree {
 public:
  /// Goes `depth_limit` levels below `start`, at most to the deepest level there can be.
  NamespaceTree(const Datastore& store, Namespace start,
                std::size_t depth_limit = Namespace::kMaxDepth);
  Next<Namespace> next();
  void tell(os::Gist& gist) const;

 private:
  const Datastore* store_;
  std::size_t depth_limit_;
  std::optional<Namespace> start_;
  std::vector<ChildNamespaces> levels_;
};

/// The groups of a namespace.
class Groups {
 public:
  /// Opens the namespace directory.
  static Result<Groups> open(const Datastore& store, const Namespace& ns);
  Next<GroupId> next();
  void tell(os::Gist& gist) const;

 private:
  Groups(const Datastore& store, std::string path, Directory directory)
      : store_(&store), path_(std::move(path)), directory_(std::move(directory)) {}
  Result<bool> open_next_type();

  const Datastore* store_;
  std::string path_;
  Directory directory_;
  std::optional<Directory> ids_;  // of the type being read
  BackupType type_ = BackupType::vm;
  bool at_end_ = false;
};

/// The snapshots of a group, without their files.
class Snapshots {
 public:
  static Result<Snapshots> open(const Datastore& store, const Namespace& ns, const GroupId& group);
  Next<SnapshotTime> next();

 private:
  Snapshots(const Datastore& store, std::string path, Directory directory)
      : store_(&store), path_(std::move(path)), directory_(std::move(directory)) {}

  const Datastore* store_;
  std::string path_;
  Directory directory_;
  bool at_end_ = false;
};

struct SnapshotFiles {
  SnapshotTime time;
  bool is_protected = false;
  std::vector<std::string> files;  // names of indexes and blobs, in directory order

  /// Whether there is a manifest.
  bool finished() const;
  void tell(os::Gist& gist) const { gist << time.text() << is_protected << files; }
};

/// The snapshots of a group with their files, in directory order.  All or
/// nothing: fails when any of the directories cannot be opened, also because it
/// vanished in between.
Result<std::vector<SnapshotFiles>> list_snapshots(const Datastore& store, const Namespace& ns,
                                                  const GroupId& group);

/// The same, but only indexes are listed in `files`: whether a manifest appears
/// meanwhile makes no difference.
Result<std::vector<SnapshotFiles>> list_snapshot_indexes(const Datastore& store,
                                                         const Namespace& ns, const GroupId& group);

/// A namespace and its descendants as a list; the first error ends it.
Result<std::vector<Namespace>> list_namespaces(const Datastore& store, const Namespace& start,
                                               std::size_t depth_limit = Namespace::kMaxDepth);

}  // namespace unswept::engine
