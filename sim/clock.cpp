#include "sim/clock.h"

#include "sim/hash.h"

namespace unswept::sim {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

model::ObjectId clock_object() { return object(ObjectKind::clock, 0); }

}  // namespace

os::Timestamp Clock::now(Touch& touch) const {
  touch.read(clock_object());
  return now_;
}

// Sums do not depend on the order of their terms.
void Clock::advance(Touch& touch, std::chrono::nanoseconds duration) {
  touch.use(clock_object(), model::Mode::add);
  if (touch.dry()) return;
  const std::int64_t nanoseconds = now_.nanoseconds + duration.count() % kNanosecondsPerSecond;
  set({now_.seconds + duration.count() / kNanosecondsPerSecond +
           nanoseconds / kNanosecondsPerSecond,
       static_cast<std::int32_t>(nanoseconds % kNanosecondsPerSecond)});
}

void Clock::set(os::Timestamp now) {
  log_.changed({[](const StateLog::Change& change) {
                  static_cast<Clock*>(change.part)->now_ = {static_cast<std::int64_t>(change.a),
                                                            static_cast<std::int32_t>(change.b)};
                },
                this, static_cast<std::uint64_t>(now_.seconds),
                static_cast<std::uint64_t>(now_.nanoseconds), 0});
  now_ = now;
}

model::Fingerprint Clock::contribution() const {
  return (WideDigest() << object(ObjectKind::clock, 0) << static_cast<std::uint64_t>(now_.seconds)
                       << static_cast<std::uint64_t>(now_.nanoseconds))
      .value();
}

}  // namespace unswept::sim
