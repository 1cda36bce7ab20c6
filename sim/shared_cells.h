// sim/shared_cells.h: the values of shared variables.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <deque>

#include "sim/state_log.h"
#include "sim/touch.h"

namespace unswept::sim {

struct SharedCell final : Tracked {
  std::size_t number = 0;  // in the order of their making
  model::ObjectId object = 0;
  std::uint64_t value = 0;

  model::Fingerprint contribution() const override;
};

class SharedCells {
 public:
  explicit SharedCells(StateLog& log) : log_(log) {}

  SharedCell& add(std::uint64_t initial);
  void set(SharedCell& cell, std::uint64_t value) {
    log_.changed({[](const StateLog::Change& change) {
                    static_cast<SharedCell*>(change.part)->value = change.a;
                  },
                  &cell, cell.value, 0, 0});
    cell.value = value;
  }

 private:
  StateLog& log_;
  std::deque<SharedCell> cells_;
};

}  // namespace unswept::sim
