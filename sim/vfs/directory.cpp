// Making, removing and renaming.
#include "sim/vfs/vfs.h"

namespace unswept::sim {
namespace {

using os::Errno;
using os::fail;
using os::Result;

bool is_directory(const Inode* inode) { return inode != nullptr && inode->is_directory(); }

}  // namespace

// What the last component stands for: absent is an error.
Result<Inode*> Vfs::existing(Touch& touch, const Place& end) {
  auto found = tree_.find(touch, *end.directory, *end.name);
  if (!found) return found;
  if (touch.info() != nullptr) {
    touch.info()->from = resolved(end, *found);
    touch.info()->inode = touch.info()->from.inode;
  }
  if (*found == nullptr) return fail(Errno::no_such_file_or_directory);
  return found;
}

// Something new at a place that is known to be empty.
Result<Inode*> Vfs::make(Touch& touch, const Place& end, os::FileType type, std::uint32_t mode) {
  Inode& directory = *end.directory;
  if (!tree_.accepts(touch, directory)) return fail(Errno::no_such_file_or_directory);
  const os::Timestamp time = directory.tracks_times ? clock_.now(touch) : untracked_time_;
  Inode& inode = tree_.create(touch, type, mode, directory.tracks_times, time);
  tree_.insert(touch, directory, *end.name, inode);
  return &inode;
}

Result<> Vfs::mkdir(Touch& touch, Target target, std::uint32_t mode) {
  const auto end = place(touch, target);
  if (!end) return fail(end.error());
  if (end->last != Place::Last::normal) return fail(Errno::file_exists);
  const auto found = tree_.find(touch, *end->directory, *end->name);
  if (!found) return fail(found.error());
  if (touch.info() != nullptr) touch.info()->from = resolved(*end, *found);
  if (*found != nullptr) return fail(Errno::file_exists);
  const auto made = make(touch, *end, os::FileType::directory, mode);
  if (!made) return fail(made.error());
  if (touch.info() != nullptr) touch.info()->inode = (*made)->number;
  return {};
}

Result<> Vfs::symlink(Touch& touch, std::string_view points_to, Target target) {
  const auto end = place(touch, target);
  if (!end) return fail(end.error());
  if (end->last != Place::Last::normal) return fail(Errno::file_exists);
  const auto found = tree_.find(touch, *end->directory, *end->name);
  if (!found) return fail(found.error());
  if (*found != nullptr) return fail(Errno::file_exists);
  if (end->trailing_slash) return fail(Errno::no_such_file_or_directory);
  const auto made = make(touch, *end, os::FileType::symlink, 0777);
  if (!made) return fail(made.error());
  tree_.set_target(**made, tree_.names().path(points_to));
  return {};
}

Result<> Vfs::rmdir(Touch& touch, Target target) {
  const auto end = place(touch, target);
  if (!end) return fail(end.error());
  switch (end->last) {
    case Place::Last::root:
      return fail(Errno::device_or_resource_busy);
    case Place::Last::dot:
      return fail(Errno::invalid_argument);
    case Place::Last::dot_dot:
      return fail(Errno::directory_not_empty);
    case Place::Last::normal:
      break;
  }
  const auto found = existing(touch, *end);
  if (!found) return fail(found.error());
  if (!(*found)->is_directory()) return fail(Errno::not_a_directory);
  if (!tree_.is_empty(touch, **found)) return fail(Errno::directory_not_empty);
  tree_.retire(touch, **found);
  tree_.erase(touch, *end->directory, *end->name);
  return {};
}

Result<> Vfs::unlink(Touch& touch, Target target) {
  const auto end = place(touch, target);
  if (!end) return fail(end.error());
  if (end->last != Place::Last::normal) return fail(Errno::is_a_directory);
  const auto found = existing(touch, *end);
  if (!found) return fail(found.error());
  if ((*found)->is_directory()) return fail(Errno::is_a_directory);
  if (end->trailing_slash) return fail(Errno::not_a_directory);
  tree_.erase(touch, *end->directory, *end->name);
  return {};
}

Result<> Vfs::rename(Touch& touch, Target from, Target to, bool replace) {
  const auto old_end = place(touch, from);
  if (!old_end) return fail(old_end.error());
  const auto new_end = place(touch, to);
  if (!new_end) return fail(new_end.error());
  if (old_end->last != Place::Last::normal) return fail(Errno::device_or_resource_busy);
  if (new_end->last != Place::Last::normal)
    return fail(replace ? Errno::device_or_resource_busy : Errno::file_exists);
  const auto moved = existing(touch, *old_end);
  if (!moved) return fail(moved.error());
  const auto target = tree_.find(touch, *new_end->directory, *new_end->name);
  if (!target) return fail(target.error());
  if (touch.info() != nullptr) touch.info()->to = resolved(*new_end, *target);
  if (!replace && *target != nullptr) return fail(Errno::file_exists);
  if (auto may = may_rename(touch, *old_end, **moved, *new_end, *target); !may) return may;
  if (*moved != *target) rename_over(touch, *old_end, **moved, *new_end, *target);
  return {};
}

// The order of these refusals is that of Linux (do_renameat2, vfs_rename).
Result<> Vfs::may_rename(Touch& touch, const Place& from, Inode& moved, const Place& to,
                         Inode* target) {
  const bool slashes = from.trailing_slash || to.trailing_slash;
  if (!moved.is_directory() && slashes) return fail(Errno::not_a_directory);
  if (from.directory != to.directory) {
    if (moved.is_directory() && tree_.is_above(touch, moved, *to.directory))
      return fail(Errno::invalid_argument);
    if (is_directory(target) && tree_.is_above(touch, *target, *from.directory))
      return fail(Errno::directory_not_empty);
  }
  if (&moved == target) return {};
  if (target == nullptr) {
    if (!tree_.accepts(touch, *to.directory)) return fail(Errno::no_such_file_or_directory);
    return {};
  }
  if (moved.is_directory() && !target->is_directory()) return fail(Errno::not_a_directory);
  if (!moved.is_directory() && target->is_directory()) return fail(Errno::is_a_directory);
  if (target->is_directory() && !tree_.is_empty(touch, *target))
    return fail(Errno::directory_not_empty);
  return {};
}

void Vfs::rename_over(Touch& touch, const Place& from, Inode& moved, const Place& to,
                      Inode* target) {
  if (is_directory(target)) tree_.retire(touch, *target);
  tree_.erase(touch, *from.directory, *from.name);
  if (target == nullptr)
    tree_.insert(touch, *to.directory, *to.name, moved);
  else
    tree_.replace(touch, *to.directory, *to.name, moved);
  if (moved.is_directory()) tree_.set_parent(touch, moved, *to.directory);
}

}  // namespace unswept::sim
