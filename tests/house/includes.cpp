#include "tests/house/includes.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

namespace unswept::house {
namespace {

/// What a file is to the rules.  Finer than a folder where the architecture is.
enum class Room {
  os,          // engine/os: the interface
  posix,       // engine/os/posix: the real operating system
  engine,      // the datastore
  store_tool,  // engine/cli: the datastore as a program on a real disk
  vocabulary,  // model/program.h and model/footprint.h
  model,
  sim,
  reports,
  scenarios,
  tests,
  bench,
  fuzz,  // the parsers of engine/, attacked
};

std::optional<Room> room_of(std::string_view path) {
  if (path == "model/program.h" || path == "model/footprint.h") return Room::vocabulary;
  struct Place {
    std::string_view folder;
    Room room;
  };
  constexpr std::array places = {
      Place{"engine/os/posix/", Room::posix},
      Place{"engine/os/", Room::os},
      Place{"engine/cli/", Room::store_tool},
      Place{"engine/", Room::engine},
      Place{"model/", Room::model},
      Place{"sim/", Room::sim},
      Place{"reports/", Room::reports},
      Place{"scenarios/", Room::scenarios},
      Place{"tests/", Room::tests},
      Place{"bench/", Room::bench},
      Place{"fuzz/", Room::fuzz},
  };
  for (const auto& [folder, room] : places)
    if (path.starts_with(folder)) return room;
  return std::nullopt;
}

bool may_include(Room from, Room to) {
  static const std::map<Room, std::set<Room>> allowed = {
      {Room::os, {Room::os}},
      {Room::posix, {Room::os, Room::posix}},
      {Room::engine, {Room::engine, Room::os}},
      {Room::store_tool, {Room::store_tool, Room::engine, Room::os, Room::posix}},
      {Room::vocabulary, {Room::vocabulary}},
      {Room::model, {Room::model, Room::vocabulary}},
      {Room::sim, {Room::sim, Room::os, Room::vocabulary}},
      {Room::reports, {Room::reports, Room::model, Room::vocabulary}},
      {Room::scenarios,
       {Room::scenarios, Room::reports, Room::sim, Room::model, Room::vocabulary, Room::engine,
        Room::store_tool, Room::os, Room::posix}},
      {Room::fuzz, {Room::fuzz, Room::engine, Room::store_tool}},
  };
  if (from == Room::bench) return true;
  if (from == Room::tests) return to != Room::bench;
  return allowed.at(from).contains(to);
}

/// Headers through which code could reach the operating system, other threads or chance past
/// engine/os.  The datastore has no business with them.
bool is_an_effect(std::string_view header) {
  constexpr std::array<std::string_view, 19> effects = {
      "filesystem", "fstream",  "cstdio", "stdio.h", "iostream", "unistd.h",
      "fcntl.h",    "dirent.h", "thread", "mutex",   "atomic",   "condition_variable",
      "future",     "random",   "ctime",  "time.h",  "signal.h", "csignal",
      "poll.h"};
  return header.starts_with("sys/") || std::ranges::find(effects, header) != effects.end();
}

/// The name between the delimiters of an #include line, with the opening one: `"a.h` or `<a`.
std::optional<std::string_view> included(std::string_view line) {
  const auto skip_blanks = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const auto end = line.find(line.front() == '"' ? '"' : '>', 1);
  return line.substr(0, end);
}

}  // namespace

Problems include_problems(const SourceFile& file) {
  Problems problems;
  const auto from = room_of(file.path);
  if (!from || !file.is_cpp()) return problems;
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    const auto name = included(line);
    if (!name) continue;
    const auto target = name->substr(1);
    if (name->front() == '<') {
      if (*from == Room::engine && is_an_effect(target))
        problems.push_back(
            problem_at(file, number,
                       fmt::format("the datastore reaches <{}> only through engine/os", target)));
      continue;
    }
    const auto to = room_of(target);
    if (!to) {
      problems.push_back(
          problem_at(file, number, fmt::format("include \"{}\" from the repository root", target)));
    } else if (!may_include(*from, *to)) {
      problems.push_back(problem_at(file, number, fmt::format("must not know \"{}\"", target)));
    }
  }
  return problems;
}

}  // namespace unswept::house
