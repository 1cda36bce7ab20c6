#include "sim/state_log.h"

#include "sim/check.h"
#include "sim/hash.h"

namespace unswept::sim {

void StateLog::rollback(Mark mark) {
  UNSWEPT_SIM_CHECK(mark <= changes_.size(), "rollback to a mark that is gone");
  while (changes_.size() > mark) {
    const Change change = changes_.back();
    changes_.pop_back();
    if (change.part != nullptr) mark_for_fingerprint(*change.part);
    change.restore(change);
  }
  ++epoch_;
}

void StateLog::drop() {
  for (; !changes_.empty(); changes_.pop_back()) {
    const Change& change = changes_.back();
    if (change.part != nullptr) change.restore(change);
  }
}

model::Fingerprint StateLog::fingerprint() {
  for (Tracked* part : marked_) {
    const model::Fingerprint now = part->contribution();
    sum_ = sum_ - part->counted_ + now;
    part->counted_ = now;
    part->marked_ = false;
  }
  marked_.clear();
  return sum_;
}

}  // namespace unswept::sim
