// tests/model/toy_program.h: ten-line programs as tables, to explore without fibers.
//
// An actor is a list of instructions over shared variables, locks and its own
// registers.  Instructions that touch nothing shared (jumps, arithmetic,
// assertions) belong to the step before them.  Some steps find out in the store
// what they touch: load_at and store_at go through a pointer variable in one step,
// as a path lookup does.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/program.h"

namespace unswept::tests {

using model::Access;
using model::ActorId;
using model::ActorSet;
using model::Mode;
using model::ObjectId;

enum class Op : std::uint8_t {
  // Steps.  a, b, c as given; r = register, v = variable, l = lock, k = constant.
  load,          // r[a] = v[b]
  store,         // v[a] = k b
  store_sum,     // v[a] = r[b] + k c
  fetch_add,     // r[a] = v[b]; v[b] += k c
  compare_swap,  // r[a] = (v[b] == 0); if so v[b] = k c
  swap_slot,     // r[a] = (v[r[b]] == 0); if so v[r[b]] = k c
  load_slot,     // r[a] = v[r[b] + k c]
  store_slot,    // v[r[a] + k c] = k b
  bump,          // v[a] += k b, blindly
  load_at,       // r[a] = v[k c + v[b] mod 3], in one step
  store_at,      // v[k c + v[a] mod 3] = k b, in one step
  lock,          // l[a]
  unlock,
  lock_shared,
  unlock_shared,
  try_lock,   // r[a] = got l[b]
  lock_slot,  // l[r[a] + k c]
  unlock_slot,
  await,        // until v[a] == k b
  pick_number,  // r[a] = one of k b
  pick_below,   // r[a] = one of 2 + (v[b] mod 2)
  pick_store,   // v[k c + one of k a] = k b
  spawn,        // actor a
  exit,         // the actor's last step; lets join pass
  join,         // actor a
  // Not steps.
  first_local,
  set_sum = first_local,  // r[a] = r[b] + k c
  add,                    // r[a] = r[a] + r[b]
  set_modulo,             // r[a] = r[a] mod k b
  jump,                   // to instruction k a
  jump_if,                // to instruction k a if r[b] == k c
  jump_unless,            // ... if not
  check,                  // promise broken unless r[a] == k b
};

struct Instruction {
  Op op;
  std::int32_t a = 0;
  std::int32_t b = 0;
  std::int32_t c = 0;
};

struct ToyText {
  std::vector<std::vector<Instruction>> actors;
  std::size_t variables = 1;
  std::size_t locks = 0;
  ActorSet spawned = 0;  // do not run from the start
  std::vector<std::int32_t> initial = {};
  bool stop_at_violation = false;
  bool registers_dead = false;  // nobody looks at them again: they are no part of the state
};

class ToyProgram final : public model::Program, private model::Situation {
 public:
  explicit ToyProgram(ToyText text) : text_(std::move(text)) {
    text_.initial.resize(text_.variables);
  }

  /// For tests of the tests: an access left out of every footprint.
  void forget(Access access) { forgotten_ = access; }
  /// For tests of determinism: a value that survives from run to run.
  void leak_runs_into(std::int32_t variable) { leak_ = variable; }

  model::Ending run(model::Chooser& chooser) override;
  std::size_t rewind(std::size_t steps) override;
  model::Fingerprint final_fingerprint() const override { return fingerprint(); }
  std::string actor_name(ActorId actor) const override { return "actor" + std::to_string(actor); }
  std::string_view op_name(model::OpCode op) const override;
  void record_descriptions(bool on) override { describe_ = on; }
  std::string_view description(std::size_t step) const override { return descriptions_.at(step); }

  std::int32_t variable(std::size_t index) const { return variables_[index]; }

 private:
  static constexpr std::size_t kRegisters = 6;
  static constexpr ObjectId kLockBase = 1'000'000;
  static constexpr ObjectId kLifeBase = 2'000'000;
  struct Lock {
    std::int32_t holder = -1;
    std::uint32_t readers = 0;
    bool operator==(const Lock&) const = default;
  };
  struct Actor {
    std::size_t pc = 0;
    std::uint32_t ordinal = 0;
    std::array<std::int32_t, kRegisters> r{};
    bool running = false;
    bool exited = false;
  };

