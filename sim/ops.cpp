#include "sim/ops.h"

#include <iterator>

namespace unswept::sim {
namespace {

constexpr std::string_view kNames[] = {
    "none",           "open",
    "close",          "read",
    "pread",          "write",
    "pwrite",         "seek",
    "truncate",       "map",
    "fsync",          "syncfs",
    "rename",         "rename-no-replace",
    "unlink",         "mkdir",
    "rmdir",          "stat",
    "fstat",          "touch",
    "chmod",          "chown",
    "read-directory", "flock",
    "funlock",        "record-lock",
    "lock",           "try-lock",
    "unlock",         "now",
    "sleep",          "advance-clock",
    "shared-read",    "shared-write",
    "shared-add",     "shared-compare-exchange",
    "start",          "end",
    "spawn",          "join",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Op::join) + 1);

}  // namespace

std::string_view to_string(Op op) {
  const auto index = static_cast<std::size_t>(op);
  return index < std::size(kNames) ? kNames[index] : std::string_view{};
}

}  // namespace unswept::sim
