#include "engine/store/lock_file.h"

#include "engine/store/atomic_file.h"
#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

constexpr os::Open kLockFileFlags = os::Open::read_write | os::Open::append;

/// Makes the lock file and opens it; file_exists if somebody was faster.
os::Result<os::File> create_lock_file(os::System& system, std::string_view path) {
  auto temporary = make_temporary(system, path, kLockFileFlags);
  if (!temporary) return os::fail(temporary.error());
  auto done = system.chmod(temporary->file.fd(), kLockFileMode);
  if (done) done = system.chown_to_service(temporary->file.fd());
  if (done) done = system.rename_no_replace(temporary->path, path);
  if (done) return std::move(temporary->file);
  (void)system.unlink(temporary->path);
  return os::fail(done.error());
}

Error not_locked(os::Errno code, std::string_view path) {
  if (code == os::Errno::operation_would_block || code == os::Errno::timed_out ||
      code == os::Errno::resource_unavailable_try_again)
    return {ErrorKind::lock_conflict, code, "locked by somebody else; try again later"};
  return os_error(code, "lock", path);
}

/// Whether the file that was locked is still the one at its path.
Result<> check_still_there(os::System& system, os::Fd fd, std::string_view path) {
  auto locked = system.fstat(fd);
  if (!locked) return os_failure(locked.error(), "stat", path);
  auto named = system.stat(path);
  if (named && named->inode == locked->inode) return {};
  return fail(ErrorKind::lock_conflict,
              "removed or moved by somebody else while it was being locked");
}

}  // namespace

os::Result<os::File> open_lock_file(os::System& system, std::string_view path) {
  auto file = os::open_file(system, path, kLockFileFlags);
  if (file || file.error() != os::Errno::no_such_file_or_directory) return file;
  auto created = create_lock_file(system, path);
  if (created || created.error() != os::Errno::file_exists) return created;
  return os::open_file(system, path, kLockFileFlags);
}

Result<LockFile> take_lock(os::System& system, std::string_view path, os::LockKind kind,
                           os::Wait wait) {
  const std::string_view parent = path.substr(0, path.rfind('/'));
  if (auto made = make_directories(system, parent); !made)
    return os_failure(made.error(), "create directory", parent);
  auto file = open_lock_file(system, path);
  if (!file) return os_failure(file.error(), "open lock file", path);
  if (auto locked = system.flock(file->fd(), kind, wait); !locked)
    return std::unexpected(not_locked(locked.error(), path));
  if (auto same = check_still_there(system, file->fd(), path); !same) return forward_error(same);
  return LockFile(std::move(*file));
}

}  // namespace unswept::engine
