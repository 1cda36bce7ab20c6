#include "sim/mutexes.h"

#include "sim/check.h"
#include "sim/hash.h"

namespace unswept::sim {

using Change = StateLog::Change;

model::Fingerprint MutexState::contribution() const {
  if (!held) return {};
  return (WideDigest() << object << holder).value();
}

Mutexes::Mutexes(StateLog& log) : log_(log), by_creator_(model::kActorsMax + 1) {}

MutexState& Mutexes::make(CreatorId creator, std::string_view name) {
  if (given_ < made_.size()) return *made_[given_++];
  if (unused_.empty()) unused_.push_back(&states_.emplace_back());
  MutexState& mutex = *unused_.back();
  unused_.pop_back();
  auto& mine = by_creator_[creator];
  mutex.object = object(ObjectKind::mutex, static_cast<std::uint64_t>(creator) << 32 | mine.size());
  mutex.name.assign(name);
  mutex.held = false;
  mine.push_back(&mutex);
  made_.push_back(&mutex);
  given_ = made_.size();
  log_.changed({[](const Change& change) {
                  auto* self = reinterpret_cast<Mutexes*>(change.a);
                  self->by_creator_[change.b].pop_back();
                  self->made_.pop_back();
                  self->given_ = self->made_.size();
                  self->unused_.push_back(static_cast<MutexState*>(change.part));
                },
                &mutex, reinterpret_cast<std::uintptr_t>(this), creator, 0});
  return mutex;
}

void Mutexes::set(MutexState& mutex, bool held, model::ActorId holder) {
  log_.changed({[](const Change& change) {
                  auto& undone = *static_cast<MutexState*>(change.part);
                  undone.held = change.a != 0;
                  undone.holder = static_cast<model::ActorId>(change.b);
                },
                &mutex, mutex.held, mutex.holder, 0});
  mutex.held = held;
  mutex.holder = holder;
}

void Mutexes::lock(Touch& touch, MutexState& mutex) {
  touch.use(mutex.object, model::Mode::acquire);
  if (touch.dry()) return;
  UNSWEPT_SIM_CHECK(!mutex.held, "a mutex that is locked is free");
  set(mutex, true, touch.actor());
}

bool Mutexes::try_lock(Touch& touch, MutexState& mutex) {
  touch.use(mutex.object, mutex.held ? model::Mode::read : model::Mode::write);
  if (mutex.held) return false;
  if (!touch.dry()) set(mutex, true, touch.actor());
  return true;
}

void Mutexes::unlock(Touch& touch, MutexState& mutex) {
  touch.use(mutex.object, model::Mode::release);
  if (touch.dry()) return;
  UNSWEPT_SIM_CHECK(mutex.held, "a mutex that is unlocked is held");
  set(mutex, false, model::kNoActor);
}

std::vector<const MutexState*> Mutexes::all_held() const {
  std::vector<const MutexState*> held;
  for (const auto& mine : by_creator_)
    for (const MutexState* mutex : mine)
      if (mutex->held) held.push_back(mutex);
  return held;
}

}  // namespace unswept::sim
