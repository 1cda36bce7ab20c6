// A block device as the source of a backup and as the target of a restore.
#include <cstdlib>

#include "tests/disk/disk_store.h"

namespace unswept::test {
namespace {

/// A file as a block device, for as long as this exists.
class LoopDevice {
 public:
  explicit LoopDevice(const std::string& file) {
    const TemporaryDirectory directory;
    const std::string out = directory / "device";
    const std::string command =
        "losetup --find --show '" + file + "' >'" + out + "' 2>/dev/null </dev/null";
    if (std::system(command.c_str()) != 0) return;
    const std::string line = read_text(out);
    path_ = line.substr(0, line.find('\n'));
  }
  ~LoopDevice() {
    if (is_there()) (void)std::system(("losetup --detach '" + path_ + "'").c_str());
  }
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;

  bool is_there() const { return fs::is_block_file(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_CASE("disk: a block device is backed up whole, and restored in place", "[disk][device]") {
  const TemporaryDirectory directory;
  const std::string disk = image_of("abcad");
  write_text(directory / "disk", disk);
  write_text(directory / "other", std::string(disk.size(), 'x'));
  const LoopDevice source(directory / "disk");
  const LoopDevice target(directory / "other");
  if (!source.is_there() || !target.is_there()) {
    return not_tested("losetup makes no block device of a file here; it needs root");
  }
  const DiskStore store;
  store.must({"backup", "vm/1", "--time", "2026-01-01T00:00:00Z", "--chunk-size", "64K",
              "drive.img=" + source.path()});
  const std::string snapshot = snapshot_name("vm/1", 1);
  CHECK((store.must({"restore", snapshot, "drive.img.fidx", "-"}) == disk));
  store.must({"restore", snapshot, "drive.img.fidx", target.path()});
  CHECK(fs::is_block_file(target.path()));
  CHECK((read_text(target.path()) == disk));
}

}  // namespace
}  // namespace unswept::test