  /// Before a step; what rewind() goes back to.
  struct Snapshot {
    std::vector<std::int32_t> variables;
    std::vector<Lock> locks;
    std::vector<Actor> actors;
    ActorId last = model::kNoActor;
    model::Ending ending;
  };

  ActorSet enabled() const override { return enabled_; }
  ActorSet pending() const override { return pending_; }
  ActorId last() const override { return last_; }
  model::OpCode op(ActorId actor) const override {
    return static_cast<model::OpCode>(instruction(actor).op);
  }
  void predict(ActorId actor, model::Footprint& out) const override;
  model::Fingerprint fingerprint() const override;

  void restore();
  void take_snapshot();
  /// Who has a next step, and who can take it.
  void look_around();
  const Instruction& instruction(ActorId actor) const {
    return text_.actors[actor][actors_[actor].pc];
  }
  bool has_step(ActorId actor) const {
    return actors_[actor].running && actors_[actor].pc < text_.actors[actor].size();
  }
  bool can_go_on(ActorId actor) const;
  static std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }
  std::size_t pointed(std::int32_t pointer, std::int32_t base) const {
    return at(base) + static_cast<std::uint32_t>(variables_[at(pointer)]) % 3;
  }
  void touch(model::Footprint& out, ObjectId object, Mode mode, bool decides) const {
    if (forgotten_.object != object || forgotten_.mode != mode) out.add(object, mode, decides);
  }
  /// The step's footprint now; `outcome` < 0 stands for all outcomes.
  void footprint(ActorId actor, std::int64_t outcome, model::Footprint& out) const;
  /// How many outcomes the step has; 1 if it asks nothing.
  std::uint32_t outcomes(ActorId actor) const;
  std::int32_t perform(ActorId actor, std::uint32_t outcome);
  void run_locals(ActorId actor);

  ToyText text_;
  Access forgotten_{~ObjectId{0}, Mode::read};
  std::int32_t leak_ = -1;
  std::int32_t runs_ = 0;
  bool describe_ = false;
  std::vector<std::int32_t> variables_;
  std::vector<Lock> locks_;
  std::vector<Actor> actors_;
  ActorId last_ = model::kNoActor;
  ActorSet pending_ = 0;
  ActorSet enabled_ = 0;
  model::Ending ending_;
  model::Footprint touched_;
  std::vector<std::string> descriptions_;

  std::vector<Snapshot> snapshots_;  // of the last run, and memory for longer ones
  std::size_t steps_ = 0;            // of the last run
  bool keeps_snapshots_ = false;     // from the first rewind() on
  bool rewound_ = false;
};

inline void ToyProgram::restore() {
  variables_ = text_.initial;
  if (leak_ >= 0) variables_[at(leak_)] = runs_;
  ++runs_;
  locks_.assign(text_.locks, {});
  actors_.assign(text_.actors.size(), {});
  last_ = model::kNoActor;
  steps_ = 0;
  ending_ = {};
  descriptions_.clear();
  for (ActorId actor = 0; actor < actors_.size(); ++actor) {
    actors_[actor].running = !model::contains(text_.spawned, actor);
    run_locals(actor);
  }
}

inline void ToyProgram::take_snapshot() {
  if (snapshots_.size() == steps_) snapshots_.emplace_back();
  Snapshot& snapshot = snapshots_[steps_++];
  snapshot.variables = variables_;
  snapshot.locks = locks_;
  snapshot.actors = actors_;
  snapshot.last = last_;
  snapshot.ending = ending_;
}

