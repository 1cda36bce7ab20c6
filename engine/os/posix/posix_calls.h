// engine/os/posix/posix_calls.h: what every file of the real system needs.
#pragma once

#include <cerrno>
#include <climits>
#include <cstring>

#include "engine/os/system.h"

namespace unswept::os::posix {

inline Errno last_error() { return static_cast<Errno>(errno); }

/// Makes a call again as long as signals interrupt it.
template <class Call>
auto retry(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result == -1 && errno == EINTR);
  return result;
}

/// The answer of a call that returns -1 on failure and nothing of interest otherwise.
inline Result<> answer(int result) {
  if (result == -1) return fail(last_error());
  return {};
}

/// The answer of a call that returns a count of bytes.
inline Result<std::size_t> answer_count(ssize_t result) {
  if (result == -1) return fail(last_error());
  return static_cast<std::size_t>(result);
}

inline int number(Fd fd) { return static_cast<int>(fd); }

/// A path with the zero byte that the kernel wants.
class Path {
 public:
  explicit Path(Where where) : dir_(number(where.dir)) {
    if (where.path.size() >= sizeof(text_)) {
      error_ = Errno::filename_too_long;
    } else if (where.path.find('\0') != std::string_view::npos) {
      error_ = Errno::invalid_argument;
    } else {
      std::memcpy(text_, where.path.data(), where.path.size());
      text_[where.path.size()] = '\0';
    }
  }

  /// Errno{} if the path can be handed to the kernel.
  Errno error() const { return error_; }
  bool is_bad() const { return error_ != Errno{}; }
  int dir() const { return dir_; }
  const char* text() const { return text_; }

 private:
  int dir_;
  Errno error_{};
  char text_[PATH_MAX];
};

}  // namespace unswept::os::posix
