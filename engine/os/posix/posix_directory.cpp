// Reading a directory with the kernel's own call: one call, one batch.
#include <array>
#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/os/posix/posix_calls.h"
#include "engine/os/posix/posix_system.h"

namespace unswept::os {
namespace {

using Buffer = std::array<std::byte, 32 * 1024>;

void set_type(DirEntry& entry, unsigned char type) {
  entry.type_known = type != DT_UNKNOWN;
  switch (type) {
    case DT_REG:
      entry.type = FileType::regular;
      break;
    case DT_DIR:
      entry.type = FileType::directory;
      break;
    case DT_LNK:
      entry.type = FileType::symlink;
      break;
    default:
      entry.type = FileType::other;
  }
}

/// The first `size` bytes of `buffer` as entries, in place of what `out` held; strings are reused.
void translate(const Buffer& buffer, std::size_t size, std::vector<DirEntry>& out) {
  if (size > 0) out.reserve(size / reinterpret_cast<const ::dirent64*>(buffer.data())->d_reclen);
  std::size_t count = 0;
  for (std::size_t at = 0; at < size;) {
    const auto* record = reinterpret_cast<const ::dirent64*>(buffer.data() + at);
    at += record->d_reclen;
    const std::string_view name(record->d_name);
    if (name == "." || name == "..") continue;
    if (count == out.size()) out.emplace_back();
    DirEntry& entry = out[count++];
    entry.name = name;
    set_type(entry, record->d_type);
  }
  out.resize(count);
}

}  // namespace

Result<> PosixSystem::read_directory(Fd fd, std::vector<DirEntry>& out) {
  alignas(::dirent64) Buffer buffer;
  while (true) {
    const long size = posix::retry(
        [&] { return ::syscall(SYS_getdents64, posix::number(fd), buffer.data(), buffer.size()); });
    if (size == -1 && errno == ENOENT) {  // the directory was removed: the end, as readdir(3) says
      out.clear();
      return {};
    }
    if (size == -1) return fail(posix::last_error());
    translate(buffer, static_cast<std::size_t>(size), out);
    if (size == 0 || !out.empty()) return {};
  }
}

}  // namespace unswept::os
