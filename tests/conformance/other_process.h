// tests/conformance/other_process.h: a second real process that makes calls when told to.
//
// For locks that belong to processes.  The child is forked by the constructor and
// ends with the object.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

#include "engine/os/system.h"

namespace unswept::conformance {

class OtherProcess {
 public:
  OtherProcess();
  ~OtherProcess();
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  os::Result<os::Fd> open(const std::string& path, os::Open flags);
  void close(os::Fd fd);
  os::Result<> flock_try(os::Fd fd, os::LockKind kind);
  void funlock(os::Fd fd);
  os::Result<> record_lock(os::Fd fd, os::RecordLock what);

 private:
  enum class Verb : std::uint32_t { open, close, flock, funlock, record };
  struct Order {
    Verb verb;
    std::int32_t fd;
    std::uint32_t argument;
    char path[1024];
  };
  struct Answer {
    std::int32_t error;  // 0: none
    std::int32_t fd;
  };

  static void serve(int orders, int answers);
  Answer tell(Verb verb, os::Fd fd, std::uint32_t argument, const std::string& path = {});

  pid_t child_ = -1;
  int orders_ = -1;
  int answers_ = -1;
};

}  // namespace unswept::conformance
