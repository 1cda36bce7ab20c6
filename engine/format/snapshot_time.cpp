// The directory name of a snapshot: RFC 3339, UTC, whole seconds.
#include <algorithm>
#include <chrono>
#include <span>

#include "engine/format/names.h"

namespace unswept::engine {
namespace {

constexpr std::string_view kPattern = "dddd-dd-ddTdd:dd:ddZ";
constexpr std::string_view kEpoch = "1970-01-01T00:00:00Z";
constexpr std::int64_t kSecondsPerDay = 86400;

/// REQUIRES: digits.
int number(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (const char digit : text.substr(at, digits)) value = 10 * value + (digit - '0');
  return value;
}

/// Days since 1970-01-01 of a date that need not exist: month 0 and day 0 or 31 carry over.
std::int64_t days_since_epoch(int year, int month, int day) {
  if (month == 0) --year, month = 12;
  const std::chrono::year_month_day first{std::chrono::year(year),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(1)};
  return std::chrono::sys_days(first).time_since_epoch().count() + day - 1;
}

void put(std::span<char> out, std::size_t at, std::size_t digits, std::int64_t value) {
  for (std::size_t i = digits; i > 0; --i, value /= 10) {
    out[at + i - 1] = static_cast<char>('0' + value % 10);
  }
}

std::unexpected<Error> refuse(std::string_view name, std::string_view why) {
  std::string message = "invalid snapshot time '";
  message.append(name).append("': ").append(why);
  return fail(ErrorKind::invalid, std::move(message));
}

}  // namespace

SnapshotTime::SnapshotTime() { std::ranges::copy(kEpoch, text_.begin()); }

bool SnapshotTime::matches(std::string_view name) {
  if (name.size() != kPattern.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool fits =
        kPattern[i] == 'd' ? name[i] >= '0' && name[i] <= '9' : name[i] == kPattern[i];
    if (!fits) return false;
  }
  return true;
}

Result<SnapshotTime> SnapshotTime::parse(std::string_view name) {
  if (!matches(name)) return refuse(name, "expected YYYY-MM-DDTHH:MM:SSZ");
  const int month = number(name, 5, 2);
  const int day = number(name, 8, 2);
  const int hour = number(name, 11, 2);
  const int minute = number(name, 14, 2);
  const int second = number(name, 17, 2);
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 60) {
    return refuse(name, "a field is out of range");
  }
  SnapshotTime time;
  time.seconds_ = days_since_epoch(number(name, 0, 4), month, day) * kSecondsPerDay + hour * 3600 +
                  minute * 60 + second;
  std::ranges::copy(name, time.text_.begin());
  return time;
}

Result<SnapshotTime> SnapshotTime::from_seconds(std::int64_t seconds) {
  const std::chrono::sys_seconds moment{std::chrono::seconds(seconds)};
  const auto midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{midnight};
  const int year = static_cast<int>(date.year());
  // A bound on the seconds too: far out, the calendar's year wraps around.
  constexpr std::int64_t kFarAway = 400'000'000'000;
  if (seconds < -kFarAway || seconds > kFarAway || year < 0 || year > 9999) {
    return refuse(std::to_string(seconds), "the year must be 0 to 9999");
  }
  const std::int64_t second_of_day = (moment - midnight).count();
  SnapshotTime time;
  time.seconds_ = seconds;
  put(time.text_, 0, 4, year);
  put(time.text_, 5, 2, static_cast<unsigned>(date.month()));
  put(time.text_, 8, 2, static_cast<unsigned>(date.day()));
  put(time.text_, 11, 2, second_of_day / 3600);
  put(time.text_, 14, 2, second_of_day / 60 % 60);
  put(time.text_, 17, 2, second_of_day % 60);
  return time;
}

}  // namespace unswept::engine
