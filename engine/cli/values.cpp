#include "engine/cli/values.h"

#include <charconv>
#include <limits>

namespace unswept::engine {
namespace {

constexpr std::int64_t seconds_per(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 7 * 86400;
    default:
      return 0;
  }
}

// Longer than any clock counts; keeps sums far from overflow.
constexpr std::int64_t kLongestDuration = 1'000'000'000'000;

constexpr unsigned binary_shift(char unit) {
  switch (unit) {
    case 'K':
    case 'k':
      return 10;
    case 'M':
      return 20;
    case 'G':
      return 30;
    case 'T':
      return 40;
    default:
      return 0;
  }
}

std::size_t leading_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

}  // namespace

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::size_t digits = leading_digits(text);
    const auto count = parse_unsigned(text.substr(0, digits));
    if (!count || digits == text.size()) return std::nullopt;
    const std::int64_t unit = seconds_per(text[digits]);
    if (unit == 0 || *count > static_cast<std::uint64_t>(kLongestDuration / unit)) {
      return std::nullopt;
    }
    total += static_cast<std::int64_t>(*count) * unit;
    if (total > kLongestDuration) return std::nullopt;
    text.remove_prefix(digits + 1);
  }
  return total;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::size_t digits = leading_digits(text);
  const auto count = parse_unsigned(text.substr(0, digits));
  if (!count) return std::nullopt;
  const std::string_view unit = text.substr(digits);
  if (unit.empty() || unit == "B") return count;
  const unsigned shift = binary_shift(unit[0]);
  const std::string_view rest = unit.substr(1);
  if (shift == 0 || (!rest.empty() && rest != "B" && rest != "iB")) return std::nullopt;
  if (*count > (std::numeric_limits<std::uint64_t>::max() >> shift)) return std::nullopt;
  return *count << shift;
}

}  // namespace unswept::engine
