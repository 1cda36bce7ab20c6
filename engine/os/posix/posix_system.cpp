// Locks, time, chance, and what is told to the hooks.
#include "engine/os/posix/posix_system.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <mutex>
#include <pwd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "engine/os/posix/posix_calls.h"

namespace unswept::os {
namespace {

using posix::answer;
using posix::last_error;
using posix::number;
using posix::retry;
using std::chrono::milliseconds;

class PosixMutex final : public Mutex {
 public:
  void lock() override { mutex_.lock(); }
  bool try_lock() override { return mutex_.try_lock(); }
  void unlock() noexcept override { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

int flock_operation(LockKind kind) { return kind == LockKind::shared ? LOCK_SH : LOCK_EX; }

}  // namespace

PosixSystem::PosixSystem(PosixOptions options)
    : options_(std::move(options)), service_(find_service_owner(options_.service_user)) {}

std::optional<PosixSystem::Owner> PosixSystem::find_service_owner(const std::string& user) {
  if (::geteuid() != 0 || user.empty()) return std::nullopt;
  struct ::passwd entry;
  struct ::passwd* found = nullptr;
  char text[4096];
  if (::getpwnam_r(user.c_str(), &entry, text, sizeof(text), &found) != 0 || !found) {
    return std::nullopt;
  }
  return Owner{entry.pw_uid, entry.pw_gid};
}

// --- locks ---------------------------------------------------------------------------------

Result<> PosixSystem::flock(Fd fd, LockKind kind, Wait wait) {
  const int operation = flock_operation(kind);
  if (!wait.unlimited) return flock_until(fd, operation, wait.limit);
  while (::flock(number(fd), operation) == -1) {
    if (errno != EINTR || interrupted()) return fail(last_error());
  }
  return {};
}

/// Tries, and tries again, since the kernel has no limit for waiting and a timer signal would be
/// everybody's business.
Result<> PosixSystem::flock_until(Fd fd, int operation, milliseconds limit) {
  constexpr milliseconds kLongestPause{50};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (milliseconds pause{1};; pause = std::min(2 * pause, kLongestPause)) {
    if (retry([&] { return ::flock(number(fd), operation | LOCK_NB); }) == 0) return {};
    if (errno != EWOULDBLOCK) return fail(last_error());
    if (limit == milliseconds{0}) return fail(Errno::operation_would_block);
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= milliseconds{0}) return fail(Errno::timed_out);
    if (interrupted()) return fail(Errno::interrupted);
    sleep(std::min(pause, left));
  }
}

void PosixSystem::funlock(Fd fd) noexcept { ::flock(number(fd), LOCK_UN); }

Result<> PosixSystem::record_lock(Fd fd, RecordLock what) {
  struct ::flock lock{};
  lock.l_whence = SEEK_SET;  // with start and length 0: the whole file
  switch (what) {
    case RecordLock::read:
      lock.l_type = F_RDLCK;
      break;
    case RecordLock::write:
      lock.l_type = F_WRLCK;
      break;
    case RecordLock::unlock:
      lock.l_type = F_UNLCK;
      break;
  }
  if (retry([&] { return ::fcntl(number(fd), F_SETLK, &lock); }) == 0) return {};
  return fail(errno == EACCES ? Errno::resource_unavailable_try_again : last_error());
}

std::unique_ptr<Mutex> PosixSystem::make_mutex(std::string_view) {
  return std::make_unique<PosixMutex>();
}

// --- time and chance -------------------------------------------------------------------------

Timestamp PosixSystem::now() {
  timespec time;
  ::clock_gettime(CLOCK_REALTIME, &time);
  return {time.tv_sec, static_cast<std::int32_t>(time.tv_nsec)};
}

void PosixSystem::sleep(milliseconds duration) {
  constexpr long kNanosecondsPerMillisecond = 1'000'000;
  timespec left{duration.count() / 1000, duration.count() % 1000 * kNanosecondsPerMillisecond};
  while (::nanosleep(&left, &left) == -1 && errno == EINTR && !interrupted()) {
  }
}

std::int32_t PosixSystem::utc_offset(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm local;
  if (!::localtime_r(&time, &local)) return 0;
  return static_cast<std::int32_t>(local.tm_gmtoff);
}

void PosixSystem::random(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t count = retry([&] { return ::getrandom(out.data(), out.size(), 0); });
    if (count == -1) std::abort();  // every kernel that can run this has it
    out = out.subspan(static_cast<std::size_t>(count));
  }
}

// --- hooks -------------------------------------------------------------------------------------

bool PosixSystem::points_wanted() { return options_.point != nullptr; }

void PosixSystem::point(const Point& point, std::string_view detail) {
  if (options_.point) options_.point(point, detail);
}

void PosixSystem::progress(const Progress& progress) {
  if (options_.progress) options_.progress(progress);
}

bool PosixSystem::log_wanted(LogLevel level) { return options_.log && level >= options_.log_level; }

void PosixSystem::log(LogLevel level, std::string_view message) {
  if (log_wanted(level)) options_.log(level, message);
}

bool PosixSystem::interrupted() {
  return options_.interrupt && options_.interrupt->load(std::memory_order_relaxed);
}

}  // namespace unswept::os
