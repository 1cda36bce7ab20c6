// Files, names and metadata.
#include <cstdio>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/os/posix/posix_calls.h"
#include "engine/os/posix/posix_system.h"

namespace unswept::os {

using posix::answer;
using posix::answer_count;
using posix::last_error;
using posix::number;
using posix::Path;
using posix::retry;

namespace {

int open_flags(Open flags) {
  int out = O_CLOEXEC | O_NOCTTY;
  if (has(flags, Open::read_write)) {
    out |= O_RDWR;
  } else if (has(flags, Open::write)) {
    out |= O_WRONLY;
  } else {
    out |= O_RDONLY;
  }
  if (has(flags, Open::append)) out |= O_APPEND;
  if (has(flags, Open::create)) out |= O_CREAT;
  if (has(flags, Open::exclusive)) out |= O_EXCL;
  if (has(flags, Open::truncate)) out |= O_TRUNC;
  if (has(flags, Open::directory)) out |= O_DIRECTORY;
  if (has(flags, Open::no_follow)) out |= O_NOFOLLOW;
  if (has(flags, Open::no_wait)) out |= O_NONBLOCK;
  return out;
}

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::regular;
  if (S_ISDIR(mode)) return FileType::directory;
  if (S_ISLNK(mode)) return FileType::symlink;
  return FileType::other;
}

Stat translate(const struct ::stat& from) {
  Stat out;
  out.type = type_of(from.st_mode);
  out.inode = from.st_ino;
  out.size = out.type == FileType::directory ? 0 : static_cast<std::uint64_t>(from.st_size);
  out.atime = {from.st_atim.tv_sec, static_cast<std::int32_t>(from.st_atim.tv_nsec)};
  out.mode = from.st_mode & 07777;
  return out;
}

/// For file systems that cannot rename without replacing; cannot move directories.
Result<> link_and_unlink(const Path& from, const Path& to) {
  if (::linkat(from.dir(), from.text(), to.dir(), to.text(), 0) == -1) return fail(last_error());
  return answer(::unlinkat(from.dir(), from.text(), 0));
}

}  // namespace

Result<Fd> PosixSystem::open(Where where, Open flags, std::uint32_t mode) {
  const Path path(where);
  if (path.is_bad()) return fail(path.error());
  const int fd =
      retry([&] { return ::openat(path.dir(), path.text(), open_flags(flags), mode_t{mode}); });
  if (fd == -1) return fail(last_error());
  return static_cast<Fd>(fd);
}

void PosixSystem::close(Fd fd) noexcept { ::close(number(fd)); }

// Who waits for a pipe must be able to stop waiting.
Result<std::size_t> PosixSystem::read(Fd fd, std::span<std::byte> out) {
  while (true) {
    const ssize_t count = ::read(number(fd), out.data(), out.size());
    if (count != -1 || errno != EINTR || interrupted()) return answer_count(count);
  }
}

Result<std::size_t> PosixSystem::pread(Fd fd, std::span<std::byte> out, std::uint64_t offset) {
  return answer_count(retry(
      [&] { return ::pread(number(fd), out.data(), out.size(), static_cast<off_t>(offset)); }));
}

Result<std::size_t> PosixSystem::write(Fd fd, std::span<const std::byte> bytes) {
  while (true) {
    const ssize_t count = ::write(number(fd), bytes.data(), bytes.size());
    if (count != -1 || errno != EINTR || interrupted()) return answer_count(count);
  }
}

Result<std::size_t> PosixSystem::pwrite(Fd fd, std::span<const std::byte> bytes,
                                        std::uint64_t offset) {
  return answer_count(retry([&] {
    return ::pwrite(number(fd), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  }));
}

Result<> PosixSystem::seek(Fd fd, std::uint64_t offset) {
  if (::lseek(number(fd), static_cast<off_t>(offset), SEEK_SET) == -1) return fail(last_error());
  return {};
}

Result<> PosixSystem::truncate(Fd fd, std::uint64_t size) {
  return answer(retry([&] { return ::ftruncate(number(fd), static_cast<off_t>(size)); }));
}

Result<Mapping> PosixSystem::map(Fd fd) {
  struct ::stat info;
  if (::fstat(number(fd), &info) == -1) return fail(last_error());
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return Mapping();  // the kernel maps nothing only to refuse it
  // Who maps a file reads all of it; one call costs less than a fault for every few pages.
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, number(fd), 0);
  if (address == MAP_FAILED) return fail(last_error());
  std::shared_ptr<const void> owner(
      address, [size](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); });
  return Mapping(std::move(owner), {static_cast<const std::byte*>(address), size});
}

Result<> PosixSystem::fsync(Fd fd) {
  return answer(retry([&] { return ::fsync(number(fd)); }));
}

Result<> PosixSystem::syncfs(Fd fd) {
  return answer(retry([&] { return ::syncfs(number(fd)); }));
}

Result<> PosixSystem::rename(Where from, Where to) {
  const Path source(from);
  const Path target(to);
  if (source.is_bad()) return fail(source.error());
  if (target.is_bad()) return fail(target.error());
  return answer(::renameat(source.dir(), source.text(), target.dir(), target.text()));
}

Result<> PosixSystem::rename_no_replace(Where from, Where to) {
  const Path source(from);
  const Path target(to);
  if (source.is_bad()) return fail(source.error());
  if (target.is_bad()) return fail(target.error());
  const int result =
      ::renameat2(source.dir(), source.text(), target.dir(), target.text(), RENAME_NOREPLACE);
  if (result == -1 && (errno == EINVAL || errno == ENOSYS)) {
    return link_and_unlink(source, target);
  }
  return answer(result);
}

Result<> PosixSystem::unlink(Where where) {
  const Path path(where);
  if (path.is_bad()) return fail(path.error());
  return answer(::unlinkat(path.dir(), path.text(), 0));
}

Result<> PosixSystem::mkdir(Where where, std::uint32_t mode) {
  const Path path(where);
  if (path.is_bad()) return fail(path.error());
  return answer(::mkdirat(path.dir(), path.text(), mode_t{mode}));
}

Result<> PosixSystem::rmdir(Where where) {
  const Path path(where);
  if (path.is_bad()) return fail(path.error());
  return answer(::unlinkat(path.dir(), path.text(), AT_REMOVEDIR));
}

Result<Stat> PosixSystem::stat(Where where, Follow follow) {
  const Path path(where);
  if (path.is_bad()) return fail(path.error());
  struct ::stat info;
  const int flags = follow == Follow::no ? AT_SYMLINK_NOFOLLOW : 0;
  if (::fstatat(path.dir(), path.text(), &info, flags) == -1) return fail(last_error());
  return translate(info);
}

Result<Stat> PosixSystem::fstat(Fd fd) {
  struct ::stat info;
  if (::fstat(number(fd), &info) == -1) return fail(last_error());
  return translate(info);
}

Result<> PosixSystem::touch(Where where) {
  const Path path(where);
  if (path.is_bad()) return fail(path.error());
  const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
  return answer(::utimensat(path.dir(), path.text(), times, AT_SYMLINK_NOFOLLOW));
}

Result<> PosixSystem::chmod(Fd fd, std::uint32_t mode) {
  return answer(::fchmod(number(fd), mode_t{mode}));
}

Result<> PosixSystem::chown_to_service(Fd fd) {
  if (!service_) return {};
  return answer(::fchown(number(fd), service_->user, service_->group));
}

}  // namespace unswept::os
