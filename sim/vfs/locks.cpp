// flock and record locks.
#include "sim/vfs/vfs.h"

namespace unswept::sim {
namespace {

using model::Mode;
using os::Errno;
using os::fail;
using os::LockKind;
using os::RecordLock;
using os::Result;

Hold hold_of(LockKind kind) { return kind == LockKind::shared ? Hold::shared : Hold::exclusive; }

bool record_conflicts(const Inode& inode, ProcessId process, RecordLock wanted) {
  for (const RecordHold& hold : inode.records) {
    if (hold.process == process) continue;
    if (wanted == RecordLock::write || hold.kind == RecordLock::write) return true;
  }
  return false;
}

}  // namespace

bool Vfs::flock_would_wait(ProcessId process, os::Fd fd, LockKind kind) {
  const Description* description = descriptors_.peek(process, fd);
  return description != nullptr && Descriptors::conflicts(*description, kind);
}

bool Vfs::flock_converts(ProcessId process, os::Fd fd, LockKind kind) {
  const Description* description = descriptors_.peek(process, fd);
  return description != nullptr && description->flock != Hold::none &&
         description->flock != hold_of(kind);
}

Result<> Vfs::flock(Touch& touch, os::Fd fd, LockKind kind, Waiting waiting) {
  const auto found = descriptors_.get(touch, fd);
  if (!found) return fail(found.error());
  Description& description = **found;
  const model::ObjectId lock = description.inode->object(ObjectKind::flock);
  if (description.flock == hold_of(kind)) {
    touch.read(lock);
    return {};
  }
  const bool converts = description.flock != Hold::none;
  const bool waits = waiting == Waiting::yes && !converts;
  // What would be touched by one who has to wait is the same as when the waiting is over.
  if (!waits && Descriptors::conflicts(description, kind)) {
    // As on Linux: the old lock is given up before the new one is asked for.
    if (converts) descriptors_.set_flock(touch, description, Hold::none, Mode::write);
    touch.read(lock);
    return fail(Errno::operation_would_block);
  }
  Mode mode = Mode::write;
  if (waits) mode = kind == LockKind::shared ? Mode::acquire_shared : Mode::acquire;
  descriptors_.set_flock(touch, description, hold_of(kind), mode);
  return {};
}

void Vfs::funlock(Touch& touch, os::Fd fd) {
  const auto found = descriptors_.get(touch, fd);
  if (!found) return;
  Description& description = **found;
  if (description.flock == Hold::none) {
    touch.read(description.inode->object(ObjectKind::flock));
    return;
  }
  const Mode mode = description.flock == Hold::shared ? Mode::release_shared : Mode::release;
  descriptors_.set_flock(touch, description, Hold::none, mode);
}

Result<> Vfs::record_lock(Touch& touch, os::Fd fd, RecordLock what) {
  const auto found = descriptors_.get(touch, fd);
  if (!found) return fail(found.error());
  const Description& description = **found;
  if (what == RecordLock::read && !description.readable()) return fail(Errno::bad_file_descriptor);
  if (what == RecordLock::write && !description.writable()) return fail(Errno::bad_file_descriptor);
  Inode& inode = *description.inode;
  if (what != RecordLock::unlock && record_conflicts(inode, touch.process(), what)) {
    touch.read(inode.object(ObjectKind::record));
    return fail(Errno::resource_unavailable_try_again);
  }
  if (inode.record_of(touch.process()) == what)
    touch.read(inode.object(ObjectKind::record));
  else
    tree_.set_record(touch, inode, touch.process(), what);
  return {};
}

}  // namespace unswept::sim
