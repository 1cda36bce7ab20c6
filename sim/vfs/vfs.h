// sim/vfs/vfs.h: the file system calls of a simulated machine.
//
// Each function is one system call as Linux makes it, errors and their order
// included.  Each takes a Touch, in which the levels below (tree.h,
// descriptors.h) note what it reads and changes; with a dry one nothing changes.
//
// Left out: permissions, hard links, sizes and times of directories, access
// times changed by reading.  Times are kept below tracked directories only.
//
// Thread safety: none.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/os/system.h"
#include "sim/clock.h"
#include "sim/vfs/descriptors.h"
#include "sim/vfs/directory_policy.h"
#include "sim/vfs/tree.h"

namespace unswept::sim {

/// A Where with its path taken apart.
struct Target {
  os::Fd directory = os::Fd::cwd;
  const Path* path = nullptr;
};

class Vfs {
 public:
  using PolicyFunction = std::function<DirectoryPolicy(std::string_view path)>;

  Vfs(StateLog& log, Clock& clock);

  Target target(const os::Where& where) { return {where.dir, &tree_.names().path(where.path)}; }
  Tree& tree() { return tree_; }
  Descriptors& descriptors() { return descriptors_; }

  // --- files (files.cpp) --------------------------------------------------------
  os::Result<os::Fd> open(Touch& touch, Target target, os::Open flags, std::uint32_t mode);
  void close(Touch& touch, os::Fd fd) { descriptors_.close(touch, fd); }
  os::Result<std::size_t> read(Touch& touch, os::Fd fd, std::span<std::byte> out);
  os::Result<std::size_t> pread(Touch& touch, os::Fd fd, std::span<std::byte> out,
                                std::uint64_t offset);
  os::Result<std::size_t> write(Touch& touch, os::Fd fd, std::span<const std::byte> bytes);
  os::Result<std::size_t> pwrite(Touch& touch, os::Fd fd, std::span<const std::byte> bytes,
                                 std::uint64_t offset);
  os::Result<> seek(Touch& touch, os::Fd fd, std::uint64_t offset);
  os::Result<> truncate(Touch& touch, os::Fd fd, std::uint64_t size);
  /// The bytes, shared with the file until somebody writes.
  os::Result<Content> map(Touch& touch, os::Fd fd);
  os::Result<> sync(Touch& touch, os::Fd fd);

  // --- names (directory.cpp) -------------------------------------------------------
  os::Result<> rename(Touch& touch, Target from, Target to, bool replace);
  os::Result<> unlink(Touch& touch, Target target);
  os::Result<> mkdir(Touch& touch, Target target, std::uint32_t mode);
  os::Result<> rmdir(Touch& touch, Target target);
  /// For set-up; there is no step that makes one.
  os::Result<> symlink(Touch& touch, std::string_view points_to, Target target);

  // --- metadata (metadata.cpp) -------------------------------------------------------
  os::Result<os::Stat> stat(Touch& touch, Target target, os::Follow follow);
  os::Result<os::Stat> fstat(Touch& touch, os::Fd fd);
  os::Result<> touch_times(Touch& touch, Target target);
  os::Result<> chmod(Touch& touch, os::Fd fd, std::uint32_t mode);

  // --- reading directories (read_directory.cpp) -----------------------------------------
  /// With an interest, only what it wants is given and read.
  os::Result<> read_directory(Touch& touch, os::Fd fd, const os::Interest* interest,
                              std::vector<os::DirEntry>& out);

  // --- locks between processes (locks.cpp) --------------------------------------------
  /// Whether flock() would wait.  False for a bad descriptor: that is an answer, too.
  bool flock_would_wait(ProcessId process, os::Fd fd, os::LockKind kind);
  /// Whether the descriptor holds a lock of the other kind, which flock() may have to give up.
  bool flock_converts(ProcessId process, os::Fd fd, os::LockKind kind);
  enum class Waiting : bool { no, yes };
  /// Without waiting: operation_would_block.  While waiting the lock must be free, or the
  /// descriptor hold one of another kind; then that is lost, and the answer is the same.
  os::Result<> flock(Touch& touch, os::Fd fd, os::LockKind kind, Waiting waiting);
  void funlock(Touch& touch, os::Fd fd);
  os::Result<> record_lock(Touch& touch, os::Fd fd, os::RecordLock what);

  // --- set-up ------------------------------------------------------------------------
  void set_policy(PolicyFunction policy) { policy_ = std::move(policy); }
  void set_untracked_time(os::Timestamp time) { untracked_time_ = time; }

 private:
  os::Result<Inode*> start(Touch& touch, Target target);
  os::Result<Inode*> lookup(Touch& touch, Target target, os::Follow follow);
  os::Result<Place> place(Touch& touch, Target target);
  os::Result<Description*> readable(Touch& touch, os::Fd fd, bool moves);
  os::Result<Description*> writable(Touch& touch, os::Fd fd, bool moves);
  os::Result<Inode*> open_existing(Touch& touch, Inode& inode, os::Open flags);
  void empty(Touch& touch, Inode& inode);
  os::Result<Inode*> open_or_create(Touch& touch, Inode& start, Target target, os::Open flags,
                                    std::uint32_t mode);
  os::Result<std::size_t> copy_out(Touch& touch, Inode& inode, std::span<std::byte> out,
                                   std::uint64_t offset);
  os::Fd open_inode(Touch& touch, Inode& inode, os::Open flags, Target target);
  os::Result<Inode*> make(Touch& touch, const Place& end, os::FileType type, std::uint32_t mode);
  os::Result<Inode*> existing(Touch& touch, const Place& end);
  os::Result<> may_rename(Touch& touch, const Place& from, Inode& moved, const Place& to,
                          Inode* target);
  void rename_over(Touch& touch, const Place& from, Inode& moved, const Place& to, Inode* target);
  os::Stat stat_of(Touch& touch, Inode& inode);
  void next_entries(Touch& touch, Description& description, const os::Interest* interest);
  void permute(Touch& touch, const Description& description, std::size_t count);
  std::vector<Entry>& candidates(Touch& touch, Description& description,
                                 const os::Interest* interest);
  void add_races(Touch& touch, const DirectoryStream& stream);

  Clock& clock_;
  Tree tree_;
  Descriptors descriptors_;
  PolicyFunction policy_;
  os::Timestamp untracked_time_;
  // scratch memory of read_directory()
  std::vector<Entry> candidates_;
  std::vector<GivenEntry> given_;
};

/// Tells a monitor what a name resolved to; `inode` may be null.
ResolvedName resolved(const Place& place, const Inode* inode);

}  // namespace unswept::sim
