// sim/timeouts.h: how many waits with a limit may still expire.
//
// Thread safety: none.
#pragma once

#include <cstdint>

#include "sim/state_log.h"
#include "sim/touch.h"

namespace unswept::sim {

class Timeouts final : public Tracked {
 public:
  Timeouts(StateLog& log, std::uint32_t left) : log_(log), left_(left) {
    log_.mark_for_fingerprint(*this);
  }

  bool any_left() const { return left_ != 0; }
  /// A step that may expire looks at this; with no limit on their number there is nothing to see.
  void look(Touch& touch) const;
  /// A wait expires.
  void spend(Touch& touch);

  model::Fingerprint contribution() const override;

 private:
  bool limited() const;

  StateLog& log_;
  std::uint32_t left_;
};

}  // namespace unswept::sim
