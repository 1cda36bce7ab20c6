#include "sim/actor.h"

#include "sim/check.h"

namespace unswept::sim {

Scheduler::StartCall::StartCall(const Scheduler& scheduler, const Actor& actor)
    : Call(sim::code(Op::start), ProcessId{}, Waits::perhaps),
      scheduler_(scheduler),
      actor_(actor) {}

bool Scheduler::StartCall::ready() const {
  return (scheduler_.sets_.ended & actor_.after) == actor_.after;
}

void Scheduler::StartCall::run(Touch& touch) {
  if (actor_.options.spawned)
    touch.use(object(ObjectKind::actor_start, actor_.id), model::Mode::acquire);
  for (const model::ActorId earlier : actor_.options.after)
    touch.use(object(ObjectKind::actor_end, earlier), model::Mode::acquire_shared);
}

Scheduler::EndCall::EndCall(Scheduler& scheduler, const Actor& actor)
    : Call(sim::code(Op::end), ProcessId{}), scheduler_(scheduler), actor_(actor) {}

void Scheduler::EndCall::run(Touch& touch) {
  touch.use(object(ObjectKind::actor_end, actor_.id), model::Mode::release);
  if (!touch.dry()) scheduler_.sets_.ended |= model::set_of(actor_.id);
}

void Scheduler::EndCall::repeat(Answers&) { scheduler_.sets_.ended |= model::set_of(actor_.id); }

Scheduler::SpawnCall::SpawnCall(Scheduler& scheduler, Actor& target)
    : Call(sim::code(Op::spawn), scheduler.current_process()),
      scheduler_(scheduler),
      target_(target) {}

void Scheduler::SpawnCall::run(Touch& touch) {
  touch.use(object(ObjectKind::actor_start, target_.id), model::Mode::release);
  if (touch.dry()) return;
  UNSWEPT_SIM_CHECK(target_.state == Actor::State::idle && target_.ordinal == 0,
                    "an actor is spawned once");
  scheduler_.log_.changed(
      {&Scheduler::unspawn, nullptr, reinterpret_cast<std::uintptr_t>(&target_), 0, 0});
  target_.state = Actor::State::starting;
  scheduler_.wait_with(target_, target_.start);
}

// One that was left in the middle of its body stays so, until its fiber is made anew.
void Scheduler::unspawn(const StateLog::Change& spawn) {
  auto& target = *reinterpret_cast<Actor*>(spawn.a);
  if (target.state == Actor::State::starting) target.state = Actor::State::idle;
}

void Scheduler::SpawnCall::repeat(Answers&) {
  target_.state = Actor::State::starting;
  scheduler_.wait_with(target_, target_.start);
}

std::string Scheduler::SpawnCall::describe() const { return "spawn " + target_.options.name; }

}  // namespace unswept::sim
