// tests/sim/test_world.h: a world with one process, whose footprints are checked.
#pragma once

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world.h"
#include "tests/sim/choosers.h"

namespace unswept::sim::testing {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

struct TestWorld {
  explicit TestWorld(Settings settings = {})
      : world(settings), process(world.add_process("daemon")), os(world.system(process)) {
    world.set_checked(true);
    world.track_times();
  }

  ActorId actor(std::string name, std::function<void()> body) {
    return world.add_actor({.name = std::move(name), .process = process}, std::move(body));
  }

  /// Runs with the actors' steps in this order, then as they come.
  model::Ending run(std::vector<ActorId> order = {}) {
    OrderChooser chooser(std::move(order));
    return world.run(chooser);
  }

  void file(std::string_view path, std::string_view content = {}) {
    const auto fd = os.open(path, os::Open::write | os::Open::create | os::Open::truncate);
    (void)os.write(*fd, bytes_of(content));
    os.close(*fd);
  }
  std::string content(std::string_view path) {
    const auto inode = world.view().lookup(path);
    if (!inode) return "(absent)";
    const auto bytes = world.view().content(*inode);
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  bool exists(std::string_view path) { return world.view().lookup(path).has_value(); }

  World world;
  ProcessId process;
  os::System& os;
};

/// The error of a result; zero when it succeeded.
template <class T>
os::Errno error(const os::Result<T>& result) {
  return result ? os::Errno{} : result.error();
}

inline std::vector<std::string> read_names(os::System& os, os::Fd fd) {
  std::vector<std::string> names;
  std::vector<os::DirEntry> batch;
  do {
    if (!os.read_directory(fd, batch)) break;
    for (const os::DirEntry& entry : batch) names.push_back(entry.name);
  } while (!batch.empty());
  return names;
}

inline std::vector<std::string> list(os::System& os, os::Where where) {
  const auto fd = os.open(where, os::Open::read | os::Open::directory);
  if (!fd) return {"(absent)"};
  auto names = read_names(os, *fd);
  os.close(*fd);
  return names;
}

}  // namespace unswept::sim::testing
