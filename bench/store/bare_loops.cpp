#include "bench/store/bare_loops.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <tsl/robin_set.h>
#include <unistd.h>

#include "engine/format/chunk_names.h"
#include "engine/store/hierarchy.h"
#include "engine/store/index_file.h"

namespace unswept::bench {

using engine::Digest;
using engine::Result;

namespace {

std::unexpected<engine::Error> failed(std::string_view what, std::string_view path) {
  return engine::os_failure(static_cast<os::Errno>(errno), what, path);
}

/// The first time each digest comes.
struct FirstTimes {
  tsl::robin_set<Digest, engine::DigestHash> seen;
  std::vector<Digest> order;

  void add(const engine::IndexView& index) {
    for (std::size_t i = 0; i < index.chunk_count(); ++i)
      if (const Digest digest = index.digest(i); seen.insert(digest).second)
        order.push_back(digest);
  }
};

Result<> add_group(const engine::Datastore& store, const engine::GroupId& group,
                   FirstTimes& chunks) {
  auto snapshots = engine::list_snapshot_indexes(store, {}, group);
  if (!snapshots) return forward_error(snapshots);
  std::ranges::sort(*snapshots, std::ranges::greater(), &engine::SnapshotFiles::time);
  for (const auto& snapshot : *snapshots) {
    for (const std::string& file : snapshot.files) {
      const std::string path = store.path({}, {group, snapshot.time}) + '/' + file;
      auto index = engine::IndexFile::open(store.system(), path);
      if (!index) return forward_error(index);
      if (*index) chunks.add((*index)->view());
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Digest>> chunks_in_mark_order(const engine::Datastore& store) {
  FirstTimes chunks;
  auto groups = engine::Groups::open(store, {});
  if (!groups) return forward_error(groups);
  while (true) {
    auto group = groups->next();
    if (!group) return forward_error(group);
    if (!*group) return std::move(chunks.order);
    if (auto added = add_group(store, **group, chunks); !added) return forward_error(added);
  }
}

Result<TouchLoop> TouchLoop::prepare(const engine::Datastore& store,
                                     const std::vector<Digest>& digests, Paths paths) {
  TouchLoop loop;
  std::string base = store.base() + '/';
  if (paths == Paths::relative) {
    auto directory =
        os::open_file(store.system(), store.base(), os::Open::read | os::Open::directory);
    if (!directory) return engine::os_failure(directory.error(), "open", store.base());
    loop.directory_ = std::move(*directory);
    base.clear();
  }
  for (const Digest& digest : digests) {
    loop.paths_ += base;
    engine::append_chunk_path(loop.paths_, digest);
    loop.paths_ += '\0';
  }
  return loop;
}

Result<> TouchLoop::run() const {
  const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
  const int directory = directory_.is_open() ? static_cast<int>(directory_.fd()) : AT_FDCWD;
  if (paths_.empty()) return {};
  const std::size_t step = std::strlen(paths_.data()) + 1;  // digests are equally long
  for (std::size_t at = 0; at < paths_.size(); at += step)
    if (::utimensat(directory, paths_.data() + at, times, AT_SYMLINK_NOFOLLOW) == -1)
      return failed("touch", paths_.data() + at);
  return {};
}

Result<> StatWalk::run() {
  for (unsigned number = 0; number < engine::kChunkDirectories; ++number) {
    const std::string path =
        chunks_ + '/' + engine::chunk_directory_name(static_cast<std::uint16_t>(number));
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
    if (!directory) return failed("open", path);
    while (const dirent* entry = ::readdir(directory.get())) {
      if (entry->d_name[0] == '.') continue;
      struct ::stat info;
      if (::fstatat(::dirfd(directory.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == -1)
        return failed("stat", entry->d_name);
      ++files_;
      bytes_ += static_cast<std::uint64_t>(info.st_size);
    }
  }
  return {};
}

}  // namespace unswept::bench
