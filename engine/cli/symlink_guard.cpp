#include "engine/cli/symlink_guard.h"

#include <algorithm>
#include <string>
#include <vector>

namespace unswept::engine {
namespace {

/// The paths of what a command names, below the base of the store.
template <class Named>
std::vector<std::string> named_paths(const Named& command) {
  std::vector<std::string> paths;
  if constexpr (requires { command.from; }) {  // a move
    paths.push_back(command.from.path());
    paths.push_back(command.to.path());
    if constexpr (requires { command.group; }) {
      paths.push_back(group_path(command.from, command.group));
      paths.push_back(group_path(command.to, command.group));
    }
  } else if constexpr (requires { command.snapshot; }) {
    paths.push_back(snapshot_path(command.ns, command.snapshot));
  } else if constexpr (requires { command.group->id; }) {
    paths.push_back(command.group ? group_path(command.ns, *command.group) : command.ns.path());
  } else if constexpr (requires { command.group.id; }) {
    paths.push_back(group_path(command.ns, command.group));
  } else if constexpr (requires { command.ns; }) {
    paths.push_back(command.ns.path());
  }
  return paths;
}

Result<> check_path(const Datastore& store, const std::string& path) {
  for (std::size_t end = 0; end < path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    const std::string part = store.base() + '/' + path.substr(0, end);
    const auto stat = store.system().stat(part, os::Follow::no);
    if (!stat) return {};  // whoever needs it will say so
    if (stat->type == os::FileType::symlink) {
      return fail(ErrorKind::refused,
                  part + " is a symlink, behind which nothing belongs to the store");
    }
  }
  return {};
}

}  // namespace

Result<> check_no_symlinks(const Datastore& store, const Command& command) {
  const auto paths = std::visit([](const auto& named) { return named_paths(named); }, command);
  for (const std::string& path : paths) {
    if (auto checked = check_path(store, path); !checked) return checked;
  }
  return {};
}

}  // namespace unswept::engine
