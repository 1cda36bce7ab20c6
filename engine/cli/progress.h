// engine/cli/progress.h: how far a long operation is, on the error stream.
//
// On a terminal one line is written over, some times a second.  Elsewhere, in a
// log, a line of its own comes now and then, and none at all for what is quick.
//
// Thread safety: a ProgressDisplay may be used by several threads; a line of one
// is never written into that of another.  A ProgressMeter by one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "engine/os/system.h"

namespace unswept::engine {

using ProgressClock = std::chrono::steady_clock;

/// Rate and time left, from what one phase of an operation reports.
class ProgressMeter {
 public:
  /// "sweep: 16384 of 65536 (25%), 8192/s, 0:06 left".  Rate and time left are the average since
  /// the phase began, and left out in its first second.
  std::string line(const os::Progress& progress, ProgressClock::time_point now);

 private:
  std::string phase_;
  ProgressClock::time_point start_;
  std::uint64_t done_at_start_ = 0;
};

enum class ProgressStyle : std::uint8_t { none, terminal, log };

class ProgressDisplay {
 public:
  ProgressDisplay(std::ostream& err, ProgressStyle style) : err_(err), style_(style) {}
  ~ProgressDisplay() { clear(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  bool is_on() const { return style_ != ProgressStyle::none; }
  void show(const os::Progress& progress, ProgressClock::time_point now = ProgressClock::now());

  /// Writes something else to the error stream, where the progress was.
  void write_line(std::string_view text);

  /// Leaves nothing of the progress on a terminal.
  void clear();

 private:
  void erase();

  std::ostream& err_;
  ProgressStyle style_;
  std::mutex mutex_;  // for everything below, and the stream
  ProgressMeter meter_;
  std::optional<ProgressClock::time_point> shown_;  // when the last line was, or the first might
                                                    // have been
  std::size_t width_ = 0;                           // of the line on the terminal
};

}  // namespace unswept::engine
