#include "tests/disk/small_disk.h"

#include <fcntl.h>
#include <filesystem>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

namespace unswept::test {
namespace {

namespace fs = std::filesystem;

/// Mounts of this process are then nobody else's business.
bool have_mounts_of_our_own() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

struct ::statvfs free_of(const std::string& path) {
  struct ::statvfs info{};
  ::statvfs(path.c_str(), &info);
  return info;
}

}  // namespace

SmallDisk::SmallDisk() {
  const std::string options =
      "size=" + std::to_string(kSize) + ",nr_inodes=" + std::to_string(kInodes);
  mounted_ = have_mounts_of_our_own() &&
             ::mount("tmpfs", path().c_str(), "tmpfs", 0, options.c_str()) == 0;
}

SmallDisk::~SmallDisk() {
  if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::leave_pages(std::size_t pages) const {
  const int file = ::open(filler().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::vector<char> page(kPage);
  while (free_of(path()).f_bfree > pages) {
    if (::write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size())) break;
  }
  ::close(file);
}

void SmallDisk::leave_inodes(std::size_t inodes) const {
  fs::create_directory(filler());
  for (int number = 0; free_of(path()).f_ffree > inodes; ++number) {
    const std::string name = filler() + '/' + std::to_string(number);
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file == -1) break;
    ::close(file);
  }
}

void SmallDisk::make_room() const { fs::remove_all(filler()); }

bool SmallDisk::set_read_only(bool read_only) const {
  const unsigned long flags = MS_REMOUNT | (read_only ? MS_RDONLY : 0);
  return ::mount(nullptr, path().c_str(), nullptr, flags, nullptr) == 0;
}

}  // namespace unswept::test
