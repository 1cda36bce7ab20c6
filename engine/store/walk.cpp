#include "engine/store/walk.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

constexpr std::size_t kOpenDirectoriesMax = 10;

std::string_view last_component(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// A directory on the way down.
struct Level {
  std::size_t path_size;               // of its path in the walk's path
  std::optional<Directory> directory;  // still open, or
  std::vector<os::DirEntry> rest;      // what was left of it, last one first

  void tell(os::Gist& gist) const {
    gist << path_size << directory << rest.size();
    for (const os::DirEntry& entry : rest) engine::tell(gist, entry);
  }
};

class Walk {
 public:
  Walk(os::System& system, const std::string& root,
       FunctionRef<Result<>(const std::string& path)> visit)
      : system_(system), path_(root), visit_(visit) {}

  Result<> run(const os::Knows* caller) {
    const os::Known known(caller, "walk", [this](os::Gist& gist) { tell(gist); });
    if (last_component(path_).starts_with('.')) return {};
    if (auto opened = descend(); !opened) return opened;
    while (!levels_.empty()) {
      const std::size_t depth = levels_.size();
      if (auto done = step(); !done) return done;
      if (levels_.size() < depth) known.forget_rest("walk.directory");
    }
    return {};
  }

 private:
  void tell(os::Gist& gist) const {
    const std::size_t size = levels_.empty() ? 0 : levels_.back().path_size;
    gist << std::string_view(path_).substr(0, size) << levels_ << closed_levels_;
  }

  /// Goes on with the next entry of the innermost directory.
  Result<> step() {
    Level& level = levels_.back();
    path_.resize(level.path_size);
    auto entry = next_entry(level);
    if (!entry) {
      ascend();
      return tolerate(entry.error(), "read");
    }
    if (!*entry) {
      ascend();
      return {};
    }
    if ((*entry)->name.starts_with('.')) return {};
    path_ += '/';
    path_ += (*entry)->name;
    auto type = type_of(level, **entry);
    if (!type) return tolerate(type.error(), "stat");
    if (auto visited = visit_(path_); !visited) return visited;
    return *type == os::FileType::directory ? descend() : Result<>();
  }

  os::Result<std::optional<os::DirEntry>> next_entry(Level& level) {
    if (level.directory) {
      auto entry = level.directory->next();
      if (!entry) return os::fail(entry.error());
      if (*entry == nullptr) return std::nullopt;
      return std::move(**entry);
    }
    if (level.rest.empty()) return std::nullopt;
    os::DirEntry entry = std::move(level.rest.back());
    level.rest.pop_back();
    return entry;
  }

  os::Result<os::FileType> type_of(Level& level, const os::DirEntry& entry) {
    if (entry.type_known) return entry.type;
    if (level.directory) return level.directory->type_of(entry);
    auto stat = system_.stat(path_, os::Follow::no);
    if (!stat) return os::fail(stat.error());
    return stat->type;
  }

  /// Opens the directory at `path_`.
  Result<> descend() {
    if (auto made = make_room(); !made) return made;
    const auto follow = levels_.empty() ? os::Follow::yes : os::Follow::no;
    auto directory = Directory::open(system_, path_, kIndexFilesAndSubdirectories, follow);
    if (!directory) return tolerate(directory.error(), "open");
    levels_.push_back({path_.size(), std::move(*directory), {}});
    return {};
  }

  void ascend() {
    levels_.pop_back();
    closed_levels_ = std::min(closed_levels_, levels_.size());
  }

  /// Closes the outermost open directory if too many are open.
  Result<> make_room() {
    if (levels_.size() - closed_levels_ < kOpenDirectoriesMax) return {};
    Level& outermost = levels_[closed_levels_];
    while (true) {
      auto entry = outermost.directory->next();
      if (!entry) return os_failure(entry.error(), "read", path_.substr(0, outermost.path_size));
      if (*entry == nullptr) break;
      outermost.rest.push_back(std::move(**entry));
    }
    std::ranges::reverse(outermost.rest);
    outermost.directory.reset();
    ++closed_levels_;
    return {};
  }

  /// What an error at `path_` means for the walk.
  Result<> tolerate(os::Errno code, std::string_view what) {
    if (code == os::Errno::no_such_file_or_directory) {
      if (system_.log_wanted(os::LogLevel::info))
        system_.log(os::LogLevel::info, path_ + " vanished while the tree was being listed");
      return {};
    }
    const bool near_the_root = levels_.size() <= 1;
    if (code == os::Errno::permission_denied && near_the_root && path_.ends_with("lost+found"))
      return {};
    return os_failure(code, what, path_);
  }

  os::System& system_;
  std::string path_;
  FunctionRef<Result<>(const std::string& path)> visit_;
  std::vector<Level> levels_;
  std::size_t closed_levels_ = 0;  // so many outermost levels are in memory
};

}  // namespace

Result<> walk_tree(os::System& system, const std::string& root,
                   FunctionRef<Result<>(const std::string& path)> visit, const os::Knows* caller) {
  return Walk(system, root, visit).run(caller);
}

}  // namespace unswept::engine
