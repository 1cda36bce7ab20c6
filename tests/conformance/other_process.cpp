#include "tests/conformance/other_process.h"

#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/os/posix/posix_system.h"

namespace unswept::conformance {
namespace {

template <class T>
bool send(int to, const T& message) {
  return ::write(to, &message, sizeof(message)) == static_cast<ssize_t>(sizeof(message));
}

template <class T>
bool receive(int from, T& message) {
  return ::read(from, &message, sizeof(message)) == static_cast<ssize_t>(sizeof(message));
}

std::int32_t number(os::Errno error) { return static_cast<std::int32_t>(error); }

os::Result<> result_of(std::int32_t error) {
  if (error != 0) return os::fail(static_cast<os::Errno>(error));
  return {};
}

}  // namespace

OtherProcess::OtherProcess() {
  int orders[2];
  int answers[2];
  if (::pipe(orders) != 0 || ::pipe(answers) != 0) std::abort();
  child_ = ::fork();
  if (child_ == 0) {
    ::close(orders[1]);
    ::close(answers[0]);
    serve(orders[0], answers[1]);
    ::_exit(0);
  }
  ::close(orders[0]);
  ::close(answers[1]);
  orders_ = orders[1];
  answers_ = answers[0];
}

OtherProcess::~OtherProcess() {
  ::close(orders_);
  ::close(answers_);
  ::waitpid(child_, nullptr, 0);
}

void OtherProcess::serve(int orders, int answers) {
  os::PosixSystem system;
  const auto error_of = [](const os::Result<>& result) {
    return result ? 0 : number(result.error());
  };
  Order order;
  while (receive(orders, order)) {
    Answer answer{0, -1};
    const auto fd = static_cast<os::Fd>(order.fd);
    switch (order.verb) {
      case Verb::open: {
        const auto opened = system.open(order.path, static_cast<os::Open>(order.argument), 0644);
        if (opened)
          answer.fd = static_cast<std::int32_t>(*opened);
        else
          answer.error = number(opened.error());
        break;
      }
      case Verb::close:
        system.close(fd);
        break;
      case Verb::flock:
        answer.error =
            error_of(system.flock(fd, static_cast<os::LockKind>(order.argument), os::Wait::none()));
        break;
      case Verb::funlock:
        system.funlock(fd);
        break;
      case Verb::record:
        answer.error =
            error_of(system.record_lock(fd, static_cast<os::RecordLock>(order.argument)));
        break;
    }
    if (!send(answers, answer)) return;
  }
}

OtherProcess::Answer OtherProcess::tell(Verb verb, os::Fd fd, std::uint32_t argument,
                                        const std::string& path) {
  Order order{verb, static_cast<std::int32_t>(fd), argument, {}};
  if (path.size() >= sizeof(order.path)) std::abort();
  std::memcpy(order.path, path.c_str(), path.size() + 1);
  Answer answer{};
  if (!send(orders_, order) || !receive(answers_, answer)) std::abort();
  return answer;
}

os::Result<os::Fd> OtherProcess::open(const std::string& path, os::Open flags) {
  const Answer answer = tell(Verb::open, os::Fd::none, static_cast<std::uint32_t>(flags), path);
  if (answer.error != 0) return os::fail(static_cast<os::Errno>(answer.error));
  return static_cast<os::Fd>(answer.fd);
}

void OtherProcess::close(os::Fd fd) { tell(Verb::close, fd, 0); }

os::Result<> OtherProcess::flock_try(os::Fd fd, os::LockKind kind) {
  return result_of(tell(Verb::flock, fd, static_cast<std::uint32_t>(kind)).error);
}

void OtherProcess::funlock(os::Fd fd) { tell(Verb::funlock, fd, 0); }

os::Result<> OtherProcess::record_lock(os::Fd fd, os::RecordLock what) {
  return result_of(tell(Verb::record, fd, static_cast<std::uint32_t>(what)).error);
}

}  // namespace unswept::conformance
