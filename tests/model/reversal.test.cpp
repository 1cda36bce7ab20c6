// A race in which the second step takes a lock that the first gives up, and would take another one
// if it came first: what it touches hangs on a pointer that the first step changes.
#include "model/explore/explore.h"
#include "tests/catch.h"

namespace unswept::tests {
namespace {

using namespace unswept::model;

/// `owner` takes lock 0, then sets the pointer to 0 and gives the lock up, in one step; `other`
/// takes the lock that the pointer names (1, at first) in one step, which must not be lock 1.
class PointedLock final : public Program, private Situation {
 public:
  Ending run(Chooser& chooser) override {
    owner_ = 0;
    other_ = false;
    pointer_ = 1;
    held_ = false;
    last_ = kNoActor;
    Ending ending;
    while (pending() != 0) {
      const ActorId actor = chooser.pick(*this);
      if (actor == kNoActor) {
        ending.outcome = Outcome::stopped;
        return ending;
      }
      Footprint footprint;
      predict(actor, footprint);
      const std::uint32_t ordinal = actor == 0 ? owner_ : 0;
      if (actor == 0) {
        held_ = owner_++ == 0;
        if (owner_ == 2) pointer_ = 0;
      } else {
        other_ = true;
        if (pointer_ == 1) ending.violations.push_back({"not-lock-1", "took lock 1"});
        held_ = held_ || pointer_ == 0;
      }
      last_ = actor;
      chooser.taken({actor, ordinal, 0, pointer_, footprint.accesses()});
      if (pending() != 0 && enabled() == 0) {
        ending.outcome = Outcome::deadlock;
        ending.blocked = pending();
        break;
      }
    }
    chooser.ended(*this);
    return ending;
  }
  Fingerprint final_fingerprint() const override { return fingerprint(); }
  std::string actor_name(ActorId actor) const override { return actor == 0 ? "owner" : "other"; }
  std::string_view op_name(OpCode) const override { return "step"; }
  void record_descriptions(bool) override {}
  std::string_view description(std::size_t) const override { return {}; }

 private:
  static constexpr ObjectId kPointer = 1;
  static constexpr ObjectId kLocks = 100;

  ActorSet pending() const override {
    return (owner_ < 2 ? set_of(0) : 0) | (other_ ? 0 : set_of(1));
  }
  ActorSet enabled() const override {
    const bool owner_can = owner_ == 1 || !held_;
    const bool other_can = pointer_ == 1 || !held_;
    return pending() & ((owner_can ? set_of(0) : 0) | (other_can ? set_of(1) : 0));
  }
  ActorId last() const override { return last_; }
  OpCode op(ActorId) const override { return 0; }
  void predict(ActorId actor, Footprint& out) const override {
    out.clear();
    if (actor == 1) {
      out.add(kPointer, Mode::read);
      out.add(kLocks + pointer_, Mode::acquire, /*decides=*/false);
    } else if (owner_ == 0) {
      out.add(kLocks, Mode::acquire, /*decides=*/false);
    } else {
      out.add(kPointer, Mode::write, /*decides=*/false);
      out.add(kLocks, Mode::release, /*decides=*/false);
    }
  }
  Fingerprint fingerprint() const override {
    return {owner_, pointer_ * 4 + (other_ ? 2U : 0U) + (held_ ? 1U : 0U)};
  }

  std::uint32_t owner_ = 0;
  bool other_ = false;
  std::uint64_t pointer_ = 1;
  bool held_ = false;  // lock 0
  ActorId last_ = kNoActor;
};

}  // namespace

TEST_CASE("explore: a race is reversed although its first step gives up what the second takes") {
  for (const Strategy strategy :
       {Strategy::naive, Strategy::dpor, Strategy::optimal, Strategy::stateful}) {
    INFO(to_string(strategy));
    PointedLock program;
    ExploreOptions options;
    options.strategy = strategy;
    options.stop_at_first_violation = false;
    options.deadlock_allowed = true;
    const ExploreResult result = explore(program, options);
    CHECK(result.complete);
    CHECK(result.violations > 0);
  }
}

}  // namespace unswept::tests
