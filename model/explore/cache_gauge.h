// model/explore/cache_gauge.h: whether looking states up is worth it (internal).
//
// There are programs none of whose states is ever reached twice.  So lookups are
// counted in windows: after one with hardly a hit, nothing is looked up for some
// time, then for another window, and each time in vain the pause grows.
//
// Thread safety: none.
#pragma once

#include <algorithm>
#include <cstdint>

namespace unswept::model {

class CacheGauge {
 public:
  /// Whether to look up the state that the search has come to.  Asked once per new state.
  bool look() {
    if (pause_left_ == 0) return true;
    --pause_left_;
    return false;
  }
  /// What a lookup gave.
  void count(bool hit) {
    ++lookups_;
    hits_ += hit ? 1 : 0;
    if (lookups_ < kWindow) return;
    const bool worth_it = hits_ * kHitsWorth >= lookups_;
    pause_ = worth_it ? 0 : std::clamp(4 * pause_, kPauseMin, kPauseMax);
    pause_left_ = pause_;
    lookups_ = hits_ = 0;
  }
  bool pausing() const { return pause_left_ != 0; }

 private:
  static constexpr std::uint64_t kWindow = 2048;
  static constexpr std::uint64_t kHitsWorth = 64;  // one lookup in so many
  static constexpr std::uint64_t kPauseMin = 4 * kWindow;
  static constexpr std::uint64_t kPauseMax = 256 * kWindow;

  std::uint64_t lookups_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t pause_ = 0;
  std::uint64_t pause_left_ = 0;
};

}  // namespace unswept::model