inline std::size_t ToyProgram::rewind(std::size_t steps) {
  const bool possible = keeps_snapshots_ && steps_ != 0 && leak_ < 0;
  const std::size_t kept = possible ? std::min(steps, steps_ - 1) : 0;
  keeps_snapshots_ |= steps != 0;
  steps_ = kept;
  rewound_ = kept != 0;
  if (kept == 0) return 0;
  const Snapshot& snapshot = snapshots_[kept];
  variables_ = snapshot.variables;
  locks_ = snapshot.locks;
  actors_ = snapshot.actors;
  last_ = snapshot.last;
  ending_ = snapshot.ending;
  if (describe_) descriptions_.resize(kept);
  return kept;
}

inline model::Ending ToyProgram::run(model::Chooser& chooser) {
  if (!std::exchange(rewound_, false)) restore();
  for (look_around(); pending_ != 0; look_around()) {
    if (enabled_ == 0) {
      ending_.outcome = model::Outcome::deadlock;
      ending_.blocked = pending_;
      break;
    }
    const ActorId actor = chooser.pick(*this);
    if (actor == model::kNoActor) {
      ending_.outcome = model::Outcome::stopped;
      return ending_;
    }
    const std::uint32_t count = outcomes(actor);
    const std::uint32_t outcome =
        count > 1 ? chooser.choose(actor, model::ChoiceKind::data, count) : 0;
    if (keeps_snapshots_) take_snapshot();
    footprint(actor, outcome, touched_);
    const model::OpCode code = op(actor);
    const std::int32_t result = perform(actor, outcome);
    last_ = actor;
    if (describe_)
      descriptions_.push_back(std::string(op_name(code)) + " -> " + std::to_string(result));
    chooser.taken({actor, actors_[actor].ordinal++, code, static_cast<std::uint32_t>(result),
                   touched_.accesses()});
    run_locals(actor);
    if (text_.stop_at_violation && !ending_.violations.empty()) {
      ending_.outcome = model::Outcome::stopped;
      look_around();
      break;
    }
  }
  chooser.ended(*this);
  return ending_;
}

inline void ToyProgram::look_around() {
  pending_ = enabled_ = 0;
  for (ActorId actor = 0; actor < actors_.size(); ++actor) {
    if (!has_step(actor)) continue;
    pending_ |= model::set_of(actor);
    if (can_go_on(actor)) enabled_ |= model::set_of(actor);
  }
}

inline bool ToyProgram::can_go_on(ActorId actor) const {
  const Instruction& i = instruction(actor);
  const auto& r = actors_[actor].r;
  const auto free = [](const Lock& lock) { return lock.holder < 0 && lock.readers == 0; };
  switch (i.op) {
    case Op::lock:
      return free(locks_[at(i.a)]);
    case Op::lock_slot:
      return free(locks_[at(r[at(i.a)] + i.c)]);
    case Op::lock_shared:
      return locks_[at(i.a)].holder < 0;
    case Op::await:
      return variables_[at(i.a)] == i.b;
    case Op::join:
      return actors_[at(i.a)].exited;
    default:
      return true;
  }
}

inline std::uint32_t ToyProgram::outcomes(ActorId actor) const {
  const Instruction& i = instruction(actor);
  switch (i.op) {
    case Op::pick_number:
      return static_cast<std::uint32_t>(i.b);
    case Op::pick_below:
      return 2 + static_cast<std::uint32_t>(variables_[at(i.b)]) % 2;
    case Op::pick_store:
      return static_cast<std::uint32_t>(i.a);
    default:
      return 1;
  }
}

inline void ToyProgram::predict(ActorId actor, model::Footprint& out) const {
  footprint(actor, -1, out);
}

