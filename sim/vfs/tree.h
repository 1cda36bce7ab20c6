// sim/vfs/tree.h: the directory tree: inodes, names, and how paths lead to them.
//
// The lowest level of the file system: each function notes in its Touch what it
// reads and changes, and writes changes to the StateLog.  Nothing above changes
// an inode directly.
//
// Thread safety: none.
#pragma once

#include <deque>
#include <vector>

#include "engine/os/result.h"
#include "sim/state_log.h"
#include "sim/touch.h"
#include "sim/vfs/inode.h"
#include "sim/vfs/names.h"

namespace unswept::sim {

/// Where a path ends: everything but its last component has been walked.
struct Place {
  enum class Last : std::uint8_t { normal, dot, dot_dot, root };

  Inode* directory = nullptr;
  const Name* name = nullptr;  // null for root
  Last last = Last::normal;
  bool trailing_slash = false;
};

class Tree {
 public:
  explicit Tree(StateLog& log);

  NameTable& names() { return names_; }
  Inode& root() { return *root_; }
  /// Null when the number was not given out (or taken back by a rollback).
  Inode* inode(InodeNumber number);

  // --- lookups (lookup.cpp) -----------------------------------------------------
  /// Null: absent.
  os::Result<Inode*> find(Touch& touch, Inode& directory, const Name& name);
  os::Result<Place> place(Touch& touch, Inode& start, const Path& path);
  os::Result<Inode*> lookup(Touch& touch, Inode& start, const Path& path, os::Follow follow);
  /// As place(), but a symlink there is followed to where it points, which may be absent.
  os::Result<Place> place_followed(Touch& touch, Inode& start, const Path& path);
  Inode& parent(Touch& touch, Inode& directory);
  /// Whether `inode` is `directory` or above it.
  bool is_above(Touch& touch, const Inode& inode, Inode& directory);
  bool is_empty(Touch& touch, const Inode& directory);

  // --- changes (tree.cpp) ----------------------------------------------------------
  /// A new inode without a name.  While dry: one that may be used until the next call.
  Inode& create(Touch& touch, os::FileType type, std::uint32_t mode, bool tracks_times,
                os::Timestamp atime);
  void insert(Touch& touch, Inode& directory, const Name& name, Inode& inode);
  void erase(Touch& touch, Inode& directory, const Name& name);
  /// Another inode takes over the name; the old one loses it.
  void replace(Touch& touch, Inode& directory, const Name& name, Inode& inode);
  /// Whether things can be made in the directory.  Making one adds to the members, which whoever
  /// removes the directory reads; so only the answer no is a touch of its own.
  bool accepts(Touch& touch, const Inode& directory);
  /// A directory is about to lose its name for good.
  void retire(Touch& touch, const Inode& directory);
  /// A directory has moved: call after insert() or replace().
  void set_parent(Touch& touch, Inode& inode, Inode& parent);
  void set_target(Inode& symlink, const Path& target) { symlink.target = &target; }
  void set_atime(Touch& touch, Inode& inode, os::Timestamp atime);
  void set_mode(Touch& touch, Inode& inode, std::uint32_t mode);
  void set_size(Touch& touch, Inode& inode, std::size_t size);
  void write(Touch& touch, Inode& inode, std::span<const std::byte> bytes, std::size_t offset);
  /// `kind` may be unlock.
  void set_record(Touch& touch, Inode& inode, ProcessId process, os::RecordLock kind);
  void add_open(Inode& inode, std::int32_t change);
  void track_times(Inode& directory);

 private:
  os::Result<Inode*> step_into(Touch& touch, Inode& directory, const Name& name, int& links_left);
  os::Result<Place> place(Touch& touch, Inode& start, const Path& path, int& links_left);
  os::Result<Inode*> lookup(Touch& touch, Inode& start, const Path& path, os::Follow follow,
                            int& links_left);
  os::Result<Inode*> at(Touch& touch, const Place& place);
  os::Result<Inode*> follow_link(Touch& touch, Inode& directory, const Inode& link,
                                 int& links_left);
  Inode& fresh(CreatorId creator);
  void save_content(Inode& inode);
  void insert_raw(Inode& directory, const Name& name, Inode& inode);
  Inode& erase_raw(Inode& directory, const Name& name);
  void set_linked(Inode& inode, bool linked);

  StateLog& log_;
  NameTable names_;
  std::deque<Inode> inodes_;
  std::vector<Inode*> unused_;
  std::vector<std::vector<Inode*>> by_creator_;
  Inode* root_ = nullptr;
  Inode dry_;  // what create() gives while dry
};

}  // namespace unswept::sim
