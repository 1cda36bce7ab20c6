// sim/view.h: looking at a world without taking a step.
//
// For whoever judges promises.  A view with a footprint notes in it what it looked
// at, so that the same code can announce a judging step and carry it out.
//
// Answers are valid until the world changes.  Thread safety: as the World.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/os/system.h"
#include "model/footprint.h"
#include "sim/objects.h"

namespace unswept::sim {

class Vfs;

struct Child {
  std::string_view name;
  InodeNumber inode;
  os::FileType type;
};

class View {
 public:
  View(Vfs& vfs, model::Footprint* footprint) : vfs_(&vfs), footprint_(footprint) {}

  InodeNumber root() const;
  /// The inode at an absolute path; symlinks on the way are followed, one at its end is not.
  std::optional<InodeNumber> lookup(std::string_view path) const;
  std::optional<InodeNumber> child(InodeNumber directory, std::string_view name) const;
  /// All entries, sorted by name.  `out` is replaced.
  void children(InodeNumber directory, std::vector<Child>& out) const;
  /// Whether the inode exists still: in a directory, or open.  Not noted: look up its name for
  /// that.
  bool exists(InodeNumber inode) const;
  os::FileType type(InodeNumber inode) const;
  os::Timestamp atime(InodeNumber inode) const;
  std::uint64_t size(InodeNumber inode) const;
  std::span<const std::byte> content(InodeNumber inode) const;

 private:
  void note(ObjectKind kind, InodeNumber inode, std::uint64_t name = 0) const;

  Vfs* vfs_;
  model::Footprint* footprint_;
};

}  // namespace unswept::sim
