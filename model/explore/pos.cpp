#include "model/explore/pos.h"

namespace unswept::model {

void Pos::begin(Random&) {
  pending_.begin();
  drawn_ = 0;
}

ActorId Pos::pick(const Situation& situation, ActorSet candidates, Random& random) {
  const ActorSet enabled = situation.enabled();
  drawn_ &= enabled;  // a step that has to wait gets another priority afterwards
  const bool alone = enabled == (enabled & (~enabled + 1));
  for (ActorSet rest = enabled; rest != 0; rest &= rest - 1) {
    const ActorId actor = member(rest, 0);
    if (!contains(drawn_, actor)) priorities_[actor] = random.next();
    // Races are with what a step would have touched before the other was taken.
    if (!alone) pending_.of(actor, situation);
  }
  drawn_ = enabled;
  ActorId best = member(candidates, 0);
  for (ActorSet rest = candidates; rest != 0; rest &= rest - 1) {
    const ActorId actor = member(rest, 0);
    if (priorities_[actor] > priorities_[best]) best = actor;
  }
  return best;
}

void Pos::taken(const Step& step, Random&) {
  drawn_ &= ~(set_of(step.actor) | pending_.conflicting(step));
}

std::string Pos::guarantee(const WalkFigures&) const {
  return "every order of conflicting steps has a chance, which steps that conflict with nothing do "
         "not lessen";
}

}  // namespace unswept::model
