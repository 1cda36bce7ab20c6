#include "scenarios/promises/store_map.h"

#include <algorithm>

#include "engine/format/names.h"

namespace unswept::scenarios {
namespace {

bool is_chunk_directory_name(std::string_view name) {
  return name.size() == 4 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

PlaceKind child_kind(PlaceKind parent, std::string_view name) {
  switch (parent) {
    case PlaceKind::store:
    case PlaceKind::name_space:
      if (name == "ns") return PlaceKind::namespaces;
      if (engine::parse_backup_type(name)) return PlaceKind::type;
      if (parent == PlaceKind::store && name == ".chunks") return PlaceKind::chunk_root;
      return PlaceKind::other;
    case PlaceKind::namespaces:
      return engine::is_safe_identifier(name) ? PlaceKind::name_space : PlaceKind::other;
    case PlaceKind::type:
      return engine::is_backup_id(name) ? PlaceKind::group : PlaceKind::other;
    case PlaceKind::group:
      return engine::SnapshotTime::matches(name) ? PlaceKind::snapshot : PlaceKind::other;
    case PlaceKind::chunk_root:
      return is_chunk_directory_name(name) ? PlaceKind::chunk_directory : PlaceKind::other;
    default:
      return PlaceKind::other;
  }
}

}  // namespace

void StoreMap::scan(const sim::View& view, std::string_view base) {
  places_.clear();
  undo_.clear();
  const auto root = view.lookup(base);
  if (!root) return;
  places_.emplace(*root, Place{PlaceKind::store, 0, {}});
  scan_below(view, *root);
  undo_.clear();
}

void StoreMap::scan_below(const sim::View& view, InodeNumber directory) {
  std::vector<sim::Child> children;
  view.children(directory, children);
  for (const sim::Child& child : children) {
    if (child.type != os::FileType::directory) continue;
    put(child.inode, directory, child.name);
    scan_below(view, child.inode);
  }
}

void StoreMap::take_back(std::size_t changes) {
  for (; undo_.size() > changes; undo_.pop_back()) {
    auto& [directory, before] = undo_.back();
    if (before)
      places_[directory] = std::move(*before);
    else
      places_.erase(directory);
  }
}

void StoreMap::remember(InodeNumber directory) {
  const auto found = places_.find(directory);
  undo_.emplace_back(directory,
                     found == places_.end() ? std::nullopt : std::optional<Place>(found->second));
}

const Place* StoreMap::find(InodeNumber directory) const {
  const auto found = places_.find(directory);
  return found == places_.end() ? nullptr : &found->second;
}

PlaceKind StoreMap::kind(InodeNumber directory) const {
  const Place* place = find(directory);
  return place == nullptr ? PlaceKind::other : place->kind;
}

PlaceKind StoreMap::kind_below(InodeNumber parent, std::string_view name) const {
  return child_kind(kind(parent), name);
}

void StoreMap::put(InodeNumber directory, InodeNumber parent, std::string_view name) {
  const PlaceKind kind_now = kind_below(parent, name);
  const bool same_kind = find(directory) != nullptr && kind(directory) == kind_now;
  remember(directory);
  places_[directory] = Place{kind_now, parent, std::string(name)};
  if (same_kind) return;
  std::vector<InodeNumber> below;
  for (const auto& [child, place] : places_)
    if (place.parent == directory && child != directory) below.push_back(child);
  std::sort(below.begin(), below.end());
  for (const InodeNumber child : below) put(child, directory, std::string(find(child)->name));
}

void StoreMap::remove(InodeNumber directory) {
  if (find(directory) == nullptr) return;
  remember(directory);
  places_.erase(directory);
}

std::string StoreMap::path(InodeNumber directory) const {
  const Place* place = find(directory);
  if (place == nullptr || place->parent == 0) return {};
  std::string above = path(place->parent);
  if (!above.empty()) above += '/';
  return above + place->name;
}

std::vector<InodeNumber> StoreMap::snapshots() const {
  std::vector<std::pair<std::string, InodeNumber>> found;
  for (const auto& [directory, place] : places_)
    if (place.kind == PlaceKind::snapshot) found.emplace_back(path(directory), directory);
  std::sort(found.begin(), found.end());
  std::vector<InodeNumber> snapshots;
  for (const auto& [path_text, directory] : found) snapshots.push_back(directory);
  return snapshots;
}

}  // namespace unswept::scenarios
