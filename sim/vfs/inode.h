// sim/vfs/inode.h: files, directories and symlinks.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/os/system.h"
#include "sim/monitor.h"
#include "sim/objects.h"
#include "sim/state_log.h"
#include "sim/vfs/content.h"
#include "sim/vfs/names.h"

namespace unswept::sim {

struct Inode;

struct Entry {
  const Name* name;
  Inode* inode;
};

/// A record lock that a process holds on a whole file.
struct RecordHold {
  ProcessId process;
  os::RecordLock kind;  // read or write
};

struct Inode final : Tracked {
  InodeNumber number = 0;
  model::ObjectId dirents = 0;  // what dirent() mixes the name into
  os::FileType type = os::FileType::regular;
  bool tracks_times = false;  // itself, and what is created below it
  bool linked = false;        // has a name, or is the root
  std::uint32_t opens = 0;    // descriptors
  std::uint32_t mode = 0;
  os::Timestamp atime;

  // files
  Content content;
  std::uint64_t content_saved = 0;  // the epoch (state_log.h) in which `content` was saved

  // symlinks
  const Path* target = nullptr;

  // directories
  Inode* parent = nullptr;     // the root's is itself
  std::vector<Entry> entries;  // sorted by hash of name
  model::Fingerprint names;    // sum over `entries`

  // locks
  std::uint32_t flock_shared = 0;  // how many descriptors hold it
  bool flock_exclusive = false;
  std::vector<RecordHold> records;

  bool is_directory() const { return type == os::FileType::directory; }
  bool exists() const { return linked || opens != 0; }
  model::ObjectId object(ObjectKind kind) const { return sim::object(kind, number); }
  void set_number(InodeNumber to) {
    number = to;
    dirents = object(ObjectKind::dirent);
  }
  model::ObjectId dirent(const Name& name) const { return dirents ^ name.hash >> kKindBits; }

  /// Which entries with this extension there are (Name::extension), or which subdirectories.
  model::ObjectId members_with(std::uint64_t extension) const {
    return sim::object(ObjectKind::members_of, number, mix(extension));
  }
  model::ObjectId subdirectories() const { return sim::object(ObjectKind::members_of, number); }

  /// The entry of that name, or null.  Not a touch: for Tree.
  const Entry* entry(const Name& name) const;

  /// unlock: none.
  os::RecordLock record_of(ProcessId process) const;
  void hold_record(ProcessId process, os::RecordLock kind);

  model::Fingerprint contribution() const override;
};

}  // namespace unswept::sim
