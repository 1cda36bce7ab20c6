#include "sim/view.h"

#include <algorithm>

#include "sim/check.h"
#include "sim/touch.h"
#include "sim/vfs/vfs.h"

namespace unswept::sim {
namespace {

Inode& inode_of(Vfs& vfs, InodeNumber number) {
  Inode* inode = vfs.tree().inode(number);
  UNSWEPT_SIM_CHECK(inode != nullptr, "an inode that is looked at was made in this run");
  return *inode;
}

/// Looks as a step would, but only looks.
class Look {
 public:
  explicit Look(model::Footprint* footprint)
      : touch_(footprint == nullptr ? ignored_ : *footprint, model::kNoActor, ProcessId{}, nullptr,
               nullptr, /*dry=*/true) {}
  Touch& touch() { return touch_; }

 private:
  model::Footprint ignored_;
  Touch touch_;
};

}  // namespace

InodeNumber View::root() const { return vfs_->tree().root().number; }

std::optional<InodeNumber> View::lookup(std::string_view path) const {
  Look look(footprint_);
  Tree& tree = vfs_->tree();
  const auto found =
      tree.lookup(look.touch(), tree.root(), tree.names().path(path), os::Follow::no);
  if (!found) return std::nullopt;
  return (*found)->number;
}

std::optional<InodeNumber> View::child(InodeNumber directory, std::string_view name) const {
  Look look(footprint_);
  Tree& tree = vfs_->tree();
  const auto found = tree.find(look.touch(), inode_of(*vfs_, directory), tree.names().name(name));
  if (!found || *found == nullptr) return std::nullopt;
  return (*found)->number;
}

void View::children(InodeNumber directory, std::vector<Child>& out) const {
  const Inode& inode = inode_of(*vfs_, directory);
  note(ObjectKind::members, directory);
  out.clear();
  for (const Entry& entry : inode.entries) {
    // Which inode a name stands for may change without a change of the names.
    if (footprint_ != nullptr) footprint_->add(inode.dirent(*entry.name), model::Mode::read);
    out.push_back({entry.name->text, entry.inode->number, entry.inode->type});
  }
  std::sort(out.begin(), out.end(), [](const Child& a, const Child& b) { return a.name < b.name; });
}

bool View::exists(InodeNumber inode) const {
  const Inode* found = vfs_->tree().inode(inode);
  return found != nullptr && found->exists();
}

os::FileType View::type(InodeNumber inode) const { return inode_of(*vfs_, inode).type; }

os::Timestamp View::atime(InodeNumber inode) const {
  note(ObjectKind::atime, inode);
  return inode_of(*vfs_, inode).atime;
}

std::uint64_t View::size(InodeNumber inode) const {
  note(ObjectKind::data, inode);
  return inode_of(*vfs_, inode).content.size();
}

std::span<const std::byte> View::content(InodeNumber inode) const {
  note(ObjectKind::data, inode);
  return inode_of(*vfs_, inode).content.bytes();
}

void View::note(ObjectKind kind, InodeNumber inode, std::uint64_t name) const {
  if (footprint_ != nullptr) footprint_->add(object(kind, inode, name), model::Mode::read);
}

}  // namespace unswept::sim
