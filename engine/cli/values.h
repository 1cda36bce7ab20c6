// engine/cli/values.h: how numbers, durations and sizes are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace unswept::engine {

/// Decimal digits only.
std::optional<std::uint64_t> parse_unsigned(std::string_view text);

/// Seconds: "90s", "5m", "48h", "2d", "1w", or several of them: "24h5m".  A bare "0" is allowed.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// Bytes: "4096", "64K", "4M", "1G" (powers of 1024; "KiB" and the like too).
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace unswept::engine
