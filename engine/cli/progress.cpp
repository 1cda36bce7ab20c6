#include "engine/cli/progress.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "engine/cli/amounts.h"

namespace unswept::engine {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval{100};
constexpr std::chrono::seconds kLogInterval{30};
constexpr std::chrono::seconds kShortestForRate{1};

std::string amount(std::uint64_t count, os::Progress::Unit unit) {
  return unit == os::Progress::Unit::bytes ? size_text(count) : std::to_string(count);
}

}  // namespace

std::string ProgressMeter::line(const os::Progress& progress, ProgressClock::time_point now) {
  if (progress.phase != phase_ || progress.done < done_at_start_) {
    phase_ = progress.phase;
    start_ = now;
    done_at_start_ = progress.done;
  }
  std::string text = phase_ + ": " + amount(progress.done, progress.unit);
  if (progress.total > 0) {
    const double percent =
        100 * static_cast<double>(progress.done) / static_cast<double>(progress.total);
    text += fmt::format(" of {} ({:.0f}%)", amount(progress.total, progress.unit), percent);
  }
  const std::chrono::duration<double> elapsed = now - start_;
  if (elapsed < kShortestForRate) return text;
  const double rate = static_cast<double>(progress.done - done_at_start_) / elapsed.count();
  text += ", " + amount(static_cast<std::uint64_t>(rate), progress.unit) + "/s";
  if (rate > 0 && progress.total > progress.done) {
    const double left = static_cast<double>(progress.total - progress.done) / rate;
    text += ", " + duration_text(static_cast<std::uint64_t>(left)) + " left";
  }
  return text;
}

void ProgressDisplay::show(const os::Progress& progress, ProgressClock::time_point now) {
  if (!is_on()) return;
  const std::lock_guard lock(mutex_);
  const bool terminal = style_ == ProgressStyle::terminal;
  // A log hears nothing of what is over before its first line is due; the meter has to know when
  // it began all the same.
  if (!shown_ && !terminal) {
    shown_ = now;
    meter_.line(progress, now);
    return;
  }
  const auto interval =
      terminal ? ProgressClock::duration(kTerminalInterval) : ProgressClock::duration(kLogInterval);
  if (shown_ && now - *shown_ < interval) return;
  shown_ = now;
  const std::string line = meter_.line(progress, now);
  if (terminal) {
    err_ << fmt::format("\r{:<{}}", line, width_) << std::flush;
    width_ = line.size();
  } else {
    err_ << line << std::endl;
  }
}

void ProgressDisplay::write_line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  erase();
  err_ << text << '\n';
}

void ProgressDisplay::clear() {
  const std::lock_guard lock(mutex_);
  erase();
}

void ProgressDisplay::erase() {
  if (const std::size_t width = std::exchange(width_, 0); width > 0)
    err_ << fmt::format("\r{:<{}}\r", "", width) << std::flush;
}

}  // namespace unswept::engine
