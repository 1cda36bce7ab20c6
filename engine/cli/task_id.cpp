#include "engine/cli/task_id.h"

#include <climits>
#include <fmt/format.h>
#include <unistd.h>

namespace unswept::engine {
namespace {

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  if (::gethostname(name, HOST_NAME_MAX) != 0) return "localhost";
  const std::string_view full(name);
  return std::string(full.substr(0, full.find('.')));
}

}  // namespace

std::string make_task_id(std::string_view type, std::string_view id, std::int64_t start_seconds,
                         const AuthId& user) {
  return fmt::format("UPID:{}:{:08X}:{:08X}:{:08X}:{:08X}:{}:{}:{}:", host_name(), ::getpid(), 0, 0,
                     start_seconds, type, id, user.text());
}

}  // namespace unswept::engine
