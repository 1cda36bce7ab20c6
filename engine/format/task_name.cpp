#include "engine/format/task_name.h"

#include <charconv>

namespace unswept::engine {

std::optional<std::int64_t> task_start_time(std::string_view upid) {
  constexpr int kFieldsBefore = 5;
  if (!upid.starts_with("UPID:")) return std::nullopt;
  for (int field = 0; field < kFieldsBefore; ++field) {
    const auto colon = upid.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    upid.remove_prefix(colon + 1);
  }
  const std::string_view digits = upid.substr(0, upid.find(':'));
  std::int64_t seconds = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), seconds, 16);
  if (error != std::errc{} || end != digits.data() + digits.size() || seconds < 0) {
    return std::nullopt;
  }
  return seconds;
}

}  // namespace unswept::engine
