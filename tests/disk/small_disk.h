// tests/disk/small_disk.h: a file system that is soon full.
#pragma once

#include <cstddef>
#include <string>

#include "tests/engine/temporary_directory.h"

namespace unswept::test {

/// A tmpfs of its own, visible to this process and its children only.
class SmallDisk {
 public:
  static constexpr std::size_t kPage = 4096;  // bytes; files take whole ones
  static constexpr std::size_t kSize = std::size_t{2} << 20;
  static constexpr std::size_t kInodes = 500;

  SmallDisk();
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// False where this process may not mount.
  bool mounted() const { return mounted_; }
  const std::string& path() const { return directory_.path(); }

  /// Fills the disk up to so many pages, or so many inodes, and makes room again.
  void leave_pages(std::size_t pages) const;
  void leave_inodes(std::size_t inodes) const;
  void make_room() const;

  /// From now on nothing can be written, or it can again.
  bool set_read_only(bool read_only) const;

 private:
  std::string filler() const { return directory_ / "filler"; }

  TemporaryDirectory directory_{TemporaryDirectory::Medium::disk};
  bool mounted_ = false;
};

}  // namespace unswept::test
