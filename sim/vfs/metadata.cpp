// Looking at inodes, and their times and modes.
#include "sim/vfs/vfs.h"

namespace unswept::sim {

using os::Errno;
using os::fail;
using os::Result;

os::Stat Vfs::stat_of(Touch& touch, Inode& inode) {
  os::Stat stat;
  stat.type = inode.type;
  stat.inode = inode.number;
  stat.atime = inode.atime;
  stat.mode = inode.mode;
  touch.read(inode.object(ObjectKind::meta));
  if (inode.tracks_times) touch.read(inode.object(ObjectKind::atime));
  if (inode.type == os::FileType::regular) {
    touch.read(inode.object(ObjectKind::data));
    stat.size = inode.content.size();
  } else if (inode.type == os::FileType::symlink) {
    stat.size = inode.target->text.size();
  }
  return stat;
}

Result<os::Stat> Vfs::stat(Touch& touch, Target target, os::Follow follow) {
  const auto found = lookup(touch, target, follow);
  if (!found) return fail(found.error());
  return stat_of(touch, **found);
}

Result<os::Stat> Vfs::fstat(Touch& touch, os::Fd fd) {
  const auto description = descriptors_.get(touch, fd);
  if (!description) return fail(description.error());
  return stat_of(touch, *(*description)->inode);
}

Result<> Vfs::touch_times(Touch& touch, Target target) {
  const auto found = lookup(touch, target, os::Follow::no);
  if (!found) return fail(found.error());
  if ((*found)->tracks_times) tree_.set_atime(touch, **found, clock_.now(touch));
  return {};
}

Result<> Vfs::chmod(Touch& touch, os::Fd fd, std::uint32_t mode) {
  const auto description = descriptors_.get(touch, fd);
  if (!description) return fail(description.error());
  tree_.set_mode(touch, *(*description)->inode, mode);
  return {};
}

}  // namespace unswept::sim
