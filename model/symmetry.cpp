#include "model/symmetry.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "model/dependence.h"
#include "model/explore/mix.h"
#include "model/turn_objects.h"

namespace unswept::model {
namespace {

/// Enough to find out where two actors meet; a run may go round in circles.
constexpr std::size_t kSoloStepsMax = 10'000;

/// Lets one actor go first, and keeps what its steps touch.
class SoloRun final : public Chooser {
 public:
  explicit SoloRun(ActorId actor) : actor_(actor) {}

  const std::vector<Footprint>& footprints() const { return footprints_; }

  ActorId pick(const Situation& situation) override {
    if (++steps_ > kSoloStepsMax) return kNoActor;
    if (contains(situation.enabled(), actor_)) return actor_;
    return lowest(situation.enabled());
  }
  std::uint32_t choose(ActorId, ChoiceKind, std::uint32_t) override { return 0; }
  void taken(const Step& step) override {
    if (step.actor != actor_) return;
    Footprint& footprint = footprints_.emplace_back();
    for (const Access& access : step.footprint)
      footprint.add(access.object, access.mode, access.decides);
  }

 private:
  ActorId actor_;
  std::size_t steps_ = 0;
  std::vector<Footprint> footprints_;
};

}  // namespace

std::uint32_t first_rivalry(Program& program, ActorId one, ActorId other) {
  SoloRun first(one);
  (void)program.run(first);
  SoloRun second(other);
  (void)program.run(second);
  const std::size_t steps = std::min(first.footprints().size(), second.footprints().size());
  const Dependence dependence;
  for (std::size_t i = 0; i < steps; ++i)
    if (dependence.dependent(first.footprints()[i].accesses(), second.footprints()[i].accesses()))
      return static_cast<std::uint32_t>(i);
  return 0;
}

// --- Turns -------------------------------------------------------------------------------------

Turns::Turns(const std::vector<Interchangeable>& classes) {
  for (const Interchangeable& same : classes)
    for (std::size_t i = 0; i < same.actors.size(); ++i) {
      Member& member = members_[same.actors[i]];
      assert(!member.waits_for_turn && (i == 0 || same.actors[i - 1] < same.actors[i]));
      member = {true, same.turn, i > 0 ? same.actors[i - 1] : kNoActor,
                i + 1 < same.actors.size() ? same.actors[i + 1] : kNoActor, 0};
      known_ |= set_of(same.actors[i]);
    }
  rewind(0);
}

bool Turns::is_held_back(ActorId actor) const {
  const Member& member = members_[actor];
  return is_at_turn(actor) && member.before != kNoActor &&
         members_[member.before].ordinal <= member.turn;
}

void Turns::look_again(ActorId actor) {
  held_back_ &= ~set_of(actor);
  if (is_held_back(actor)) held_back_ |= set_of(actor);
}

void Turns::add_turn(ActorId actor, Footprint& footprint) const {
  const Member& member = members_[actor];
  if (member.before != kNoActor) footprint.add(turn_object(actor), Mode::acquire);
  if (member.behind != kNoActor) footprint.add(turn_object(member.behind), Mode::release);
}

/// How far members are from their turns is no part of their program's state.
Fingerprint Turns::added_to(Fingerprint state) const {
  for (ActorSet rest = known_; rest != 0; rest &= rest - 1) {
    const Member& member = members_[lowest(rest)];
    const std::uint64_t place = mix(lowest(rest) + 1) ^ std::min(member.ordinal, member.turn + 1);
    state.high += mix(place);
    state.low += mix(~place);
  }
  return state;
}

Step Turns::taken(const Step& step) {
  takers_.push_back(step.actor);
  Member& member = members_[step.actor];
  if (!member.waits_for_turn) return step;
  Step extended = step;
  if (is_at_turn(step.actor)) {
    extended_.clear();
    for (const Access& access : step.footprint)
      extended_.add(access.object, access.mode, access.decides);
    add_turn(step.actor, extended_);
    extended.footprint = extended_.accesses();
  }
  ++member.ordinal;
  look_again(step.actor);
  if (member.behind != kNoActor) look_again(member.behind);
  return extended;
}

void Turns::rewind(std::size_t steps) {
  for (; takers_.size() > steps; takers_.pop_back())
    if (contains(known_, takers_.back())) --members_[takers_.back()].ordinal;
  for (ActorSet rest = known_; rest != 0; rest &= rest - 1) look_again(lowest(rest));
}

// --- TurnKeeper --------------------------------------------------------------------------------

/// Where all that could go on are held back, those in front of them will never take their turn: the
/// runs that go on from here are exchanged ones of others.
ActorId TurnKeeper::pick(const Situation& situation) {
  inner_ = &situation;
  if (enabled() != 0) return explorer_.pick(*this);
  explorer_.ended(*this);
  return kNoActor;
}

void TurnKeeper::ended(const Situation& situation) {
  inner_ = &situation;
  explorer_.ended(*this);
}

// --- TakenInTurn -------------------------------------------------------------------------------

Ending TakenInTurn::run(Chooser& chooser) {
  if (!std::exchange(rewound_, false)) turns_.rewind(0);
  TurnKeeper keeper(turns_, chooser);
  return program_.run(keeper);
}

std::size_t TakenInTurn::rewind(std::size_t steps) {
  const std::size_t kept = program_.rewind(steps);
  rewound_ = kept != 0;
  turns_.rewind(kept);
  return kept;
}

}  // namespace unswept::model
