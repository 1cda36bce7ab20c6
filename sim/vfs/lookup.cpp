// Path lookup, as Linux does it: which error comes first is part of the behaviour.
#include "sim/vfs/tree.h"

namespace unswept::sim {
namespace {

using os::Errno;
using os::fail;
using os::Result;

constexpr int kLinksMax = 40;

Place::Last last_of(const Name& name) {
  switch (name.kind) {
    case Name::Kind::dot:
      return Place::Last::dot;
    case Name::Kind::dot_dot:
      return Place::Last::dot_dot;
    case Name::Kind::normal:
      return Place::Last::normal;
  }
  return Place::Last::normal;
}

}  // namespace

Result<Inode*> Tree::find(Touch& touch, Inode& directory, const Name& name) {
  if (name.too_long) return fail(Errno::filename_too_long);
  touch.read(directory.dirent(name));
  const Entry* entry = directory.entry(name);
  return entry == nullptr ? nullptr : entry->inode;
}

Inode& Tree::parent(Touch& touch, Inode& directory) {
  touch.read(directory.object(ObjectKind::parent));
  return *directory.parent;
}

bool Tree::is_above(Touch& touch, const Inode& inode, Inode& directory) {
  for (Inode* at = &directory; at != root_; at = &parent(touch, *at))
    if (at == &inode) return true;
  return &inode == root_;
}

bool Tree::is_empty(Touch& touch, const Inode& directory) {
  touch.read(directory.object(ObjectKind::members));
  return directory.entries.empty();
}

bool Tree::accepts(Touch& touch, const Inode& directory) {
  if (!directory.linked) touch.read(directory.object(ObjectKind::linked));
  return directory.linked;
}

void Tree::retire(Touch& touch, const Inode& directory) {
  touch.write(directory.object(ObjectKind::linked));
}

Result<Inode*> Tree::follow_link(Touch& touch, Inode& directory, const Inode& link,
                                 int& links_left) {
  if (links_left-- == 0) return fail(Errno::too_many_symbolic_link_levels);
  return lookup(touch, directory, *link.target, os::Follow::yes, links_left);
}

// From a directory to the directory of that name in it.
Result<Inode*> Tree::step_into(Touch& touch, Inode& directory, const Name& name, int& links_left) {
  if (name.kind == Name::Kind::dot) return &directory;
  if (name.kind == Name::Kind::dot_dot) return &parent(touch, directory);
  auto found = find(touch, directory, name);
  if (!found) return found;
  if (*found == nullptr) return fail(Errno::no_such_file_or_directory);
  if ((*found)->type == os::FileType::symlink) {
    found = follow_link(touch, directory, **found, links_left);
    if (!found) return found;
  }
  if (!(*found)->is_directory()) return fail(Errno::not_a_directory);
  return found;
}

Result<Place> Tree::place(Touch& touch, Inode& start, const Path& path, int& links_left) {
  if (path.too_long) return fail(Errno::filename_too_long);
  if (path.text.empty()) return fail(Errno::no_such_file_or_directory);
  Inode* directory = path.absolute ? root_ : &start;
  if (path.names.empty()) return Place{directory, nullptr, Place::Last::root, false};
  for (std::size_t i = 0; i + 1 < path.names.size(); ++i) {
    auto next = step_into(touch, *directory, *path.names[i], links_left);
    if (!next) return fail(next.error());
    directory = *next;
  }
  const Name& last = *path.names.back();
  return Place{directory, &last, last_of(last), path.trailing_slash};
}

Result<Place> Tree::place(Touch& touch, Inode& start, const Path& path) {
  int links_left = kLinksMax;
  return place(touch, start, path, links_left);
}

// What is there, a symlink not followed; null when absent.
Result<Inode*> Tree::at(Touch& touch, const Place& place) {
  switch (place.last) {
    case Place::Last::root:
    case Place::Last::dot:
      return place.directory;
    case Place::Last::dot_dot:
      return &parent(touch, *place.directory);
    case Place::Last::normal:
      return find(touch, *place.directory, *place.name);
  }
  return nullptr;
}

Result<Inode*> Tree::lookup(Touch& touch, Inode& start, const Path& path, os::Follow follow,
                            int& links_left) {
  const auto end = place(touch, start, path, links_left);
  if (!end) return fail(end.error());
  auto found = at(touch, *end);
  if (!found) return found;
  if (CallInfo* info = touch.info(); info != nullptr && end->name != nullptr)
    info->from = {end->directory->number, end->name->text, *found == nullptr ? 0 : (*found)->number,
                  *found == nullptr ? os::FileType::other : (*found)->type};
  if (*found == nullptr) return fail(Errno::no_such_file_or_directory);
  const bool follow_last = follow == os::Follow::yes || end->trailing_slash;
  if ((*found)->type == os::FileType::symlink && follow_last) {
    found = follow_link(touch, *end->directory, **found, links_left);
    if (!found) return found;
  }
  if (end->trailing_slash && !(*found)->is_directory()) return fail(Errno::not_a_directory);
  return found;
}

Result<Inode*> Tree::lookup(Touch& touch, Inode& start, const Path& path, os::Follow follow) {
  int links_left = kLinksMax;
  return lookup(touch, start, path, follow, links_left);
}

Result<Place> Tree::place_followed(Touch& touch, Inode& start, const Path& path) {
  int links_left = kLinksMax;
  auto end = place(touch, start, path, links_left);
  while (end && end->last == Place::Last::normal && !end->trailing_slash) {
    const auto found = find(touch, *end->directory, *end->name);
    if (!found) return fail(found.error());
    if (*found == nullptr || (*found)->type != os::FileType::symlink) break;
    if (links_left-- == 0) return fail(Errno::too_many_symbolic_link_levels);
    end = place(touch, *end->directory, *(*found)->target, links_left);
  }
  return end;
}

}  // namespace unswept::sim
