// engine/cli/task_id.h: the id under which a task leaves its traces in a store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/format/owner.h"

namespace unswept::engine {

/// In the form of the server's task ids, so that it can read them:
/// UPID:host:pid:start:number:time:type:id:user:.
std::string make_task_id(std::string_view type, std::string_view id, std::int64_t start_seconds,
                         const AuthId& user);

}  // namespace unswept::engine