inline void ToyProgram::footprint(ActorId actor, std::int64_t outcome,
                                  model::Footprint& out) const {
  out.clear();
  const Instruction& i = instruction(actor);
  const auto& r = actors_[actor].r;
  const auto variable = [&](std::size_t index, Mode mode, bool decides = false) {
    touch(out, index, mode, decides);
  };
  const auto lock = [&](std::int32_t index, Mode mode, bool decides = false) {
    touch(out, kLockBase + at(index), mode, decides);
  };
  const auto life = [&](std::size_t who, Mode mode) {
    touch(out, kLifeBase + who, mode, /*decides=*/true);
  };
  switch (i.op) {
    case Op::load:
      return variable(at(i.b), Mode::read);
    case Op::store:
    case Op::store_sum:
      return variable(at(i.a), Mode::write);
    case Op::fetch_add:
      return variable(at(i.b), Mode::write);
    case Op::compare_swap:
      return variable(at(i.b), variables_[at(i.b)] == 0 ? Mode::write : Mode::read,
                      /*decides=*/true);
    case Op::swap_slot:
      return variable(at(r[at(i.b)]), variables_[at(r[at(i.b)])] == 0 ? Mode::write : Mode::read,
                      /*decides=*/true);
    case Op::load_slot:
      return variable(at(r[at(i.b)] + i.c), Mode::read);
    case Op::store_slot:
      return variable(at(r[at(i.a)] + i.c), Mode::write);
    case Op::bump:
      return variable(at(i.a), Mode::add);
    case Op::load_at:
      variable(at(i.b), Mode::read, /*decides=*/true);
      return variable(pointed(i.b, i.c), Mode::read);
    case Op::store_at:
      variable(at(i.a), Mode::read, /*decides=*/true);
      return variable(pointed(i.a, i.c), Mode::write);
    case Op::lock:
      return lock(i.a, Mode::acquire, /*decides=*/locks_[at(i.a)].readers > 1);
    case Op::lock_slot:
      return lock(r[at(i.a)] + i.c, Mode::acquire);
    case Op::unlock:
      return lock(i.a, Mode::release);
    case Op::unlock_slot:
      return lock(r[at(i.a)] + i.c, Mode::release);
    case Op::lock_shared:
      return lock(i.a, Mode::acquire_shared);
    case Op::unlock_shared:
      return lock(i.a, Mode::release_shared);
    case Op::try_lock:
      return lock(i.b, locks_[at(i.b)] == Lock{} ? Mode::write : Mode::read, /*decides=*/true);
    case Op::await:
      return variable(at(i.a), Mode::acquire, /*decides=*/true);
    case Op::pick_below:
      return variable(at(i.b), Mode::read, /*decides=*/true);
    case Op::pick_store:
      for (std::int32_t k = 0; k < i.a; ++k)
        if (outcome < 0 || outcome == k) variable(at(i.c + k), Mode::write);
      return;
    case Op::spawn:
      return life(at(i.a), Mode::write);
    case Op::exit:
      return life(actor, Mode::release);
    case Op::join:
      return life(at(i.a), Mode::acquire_shared);
    default:
      return;
  }
}

inline std::int32_t ToyProgram::perform(ActorId actor, std::uint32_t outcome) {
  const Instruction i = instruction(actor);
  Actor& self = actors_[actor];
  auto& r = self.r;
  auto& v = variables_;
  const auto drawn = static_cast<std::int32_t>(outcome);
  const auto swap = [&](std::size_t slot) {
    const bool won = v[slot] == 0;
    if (won) v[slot] = i.c;
    return r[at(i.a)] = won;
  };
  ++self.pc;
  switch (i.op) {
    case Op::load:
      return r[at(i.a)] = v[at(i.b)];
    case Op::store:
      v[at(i.a)] = i.b;
      return 0;
    case Op::store_sum:
      v[at(i.a)] = r[at(i.b)] + i.c;
      return 0;
    case Op::fetch_add:
      r[at(i.a)] = v[at(i.b)];
      v[at(i.b)] += i.c;
      return r[at(i.a)];
    case Op::compare_swap:
      return swap(at(i.b));
    case Op::swap_slot:
      return swap(at(r[at(i.b)]));
    case Op::load_slot:
      return r[at(i.a)] = v[at(r[at(i.b)] + i.c)];
    case Op::store_slot:
      v[at(r[at(i.a)] + i.c)] = i.b;
      return 0;
    case Op::bump:
      v[at(i.a)] += i.b;
      return 0;
    case Op::load_at:
      return r[at(i.a)] = v[pointed(i.b, i.c)];
    case Op::store_at:
      v[pointed(i.a, i.c)] = i.b;
      return 0;
    case Op::lock:
      locks_[at(i.a)].holder = static_cast<std::int32_t>(actor);
      return 0;
    case Op::lock_slot:
      locks_[at(r[at(i.a)] + i.c)].holder = static_cast<std::int32_t>(actor);
      return 0;
    case Op::unlock:
      if (locks_[at(i.a)].holder == static_cast<std::int32_t>(actor)) locks_[at(i.a)].holder = -1;
      return 0;
    case Op::unlock_slot:
      locks_[at(r[at(i.a)] + i.c)].holder = -1;
      return 0;
    case Op::lock_shared:
      ++locks_[at(i.a)].readers;
      return 0;
    case Op::unlock_shared:
      if (locks_[at(i.a)].readers > 0) --locks_[at(i.a)].readers;
      return 0;
    case Op::try_lock: {
      Lock& lock = locks_[at(i.b)];
      const bool won = lock == Lock{};
      if (won) lock.holder = static_cast<std::int32_t>(actor);
      return r[at(i.a)] = won;
    }
    case Op::pick_number:
    case Op::pick_below:
      return r[at(i.a)] = drawn;
    case Op::pick_store:
      v[at(i.c + drawn)] = i.b;
      return drawn;
    case Op::spawn:
      actors_[at(i.a)].running = true;
      return 0;
    case Op::exit:
      self.exited = true;
      return 0;
    default:
      return 0;
  }
}

