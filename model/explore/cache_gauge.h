// model/explore/cache_gauge.h: whether looking states up is worth it (internal).
//
// There are programs none of whose states is ever reached twice.  So lookups are
// counted in windows: after one in which few executions ended at a known state,
// nothing is looked up for some time, then for another window, and each time in
// vain the pause grows.
//
// Thread safety: none.
#pragma once

#include <algorithm>
#include <cstdint>

namespace unswept::model {

class CacheGauge {
 public:
  /// An execution begins.
  void run() { ++runs_; }
  /// Whether to look up the state that the search has come to.  Asked once per new state.
  bool look() {
    if (pause_left_ == 0) return true;
    if (--pause_left_ == 0) lookups_ = hits_ = runs_ = 0;
    return false;
  }
  /// What a lookup gave.
  void count(bool hit) {
    ++lookups_;
    hits_ += hit ? 1 : 0;
    if (lookups_ < kWindow) return;
    const bool worth_it = kRunsPerHit * hits_ >= runs_;
    pause_ = worth_it ? 0 : std::clamp(4 * pause_, kPauseMin, kPauseMax);
    pause_left_ = pause_;
    lookups_ = hits_ = runs_ = 0;
  }

 private:
  static constexpr std::uint64_t kWindow = 8192;
  static constexpr std::uint64_t kRunsPerHit = 16;
  static constexpr std::uint64_t kPauseMin = 4 * kWindow;
  static constexpr std::uint64_t kPauseMax = 64 * kWindow;

  std::uint64_t runs_ = 0;
  std::uint64_t lookups_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t pause_ = 0;
  std::uint64_t pause_left_ = 0;
};

}  // namespace unswept::model
