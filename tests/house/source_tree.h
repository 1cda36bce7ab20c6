// tests/house/source_tree.h: the project's own files, as text to be checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace unswept::house {

struct SourceFile {
  std::string path;  // from the repository root: "sim/vfs/vfs.h"
  std::string text;

  bool has_extension(std::string_view extension) const { return path.ends_with(extension); }
  bool is_below(std::string_view folder) const { return path.starts_with(folder); }
  bool is_cpp() const { return has_extension(".h") || has_extension(".cpp"); }
};

/// One finding: "sim/vfs/vfs.h:12: what is wrong".
using Problems = std::vector<std::string>;

/// All text files of the tree, in the order of their paths; build outputs are left out.
std::vector<SourceFile> read_source_tree(const std::string& root);

std::vector<std::string_view> lines_of(std::string_view text);

std::string problem_at(const SourceFile& file, std::size_t line_number, std::string_view message);

/// The findings below each other, for a failing test to show.
std::string join(const Problems& problems);

}  // namespace unswept::house
