#include "sim/objects.h"

namespace unswept::sim {

std::string_view to_string(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::dirent:
      return "dirent";
    case ObjectKind::members:
      return "members";
    case ObjectKind::members_of:
      return "members-of-a-kind";
    case ObjectKind::data:
      return "data";
    case ObjectKind::atime:
      return "atime";
    case ObjectKind::meta:
      return "mode";
    case ObjectKind::parent:
      return "parent";
    case ObjectKind::linked:
      return "linked";
    case ObjectKind::flock:
      return "flock";
    case ObjectKind::record:
      return "record-lock";
    case ObjectKind::descriptor:
      return "descriptor";
    case ObjectKind::mutex:
      return "mutex";
    case ObjectKind::clock:
      return "clock";
    case ObjectKind::timeouts:
      return "timeouts";
    case ObjectKind::shared:
      return "variable";
    case ObjectKind::actor_start:
      return "actor-start";
    case ObjectKind::actor_end:
      return "actor-end";
    case ObjectKind::ghost:
      return "promise";
  }
  return {};
}

}  // namespace unswept::sim
