// engine/format/task_name.h: what the id of a task tells about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace unswept::engine {

/// When the task started, in seconds since 1970: the sixth field of
/// UPID:host:pid:start:number:time:type:id:user:, in hex.  Nothing if it is no such id.
std::optional<std::int64_t> task_start_time(std::string_view upid);

}  // namespace unswept::engine
