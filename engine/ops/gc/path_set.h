// engine/ops/gc/path_set.h: the indexes that the walk has listed and the iteration has not met.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/os/knowledge.h"

namespace unswept::engine {

/// Paths are added first, then taken out, then what is left is visited in
/// ascending order.
class PathSet {
 public:
  void add(const std::string& path) { entries_.push_back({path, true}); }
  /// Ends the adding.
  void sort();
  /// True if `path` was in the set.  It is not any more.
  bool remove(std::string_view path);

  /// The paths that are in it.
  void tell(os::Gist& gist) const;

  std::size_t added() const { return entries_.size(); }
  std::vector<std::string> remaining() const;

 private:
  struct Entry {
    std::string path;
    bool present;
  };
  std::vector<Entry> entries_;
};

}  // namespace unswept::engine
