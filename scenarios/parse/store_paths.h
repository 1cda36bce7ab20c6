// scenarios/parse/store_paths.h: which paths a store has, or may come to have in a scenario.
//
// A directory order for a directory that never exists would vary nothing and yet
// be named in the verdict; this is how such a slip is noticed.  Paths are relative
// to the store, without slashes at their ends; "." is the store itself.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace unswept::scenarios {

class StorePaths {
 public:
  /// Of the store as the scenario describes it; nothing of an imported one.
  static StorePaths described_by(const Scenario& scenario);

  /// With all directories above it.
  void add_directory(std::string_view path);
  void add_file(std::string_view path);
  /// What the operations may create, on top of what was added before.
  void add_made_by(const std::vector<ActorSpec>& actors);

  /// Sorted by path.
  std::vector<std::string_view> directories() const;
  std::vector<std::string_view> names_in(std::string_view directory) const;

 private:
  enum class Kind : std::uint8_t { directory, file };

  void add(std::string_view path, Kind kind);
  void add_snapshot(const engine::Namespace& ns, const engine::SnapshotId& id);
  void add_operation(const engine::Command& command);
  void add_copies(const std::string& from, const std::string& to);

  std::map<std::string, Kind, std::less<>> paths_;
};

/// A path in the directory orders that no store of this scenario has.
struct UnknownPath {
  std::string directory;            // as the scenario names it
  std::optional<std::string> name;  // that the directory lacks; else there is no such directory
  std::string message;
};

std::vector<UnknownPath> unknown_paths(const std::vector<DirectorySpec>& directories,
                                       const StorePaths& paths);

}  // namespace unswept::scenarios
