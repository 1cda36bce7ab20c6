// engine/store/lock_file.h: advisory locks on files of their own.
//
// Groups, snapshots and manifests are locked by flock on an empty file in the
// store's lock directory.  Whoever removes the object unlinks its lock file
// while holding the lock, so a lock may be taken on a file that is no lock file
// any more; a second look at the path finds out ("double stat").
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "engine/os/knowledge.h"
#include "engine/os/system.h"

namespace unswept::engine {

inline constexpr std::uint32_t kLockFileMode = 0660;

/// A lock that is held; given up with its scope.
class LockFile {
 public:
  LockFile() = default;
  explicit LockFile(os::File file) : file_(std::move(file)) {}
  bool held() const { return file_.is_open(); }
  void release() { file_.close(); }
  void tell(os::Gist& gist) const { gist << file_.fd(); }

 private:
  os::File file_;
};

/// Takes the lock at `path`; parent directories are created.  lock_conflict if
/// somebody else holds it past the wait, or if the file was unlinked or replaced
/// between open and lock.
Result<LockFile> take_lock(os::System& system, std::string_view path, os::LockKind kind,
                           os::Wait wait);

/// Opens a lock file read-write in append mode; a missing one is created as a
/// temporary file, with its mode and owner, and renamed into place unless
/// somebody was faster.
os::Result<os::File> open_lock_file(os::System& system, std::string_view path);

}  // namespace unswept::engine
