#include "engine/store/process_lock.h"

#include <algorithm>

namespace unswept::engine {

ProcessLock::ProcessLock(os::System& system, std::string path)
    : system_(system), path_(std::move(path)), mutex_(system.make_mutex("process-lock")) {}

Result<> ProcessLock::open() {
  os::MutexGuard guard(*mutex_);
  return open_locked();
}

Result<> ProcessLock::open_locked() {
  if (file_.is_open()) return {};
  auto file = os::open_file(system_, path_, os::Open::read_write | os::Open::create);
  if (!file) return os_failure(file.error(), "open", path_);
  file_ = std::move(*file);
  return {};
}

Result<> ProcessLock::record(os::RecordLock what) {
  auto done = system_.record_lock(file_.fd(), what);
  if (done) return {};
  if (done.error() == os::Errno::resource_unavailable_try_again)
    return fail(ErrorKind::lock_conflict,
                path_ + ": another process works on this store; try again when it has finished",
                done.error());
  return os_failure(done.error(), "lock", path_);
}

Result<ProcessLock::Shared> ProcessLock::try_shared() {
  os::MutexGuard guard(*mutex_);
  if (auto opened = open_locked(); !opened) return forward_error(opened);
  if (writers_.empty() && !exclusive_)
    if (auto locked = record(os::RecordLock::read); !locked) return forward_error(locked);
  const std::uint64_t id = next_id_++;
  writers_.push_back({id, system_.now().seconds});
  return Shared(*this, id);
}

Result<ProcessLock::Exclusive> ProcessLock::try_exclusive() {
  os::MutexGuard guard(*mutex_);
  if (exclusive_)
    return fail(ErrorKind::lock_conflict, path_ + ": this process holds it exclusively already");
  if (auto opened = open_locked(); !opened) return forward_error(opened);
  if (auto locked = record(os::RecordLock::write); !locked) return forward_error(locked);
  exclusive_ = true;
  return Exclusive(*this);
}

std::optional<std::int64_t> ProcessLock::oldest_writer() {
  os::MutexGuard guard(*mutex_);
  if (writers_.empty()) return std::nullopt;
  return std::ranges::min(writers_, {}, &Writer::since).since;
}

// A lock that cannot be given up goes with the process; nobody could do more about it.
void ProcessLock::release_shared(std::uint64_t id) {
  os::MutexGuard guard(*mutex_);
  std::erase_if(writers_, [id](const Writer& writer) { return writer.id == id; });
  if (writers_.empty() && !exclusive_)
    (void)system_.record_lock(file_.fd(), os::RecordLock::unlock);
}

void ProcessLock::release_exclusive() {
  os::MutexGuard guard(*mutex_);
  exclusive_ = false;  // first, as the call may end the task
  const auto what = writers_.empty() ? os::RecordLock::unlock : os::RecordLock::read;
  (void)system_.record_lock(file_.fd(), what);
}

ProcessLock::Shared& ProcessLock::Shared::operator=(Shared&& other) noexcept(false) {
  if (this != &other) {
    release();
    lock_ = std::exchange(other.lock_, nullptr);
    id_ = other.id_;
  }
  return *this;
}

void ProcessLock::Shared::release() {
  if (ProcessLock* lock = std::exchange(lock_, nullptr)) lock->release_shared(id_);
}

void ProcessLock::Exclusive::release() {
  if (ProcessLock* lock = std::exchange(lock_, nullptr)) lock->release_exclusive();
}

}  // namespace unswept::engine
