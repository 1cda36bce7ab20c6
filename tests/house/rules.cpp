#include "tests/house/rules.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

namespace unswept::house {
namespace {

constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kLinesMax = 700;

/// Calls `check(line, number)`, which returns what is wrong or nothing, for every line.
template <class Check>
Problems for_each_line(const SourceFile& file, Check check) {
  Problems problems;
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    const std::string_view message = check(line);
    if (!message.empty()) problems.push_back(problem_at(file, number, message));
  }
  return problems;
}

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t width(std::string_view line) {
  const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(line, starts));
}

template <std::size_t count>
bool contains_any(std::string_view text, const std::array<std::string_view, count>& words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view without_comment(std::string_view line) { return line.substr(0, line.find("//")); }

bool is_mutable_static(std::string_view line) {
  line = trimmed(without_comment(line));
  const bool stays = line.starts_with("static ") || line.starts_with("thread_local ") ||
                     line.starts_with("inline static ");
  const bool is_variable =
      line.find('(') == std::string_view::npos || line.find('=') < line.find('(');
  const bool is_constant = contains_any<3>(line, {"const ", "constexpr ", "constinit const "});
  return stays && is_variable && !is_constant && (line.ends_with(';') || line.ends_with('{'));
}

bool is_at_the_edge(const SourceFile& file) {
  return file.is_below("engine/os/posix/") || file.is_below("engine/cli/") ||
         file.is_below("scenarios/cli/");
}

bool is_library(const SourceFile& file) {
  return file.is_below("engine/") || file.is_below("sim/") || file.is_below("model/") ||
         file.is_below("scenarios/") || file.is_below("reports/");
}

/// Follows the raw string literals of a file, line by line.
class RawStrings {
 public:
  /// Whether `line`, the next one of the file, belongs to a literal that began on an earlier line.
  bool begin_before(std::string_view line) {
    const bool before = !end_.empty();
    if (const auto start = line.find("R\""); !before && start != std::string_view::npos)
      end_ = fmt::format("){}\"", line.substr(start + 2, line.find('(', start) - start - 2));
    if (!end_.empty() && line.find(end_) != std::string_view::npos) end_.clear();
    return before;
  }

 private:
  std::string end_;  // what ends the literal we are in; empty outside
};

}  // namespace

Problems header_problems(const SourceFile& file) {
  Problems problems;
  if (!file.has_extension(".h")) return problems;
  const auto lines = lines_of(file.text);
  if (lines.empty() || !lines.front().starts_with(fmt::format("// {}: ", file.path)))
    problems.push_back(problem_at(file, 1, "a header opens with \"// <its path>: <its purpose>\""));
  if (std::ranges::find(lines, "#pragma once") == lines.end())
    problems.push_back(problem_at(file, 1, "no #pragma once"));
  return problems;
}

Problems layout_problems(const SourceFile& file) {
  const bool is_code = file.is_cpp() || file.has_extension(".cmake") || file.has_extension(".sh") ||
                       file.has_extension("CMakeLists.txt");
  RawStrings raw_strings;
  auto problems = for_each_line(file, [&](std::string_view line) -> std::string_view {
    if (line.find('\t') != std::string_view::npos) return "a tab";
    if (line.ends_with(' ') || line.ends_with('\r')) return "a blank at the end";
    const bool is_text = raw_strings.begin_before(line);
    if (is_code && !is_text && width(line) > kColumnsMax) return "more than 100 columns";
    return {};
  });
  if (!file.text.empty() && !file.text.ends_with('\n'))
    problems.push_back(problem_at(file, 1, "no newline at the end of the file"));
  if (file.is_cpp() && lines_of(file.text).size() > kLinesMax)
    problems.push_back(problem_at(file, kLinesMax, "more than 700 lines"));
  return problems;
}

Problems wording_problems(const SourceFile& file) {
  // Written apart, so that this file does not find itself.
  constexpr std::array<std::string_view, 2> notes = {
      "TO"
      "DO",
      "FIX"
      "ME"};
  constexpr std::array<std::string_view, 2> homes = {
      "/ho"
      "me/",
      "/ro"
      "ot/"};
  return for_each_line(file, [&](std::string_view line) -> std::string_view {
    if (contains_any(line, notes)) return "a note to oneself";
    if (contains_any(line, homes)) return "somebody's home directory";
    return {};
  });
}

Problems determinism_problems(const SourceFile& file) {
  constexpr std::array<std::string_view, 6> sources = {"system_clock::now", "steady_clock::now",
                                                       "random_device",     "std::rand(",
                                                       "mt19937",           "clock_gettime"};
  if (!file.is_cpp() || !is_library(file)) return {};
  return for_each_line(file, [&](std::string_view line) -> std::string_view {
    if (is_mutable_static(line)) return "mutable static state";
    if (!is_at_the_edge(file) && contains_any(without_comment(line), sources))
      return "a clock or chance of its own";
    return {};
  });
}

Problems scenario_problems(const SourceFile& file) {
  if (!file.is_below("scenarios/") || !file.has_extension(".toml")) return {};
  const auto expected = std::filesystem::path(file.path).stem().string();
  for (const auto line : lines_of(file.text)) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || trimmed(line.substr(0, equals)) != "name") continue;
    const auto value = trimmed(line.substr(equals + 1));
    if (value.starts_with(fmt::format("\"{}\"", expected))) return {};
    return {problem_at(file, 1, fmt::format("name is {}, not \"{}\"", value, expected))};
  }
  return {problem_at(file, 1, "no name")};
}

Problems link_problems(const SourceFile& file, const std::string& root) {
  if (!file.has_extension(".md")) return {};
  const auto folder = (std::filesystem::path(root) / file.path).parent_path();
  return for_each_line(file, [&](std::string_view line) -> std::string_view {
    for (auto at = line.find("]("); at != std::string_view::npos; at = line.find("](", at + 2)) {
      auto target = line.substr(at + 2, line.find(')', at) - at - 2);
      target = target.substr(0, target.find('#'));
      if (target.empty() || target.find("://") != std::string_view::npos) continue;
      if (!std::filesystem::exists(folder / target)) return "a link that leads nowhere";
    }
    return {};
  });
}

}  // namespace unswept::house
