#include "sim/timeouts.h"

#include "sim/hash.h"
#include "sim/world.h"

namespace unswept::sim {

bool Timeouts::limited() const { return left_ != kUnlimited; }

void Timeouts::look(Touch& touch) const {
  if (limited()) touch.read(object(ObjectKind::timeouts, 0));
}

void Timeouts::spend(Touch& touch) {
  if (!limited()) return;
  touch.write(object(ObjectKind::timeouts, 0));
  if (touch.dry()) return;
  log_.changed({[](const StateLog::Change& change) {
                  static_cast<Timeouts*>(change.part)->left_ = static_cast<std::uint32_t>(change.a);
                },
                this, left_, 0, 0});
  --left_;
}

model::Fingerprint Timeouts::contribution() const {
  if (!limited()) return {};
  return (WideDigest() << object(ObjectKind::timeouts, 0) << left_).value();
}

}  // namespace unswept::sim
