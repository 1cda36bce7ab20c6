#include "sim/vfs/tree.h"

#include <algorithm>

#include "sim/check.h"
#include "sim/hash.h"

namespace unswept::sim {
namespace {

using Change = StateLog::Change;

std::uint64_t bits(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

template <class T>
T& object_at(std::uint64_t address) {
  return *reinterpret_cast<T*>(static_cast<std::uintptr_t>(address));
}

Inode& inode_of(const Change& change) { return *static_cast<Inode*>(change.part); }

model::Fingerprint entry_fingerprint(const Name& name, const Inode& inode) {
  return (WideDigest() << name.hash << inode.number).value();
}

// The entries with a smaller hash come before; among equal ones the order is free.
auto position_of(std::vector<Entry>& entries, const Name& name) {
  if (entries.empty() || entries.back().name->hash <= name.hash) return entries.end();
  return std::lower_bound(
      entries.begin(), entries.end(), name.hash,
      [](const Entry& entry, std::uint64_t hash) { return entry.name->hash < hash; });
}

// Notes that what a listing shows changes.  A reader may be interested in some of the names only.
void change_members(Touch& touch, const Inode& directory, const Name& name, bool is_directory) {
  touch.use(directory.object(ObjectKind::members), model::Mode::add);
  touch.use(directory.members_with(name.extension), model::Mode::add);
  if (is_directory) touch.use(directory.subdirectories(), model::Mode::add);
}

constexpr InodeNumber number_of(CreatorId creator, std::size_t index) {
  return static_cast<InodeNumber>(creator) << 32 | (index + 1);
}

}  // namespace

Tree::Tree(StateLog& log) : log_(log), by_creator_(model::kActorsMax + 1) {
  root_ = &fresh(0);
  root_->type = os::FileType::directory;
  root_->mode = 0755;
  root_->parent = root_;
  root_->linked = true;
  log_.mark_for_fingerprint(*root_);
}

Inode* Tree::inode(InodeNumber number) {
  const std::size_t creator = number >> 32;
  const std::size_t index = (number & 0xffffffffU) - 1;
  if (creator >= by_creator_.size() || index >= by_creator_[creator].size()) return nullptr;
  return by_creator_[creator][index];
}

// An inode that may have been something else in an earlier run.
Inode& Tree::fresh(CreatorId creator) {
  if (unused_.empty()) unused_.push_back(&inodes_.emplace_back());
  Inode& inode = *unused_.back();
  unused_.pop_back();
  UNSWEPT_SIM_CHECK(inode.entries.empty(), "a directory that is gone is empty");
  inode.linked = false;
  inode.opens = 0;
  inode.parent = nullptr;
  inode.names = {};
  inode.content_saved = 0;
  inode.set_number(number_of(creator, by_creator_[creator].size()));
  by_creator_[creator].push_back(&inode);
  return inode;
}

Inode& Tree::create(Touch& touch, os::FileType type, std::uint32_t mode, bool tracks_times,
                    os::Timestamp atime) {
  if (touch.dry()) {
    dry_.type = type;
    dry_.set_number(0);
    return dry_;
  }
  Inode& inode = fresh(touch.creator());
  inode.type = type;
  inode.mode = mode;
  inode.tracks_times = tracks_times;
  inode.atime = atime;
  log_.changed({[](const Change& change) {
                  Inode& gone = inode_of(change);
                  Tree& tree = object_at<Tree>(change.a);
                  tree.by_creator_[gone.number >> 32].pop_back();
                  gone.content = {};
                  gone.target = nullptr;
                  tree.unused_.push_back(&gone);
                },
                &inode, bits(this), 0, 0});
  return inode;
}

void Tree::insert_raw(Inode& directory, const Name& name, Inode& inode) {
  directory.entries.insert(position_of(directory.entries, name), Entry{&name, &inode});
  directory.names = directory.names + entry_fingerprint(name, inode);
}

Inode& Tree::erase_raw(Inode& directory, const Name& name) {
  const Entry* entry = directory.entry(name);
  UNSWEPT_SIM_CHECK(entry != nullptr, "an entry to be erased exists");
  Inode& inode = *entry->inode;
  directory.entries.erase(directory.entries.begin() + (entry - directory.entries.data()));
  directory.names = directory.names - entry_fingerprint(name, inode);
  return inode;
}

void Tree::set_linked(Inode& inode, bool linked) {
  log_.changed({[](const Change& change) { inode_of(change).linked = change.a != 0; }, &inode,
                inode.linked, 0, 0});
  inode.linked = linked;
}

void Tree::insert(Touch& touch, Inode& directory, const Name& name, Inode& inode) {
  touch.write(directory.dirent(name));
  change_members(touch, directory, name, inode.is_directory());
  if (touch.dry()) return;
  insert_raw(directory, name, inode);
  log_.changed({[](const Change& change) {
                  object_at<Tree>(change.b).erase_raw(inode_of(change),
                                                      object_at<const Name>(change.a));
                },
                &directory, bits(&name), bits(this), 0});
  set_linked(inode, true);
  if (inode.is_directory() && inode.parent == nullptr) inode.parent = &directory;
}

void Tree::erase(Touch& touch, Inode& directory, const Name& name) {
  touch.write(directory.dirent(name));
  change_members(touch, directory, name, directory.entry(name)->inode->is_directory());
  if (touch.dry()) return;
  Inode& inode = erase_raw(directory, name);
  log_.changed({[](const Change& change) {
                  object_at<Tree>(change.b).insert_raw(inode_of(change),
                                                       object_at<const Name>(change.a),
                                                       object_at<Inode>(change.c));
                },
                &directory, bits(&name), bits(this), bits(&inode)});
  set_linked(inode, false);
}

void Tree::replace(Touch& touch, Inode& directory, const Name& name, Inode& inode) {
  Inode& old = *directory.entry(name)->inode;
  touch.write(directory.dirent(name));
  if (old.type != inode.type)
    change_members(touch, directory, name, old.is_directory() || inode.is_directory());
  if (touch.dry()) return;
  erase_raw(directory, name);
  insert_raw(directory, name, inode);
  log_.changed({[](const Change& change) {
                  Tree& tree = object_at<Tree>(change.b);
                  const Name& what = object_at<const Name>(change.a);
                  tree.erase_raw(inode_of(change), what);
                  tree.insert_raw(inode_of(change), what, object_at<Inode>(change.c));
                },
                &directory, bits(&name), bits(this), bits(&old)});
  set_linked(old, false);
  set_linked(inode, true);
}

void Tree::set_parent(Touch& touch, Inode& inode, Inode& parent) {
  if (inode.parent == &parent) return;
  touch.write(inode.object(ObjectKind::parent));
  if (touch.dry()) return;
  log_.changed({[](const Change& change) { inode_of(change).parent = &object_at<Inode>(change.a); },
                &inode, bits(inode.parent), 0, 0});
  inode.parent = &parent;
}

void Tree::set_atime(Touch& touch, Inode& inode, os::Timestamp atime) {
  touch.write(inode.object(ObjectKind::atime));
  if (touch.dry()) return;
  log_.changed({[](const Change& change) {
                  inode_of(change).atime = {static_cast<std::int64_t>(change.a),
                                            static_cast<std::int32_t>(change.b)};
                },
                &inode, static_cast<std::uint64_t>(inode.atime.seconds),
                static_cast<std::uint64_t>(inode.atime.nanoseconds), 0});
  inode.atime = atime;
}

void Tree::set_mode(Touch& touch, Inode& inode, std::uint32_t mode) {
  touch.write(inode.object(ObjectKind::meta));
  if (touch.dry()) return;
  log_.changed(
      {[](const Change& change) { inode_of(change).mode = static_cast<std::uint32_t>(change.a); },
       &inode, inode.mode, 0, 0});
  inode.mode = mode;
}

// Once per epoch: later changes are made in place.
void Tree::save_content(Inode& inode) {
  log_.mark_for_fingerprint(inode);
  if (inode.content_saved == log_.epoch()) return;
  inode.content_saved = log_.epoch();
  log_.changed({[](const Change& change) {
                  inode_of(change).content = Content::adopt(change.a);
                  inode_of(change).content_saved = 0;
                },
                &inode, Content(inode.content).release(), 0, 0});
}

void Tree::set_size(Touch& touch, Inode& inode, std::size_t size) {
  touch.write(inode.object(ObjectKind::data));
  if (touch.dry()) return;
  save_content(inode);
  inode.content.resize(size);
}

void Tree::write(Touch& touch, Inode& inode, std::span<const std::byte> bytes, std::size_t offset) {
  touch.write(inode.object(ObjectKind::data));
  if (touch.dry()) return;
  save_content(inode);
  inode.content.write(bytes, offset);
}

void Tree::set_record(Touch& touch, Inode& inode, ProcessId process, os::RecordLock kind) {
  touch.write(inode.object(ObjectKind::record));
  if (touch.dry()) return;
  const os::RecordLock before = inode.record_of(process);
  log_.changed({[](const Change& change) {
                  inode_of(change).hold_record(static_cast<ProcessId>(change.a),
                                               static_cast<os::RecordLock>(change.b));
                },
                &inode, static_cast<std::uint64_t>(process), static_cast<std::uint64_t>(before),
                0});
  inode.hold_record(process, kind);
}

void Tree::add_open(Inode& inode, std::int32_t change) {
  log_.changed(
      {[](const Change& undone) { inode_of(undone).opens -= static_cast<std::uint32_t>(undone.a); },
       &inode, static_cast<std::uint32_t>(change), 0, 0});
  inode.opens += static_cast<std::uint32_t>(change);
}

void Tree::track_times(Inode& directory) {
  directory.tracks_times = true;
  for (const Entry& entry : directory.entries) {
    entry.inode->tracks_times = true;
    if (entry.inode->is_directory()) track_times(*entry.inode);
  }
}

}  // namespace unswept::sim
