#include "engine/ops/gc/path_set.h"

#include <algorithm>
#include <utility>

namespace unswept::engine {

void PathSet::sort() {
  std::ranges::sort(entries_, {}, &Entry::path);
  // A walk may meet a path twice when it is renamed under its eyes.
  const auto again = std::ranges::unique(entries_, {}, &Entry::path);
  entries_.erase(again.begin(), again.end());
}

bool PathSet::remove(std::string_view path) {
  const auto view = [](const Entry& entry) { return std::string_view(entry.path); };
  const auto entry = std::ranges::lower_bound(entries_, path, {}, view);
  if (entry == entries_.end() || entry->path != path) return false;
  return std::exchange(entry->present, false);
}

void PathSet::tell(os::Gist& gist) const {
  os::GistOfSet paths;
  for (const Entry& entry : entries_)
    if (entry.present) paths.add(os::Gist() << entry.path);
  gist << paths;
}

std::vector<std::string> PathSet::remaining() const {
  std::vector<std::string> paths;
  for (const Entry& entry : entries_)
    if (entry.present) paths.push_back(entry.path);
  return paths;
}

}  // namespace unswept::engine
