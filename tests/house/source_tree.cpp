#include "tests/house/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace unswept::house {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFolders = {"engine", "sim",   "model", "scenarios", "reports", "tests",
                                 "bench",  "cmake", "docs",  "scripts",   "fuzz",    ".ci"};

bool is_text(const fs::path& path) {
  if (path.filename() == "dev" || path.filename() == "run") return true;
  constexpr std::array<std::string_view, 7> extensions = {".h",   ".cpp",   ".toml", ".md",
                                                          ".txt", ".cmake", ".sh"};
  return std::ranges::find(extensions, path.extension().string()) != extensions.end();
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<SourceFile> read_source_tree(const std::string& root) {
  std::vector<SourceFile> files;
  const auto add = [&](const fs::path& path) {
    files.push_back({fs::relative(path, root).generic_string(), read_text(path)});
  };
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_regular_file() && is_text(entry.path())) add(entry.path());
  for (const auto* folder : kFolders) {
    if (!fs::exists(fs::path(root) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder))
      if (entry.is_regular_file() && is_text(entry.path())) add(entry.path());
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string problem_at(const SourceFile& file, std::size_t line_number, std::string_view message) {
  return fmt::format("{}:{}: {}", file.path, line_number, message);
}

std::string join(const Problems& problems) { return fmt::format("{}", fmt::join(problems, "\n")); }

}  // namespace unswept::house