inline void ToyProgram::run_locals(ActorId actor) {
  Actor& self = actors_[actor];
  auto& r = self.r;
  while (self.pc < text_.actors[actor].size() && instruction(actor).op >= Op::first_local) {
    const Instruction& i = instruction(actor);
    ++self.pc;
    switch (i.op) {
      case Op::set_sum:
        r[at(i.a)] = r[at(i.b)] + i.c;
        break;
      case Op::add:
        r[at(i.a)] += r[at(i.b)];
        break;
      case Op::set_modulo:
        r[at(i.a)] %= i.b;
        break;
      case Op::jump:
        self.pc = at(i.a);
        break;
      case Op::jump_if:
        if (r[at(i.b)] == i.c) self.pc = at(i.a);
        break;
      case Op::jump_unless:
        if (r[at(i.b)] != i.c) self.pc = at(i.a);
        break;
      case Op::check:
        if (r[at(i.a)] != i.b)
          ending_.violations.push_back(
              {"check", "actor " + std::to_string(actor) + " at " + std::to_string(self.pc - 1)});
        break;
      default:
        break;
    }
  }
}

inline model::Fingerprint ToyProgram::fingerprint() const {
  model::Fingerprint print;
  const auto feed = [&](std::uint64_t x) {
    print.low = (print.low ^ x) * 0x9e3779b97f4a7c15;
    print.low ^= print.low >> 29;
    print.high = (print.high + x) * 0xbf58476d1ce4e5b9;
    print.high ^= print.high >> 31;
  };
  for (const std::int32_t value : variables_) feed(static_cast<std::uint32_t>(value));
  for (const Lock& lock : locks_)
    feed(static_cast<std::uint32_t>(lock.holder) + 77ULL * lock.readers);
  for (const Actor& actor : actors_) {
    feed(actor.pc);
    if (text_.registers_dead) continue;
    for (const std::int32_t value : actor.r) feed(static_cast<std::uint32_t>(value));
  }
  return print;
}

inline std::string_view ToyProgram::op_name(model::OpCode op) const {
  static constexpr std::array<std::string_view, 25> names{
      "load",       "store",      "store_sum",   "fetch_add",   "compare_swap",
      "swap_slot",  "load_slot",  "store_slot",  "bump",        "load_at",
      "store_at",   "lock",       "unlock",      "lock_shared", "unlock_shared",
      "try_lock",   "lock_slot",  "unlock_slot", "await",       "pick_number",
      "pick_below", "pick_store", "spawn",       "exit",        "join"};
  return names.at(op);
}

}  // namespace unswept::tests
