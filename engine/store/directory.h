// engine/store/directory.h: a directory read as its entries are asked for.
//
// The next batch is fetched when the last one is used up, not before: what a
// reader does with an entry happens before later ones are read, and that order
// decides what an iteration can miss.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/os/knowledge.h"
#include "engine/os/system.h"

namespace unswept::engine {

/// What readers of a store's directories look at.
inline constexpr std::string_view kIndexExtensions[] = {"fidx", "didx"};
inline constexpr os::Interest kSubdirectories{true, {}};
inline constexpr os::Interest kIndexFiles{false, kIndexExtensions};
inline constexpr os::Interest kIndexFilesAndSubdirectories{
    .directories = true, .extensions = kIndexExtensions, .hidden = false};

class Directory {
 public:
  /// Without an interest every entry is given.  With Follow::no a symlink is not_a_directory.
  static os::Result<Directory> open(os::System& system, os::Where where,
                                    std::optional<os::Interest> interest = std::nullopt,
                                    os::Follow follow = os::Follow::yes);

  /// The next entry, valid until the next call; nullptr at the end.
  os::Result<os::DirEntry*> next();

  /// The type of an entry: as the directory told it, otherwise by fstatat
  /// without following symlinks.
  os::Result<os::FileType> type_of(const os::DirEntry& entry);

  os::Fd fd() const { return file_.fd(); }
  /// Which one it is, and what is left of it as far as that is known.
  void tell(os::Gist& gist) const;

 private:
  Directory(os::System& system, os::File file, std::optional<os::Interest> interest)
      : system_(&system), file_(std::move(file)), interest_(interest) {}
  os::Result<> fetch();

  os::System* system_;
  os::File file_;
  std::optional<os::Interest> interest_;
  std::vector<os::DirEntry> batch_;
  std::size_t used_ = 0;
  bool at_end_ = false;
};

void tell(os::Gist& gist, const os::DirEntry& entry);

/// mkdir with all missing parents; existing is fine.
os::Result<> make_directories(os::System& system, std::string_view path);

}  // namespace unswept::engine
