// Opening, reading and writing.
#include <algorithm>
#include <limits>

#include "sim/vfs/vfs.h"

namespace unswept::sim {
namespace {

using os::Errno;
using os::fail;
using os::Result;

constexpr std::uint64_t kOffsetMax = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 32;  // of a simulated disk

}  // namespace

Vfs::Vfs(StateLog& log, Clock& clock) : clock_(clock), tree_(log), descriptors_(log, tree_) {}

ResolvedName resolved(const Place& place, const Inode* inode) {
  return {place.directory->number, place.name == nullptr ? std::string_view{} : place.name->text,
          inode == nullptr ? 0 : inode->number,
          inode == nullptr ? os::FileType::other : inode->type};
}

// Where a relative path begins.
Result<Inode*> Vfs::start(Touch& touch, Target target) {
  if (target.path->absolute || target.directory == os::Fd::cwd) return &tree_.root();
  if (target.path->text.empty()) return fail(Errno::no_such_file_or_directory);
  if (target.path->too_long) return fail(Errno::filename_too_long);
  const auto description = descriptors_.get(touch, target.directory);
  if (!description) return fail(description.error());
  if (!(*description)->inode->is_directory()) return fail(Errno::not_a_directory);
  return (*description)->inode;
}

Result<Inode*> Vfs::lookup(Touch& touch, Target target, os::Follow follow) {
  const auto from = start(touch, target);
  if (!from) return from;
  auto found = tree_.lookup(touch, **from, *target.path, follow);
  if (found && touch.info() != nullptr) touch.info()->inode = (*found)->number;
  return found;
}

Result<Place> Vfs::place(Touch& touch, Target target) {
  const auto from = start(touch, target);
  if (!from) return fail(from.error());
  return tree_.place(touch, **from, *target.path);
}

Result<os::Fd> Vfs::open(Touch& touch, Target target, os::Open flags, std::uint32_t mode) {
  if (touch.info() != nullptr) touch.info()->flags = flags;
  if (has(flags, os::Open::create) && has(flags, os::Open::directory))
    return fail(Errno::invalid_argument);
  const auto from = start(touch, target);
  if (!from) return fail(from.error());
  if (has(flags, os::Open::create)) {
    const auto inode = open_or_create(touch, **from, target, flags, mode);
    if (!inode) return fail(inode.error());
    return open_inode(touch, **inode, flags, target);
  }
  const os::Follow follow = has(flags, os::Open::no_follow) ? os::Follow::no : os::Follow::yes;
  const auto found = tree_.lookup(touch, **from, *target.path, follow);
  if (!found) return fail(found.error());
  const auto inode = open_existing(touch, **found, flags);
  if (!inode) return fail(inode.error());
  return open_inode(touch, **inode, flags, target);
}

// What open() says to something that is there.
Result<Inode*> Vfs::open_existing(Touch& touch, Inode& inode, os::Open flags) {
  const bool creates = has(flags, os::Open::create);
  if (creates && has(flags, os::Open::exclusive)) return fail(Errno::file_exists);
  if (creates && inode.is_directory()) return fail(Errno::is_a_directory);
  if (has(flags, os::Open::directory) && !inode.is_directory()) return fail(Errno::not_a_directory);
  if (inode.type == os::FileType::symlink) return fail(Errno::too_many_symbolic_link_levels);
  const bool changes = has(flags, os::Open::write) || has(flags, os::Open::truncate);
  if (inode.is_directory() && changes) return fail(Errno::is_a_directory);
  if (has(flags, os::Open::truncate)) empty(touch, inode);
  return &inode;
}

void Vfs::empty(Touch& touch, Inode& inode) {
  if (inode.content.size() != 0)
    tree_.set_size(touch, inode, 0);
  else
    touch.read(inode.object(ObjectKind::data));
}

Result<Inode*> Vfs::open_or_create(Touch& touch, Inode& start, Target target, os::Open flags,
                                   std::uint32_t mode) {
  const bool follows = !has(flags, os::Open::no_follow) && !has(flags, os::Open::exclusive);
  const auto end = follows ? tree_.place_followed(touch, start, *target.path)
                           : tree_.place(touch, start, *target.path);
  if (!end) return fail(end.error());
  if (end->last != Place::Last::normal) {
    if (has(flags, os::Open::exclusive)) return fail(Errno::file_exists);
    return fail(Errno::is_a_directory);
  }
  if (end->trailing_slash) return fail(Errno::is_a_directory);
  const auto found = tree_.find(touch, *end->directory, *end->name);
  if (!found) return fail(found.error());
  if (touch.info() != nullptr) touch.info()->from = resolved(*end, *found);
  if (*found != nullptr) return open_existing(touch, **found, flags);
  return make(touch, *end, os::FileType::regular, mode);
}

os::Fd Vfs::open_inode(Touch& touch, Inode& inode, os::Open flags, Target target) {
  if (touch.info() != nullptr) touch.info()->inode = inode.number;
  Description* description = descriptors_.open(touch, inode, flags, target.directory, *target.path);
  if (description == nullptr) return os::Fd::none;
  if (touch.info() != nullptr) touch.info()->fd = description->fd;
  if (inode.is_directory() && policy_)
    description->policy = policy_(descriptors_.path_of(description->fd));
  return description->fd;
}

// An open descriptor; `moves`: its position will change.
Result<Description*> Vfs::readable(Touch& touch, os::Fd fd, bool moves) {
  auto found = moves ? descriptors_.get_to_change(touch, fd) : descriptors_.get(touch, fd);
  if (!found) return found;
  if (!(*found)->readable()) return fail(Errno::bad_file_descriptor);
  if ((*found)->inode->is_directory()) return fail(Errno::is_a_directory);
  return found;
}

Result<Description*> Vfs::writable(Touch& touch, os::Fd fd, bool moves) {
  auto found = moves ? descriptors_.get_to_change(touch, fd) : descriptors_.get(touch, fd);
  if (!found) return found;
  if (!(*found)->writable()) return fail(Errno::bad_file_descriptor);
  return found;
}

Result<std::size_t> Vfs::copy_out(Touch& touch, Inode& inode, std::span<std::byte> out,
                                  std::uint64_t offset) {
  if (offset > kOffsetMax) return fail(Errno::invalid_argument);
  touch.read(inode.object(ObjectKind::data));
  const auto bytes = inode.content.bytes();
  if (offset >= bytes.size()) return 0;
  const std::size_t count = std::min<std::size_t>(out.size(), bytes.size() - offset);
  if (!touch.dry())
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
  return count;
}

Result<std::size_t> Vfs::read(Touch& touch, os::Fd fd, std::span<std::byte> out) {
  const auto description = readable(touch, fd, true);
  if (!description) return fail(description.error());
  Description& file = **description;
  const auto count = copy_out(touch, *file.inode, out, file.position);
  if (count) descriptors_.set_position(touch, file, file.position + *count);
  return count;
}

Result<std::size_t> Vfs::pread(Touch& touch, os::Fd fd, std::span<std::byte> out,
                               std::uint64_t offset) {
  if (offset > kOffsetMax) return fail(Errno::invalid_argument);
  const auto description = readable(touch, fd, false);
  if (!description) return fail(description.error());
  return copy_out(touch, *(*description)->inode, out, offset);
}

Result<std::size_t> Vfs::write(Touch& touch, os::Fd fd, std::span<const std::byte> bytes) {
  const auto description = writable(touch, fd, true);
  if (!description) return fail(description.error());
  if (bytes.empty()) return 0;
  Description& file = **description;
  Inode& inode = *file.inode;
  const bool appends = has(file.flags, os::Open::append);
  const std::uint64_t offset = appends ? inode.content.size() : file.position;
  if (offset + bytes.size() > kFileBytesMax) return fail(Errno::file_too_large);
  tree_.write(touch, inode, bytes, offset);
  descriptors_.set_position(touch, file, offset + bytes.size());
  return bytes.size();
}

Result<std::size_t> Vfs::pwrite(Touch& touch, os::Fd fd, std::span<const std::byte> bytes,
                                std::uint64_t offset) {
  if (offset > kOffsetMax) return fail(Errno::invalid_argument);
  const auto description = writable(touch, fd, false);
  if (!description) return fail(description.error());
  if (bytes.empty()) return 0;
  Inode& inode = *(*description)->inode;
  // As on Linux, and against POSIX: a file opened for appending is appended to.
  const bool appends = has((*description)->flags, os::Open::append);
  const std::uint64_t at = appends ? inode.content.size() : offset;
  if (at > kFileBytesMax || at + bytes.size() > kFileBytesMax) return fail(Errno::file_too_large);
  tree_.write(touch, inode, bytes, at);
  return bytes.size();
}

Result<> Vfs::seek(Touch& touch, os::Fd fd, std::uint64_t offset) {
  const auto description = descriptors_.get_to_change(touch, fd);
  if (!description) return fail(description.error());
  // Directories cannot be rewound here: nothing needs it.
  if (offset > kOffsetMax || (*description)->inode->is_directory())
    return fail(Errno::invalid_argument);
  descriptors_.set_position(touch, **description, offset);
  return {};
}

Result<> Vfs::truncate(Touch& touch, os::Fd fd, std::uint64_t size) {
  if (size > kOffsetMax) return fail(Errno::invalid_argument);
  const auto description = descriptors_.get(touch, fd);
  if (!description) return fail(description.error());
  if (!(*description)->writable()) return fail(Errno::invalid_argument);
  if (size > kFileBytesMax) return fail(Errno::file_too_large);
  tree_.set_size(touch, *(*description)->inode, size);
  return {};
}

Result<Content> Vfs::map(Touch& touch, os::Fd fd) {
  const auto description = descriptors_.get(touch, fd);
  if (!description) return fail(description.error());
  Inode& inode = *(*description)->inode;
  if (inode.is_directory()) return fail(Errno::no_such_device);
  touch.read(inode.object(ObjectKind::data));
  const bool mappable = (*description)->readable() || inode.content.size() == 0;
  if (!mappable) return fail(Errno::permission_denied);
  return inode.content;
}

Result<> Vfs::sync(Touch& touch, os::Fd fd) {
  const auto description = descriptors_.get(touch, fd);
  if (!description) return fail(description.error());
  return {};
}

}  // namespace unswept::sim
