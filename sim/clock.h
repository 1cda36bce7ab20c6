// sim/clock.h: virtual time.  It stands still until somebody moves it.
//
// Thread safety: none.
#pragma once

#include <chrono>

#include "sim/state_log.h"
#include "sim/touch.h"

namespace unswept::sim {

class Clock final : public Tracked {
 public:
  explicit Clock(StateLog& log) : log_(log) { log_.mark_for_fingerprint(*this); }

  os::Timestamp now() const { return now_; }
  os::Timestamp now(Touch& touch) const;
  void advance(Touch& touch, std::chrono::nanoseconds duration);
  void set(os::Timestamp now);

  model::Fingerprint contribution() const override;

 private:
  StateLog& log_;
  os::Timestamp now_;
};

}  // namespace unswept::sim
