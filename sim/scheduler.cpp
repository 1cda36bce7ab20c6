#include "sim/scheduler.h"

#include <algorithm>
#include <exception>
#include <ranges>
#include <utility>

#include "engine/os/knowledge.h"
#include "sim/actor.h"
#include "sim/check.h"
#include "sim/hash.h"

namespace unswept::sim {
namespace {

using model::ActorId;
using model::ActorSet;
using model::kNoActor;

constexpr bool watches(OpSet set, model::OpCode code) {
  return code < 64 && (set >> code & 1) != 0;
}

CallInfo info_of(const Call& call, ActorId actor) {
  CallInfo info;
  info.op = static_cast<Op>(call.code());
  info.actor = actor;
  info.process = call.process();
  return info;
}

std::vector<model::Access> as_set(std::span<const model::Access> accesses) {
  std::vector<model::Access> set(accesses.begin(), accesses.end());
  const auto key = [](const model::Access& access) {
    return std::pair(access.object, access.mode);
  };
  std::sort(set.begin(), set.end(), [&](auto& a, auto& b) { return key(a) < key(b); });
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

}  // namespace

Scheduler::Scheduler(StateLog& log, std::size_t stack_bytes)
    : log_(log), stacks_(stack_bytes), main_(fibers_) {}

Scheduler::~Scheduler() = default;

ActorId Scheduler::add(ActorOptions options, std::function<void()> body) {
  UNSWEPT_SIM_CHECK(actors_.size() < model::kActorsMax, "there are too many actors");
  const auto id = static_cast<ActorId>(actors_.size());
  auto actor = std::make_unique<Actor>(*this, id, std::move(options), std::move(body));
  actor->ends_with_step = actor->options.joinable;
  for (const ActorId earlier : actor->options.after) {
    UNSWEPT_SIM_CHECK(earlier < id, "an actor starts after actors that exist");
    actor->after |= model::set_of(earlier);
    actors_[earlier]->ends_with_step = true;
  }
  all_keep_to_stacks_ &= actor->options.keeps_to_its_stack;
  actors_.push_back(std::move(actor));
  return id;
}

void Scheduler::set_monitor(Monitor* monitor) {
  monitor_ = monitor;
  extended_ = monitor == nullptr ? 0 : monitor->extends();
  observed_ = monitor == nullptr ? 0 : monitor->observes();
}

// --- one step ------------------------------------------------------------------
//
// What is called from one place here is `inline`, so that the compiler does so: when a fiber goes
// on, the processor has forgotten where its calls return to, and each return is guessed wrong.

void Scheduler::submit(Call& call, bool may_throw) {
  if (repeats_at_once(call)) return repeat_step(*actors_[current_], call);
  if (current_ == kNoActor || in_step_) return run_at_once(call);
  if (unwinding_) return refuse(call, may_throw);
  Actor& actor = *actors_[current_];
  wait_with(actor, call);
  if (const ActorId next = next_to_go(); next != actor.id)
    switch_to(next);
  else if (paused_ != nullptr)
    switch_to(kNoActor);
  if (unwinding_) return refuse(call, may_throw);
  perform(actor, call);
}

void Scheduler::perform(Actor& actor, Call& call) {
  begin_step(actor);
  if (repeating_)
    repeat_step(actor, call);
  else
    take_step(actor, call);
}

void Scheduler::begin_step(Actor& actor) {
  const ActorSet self = model::set_of(actor.id);
  sets_.pending &= ~self;
  sets_.waiting &= ~self;
}

void Scheduler::wait_with(Actor& actor, Call& call) {
  actor.pending = &call;
  sets_.pending |= model::set_of(actor.id);
  if (!call.always_ready()) sets_.waiting |= model::set_of(actor.id);
}

// While an exception is in flight another one would end the program; the code that
// runs then (destructors) gets an error instead.
void Scheduler::refuse(Call& call, bool may_throw) {
  if (may_throw && std::uncaught_exceptions() == 0) throw Unwound();
  call.cancel();
}

void Scheduler::run_at_once(Call& call) {
  UNSWEPT_SIM_CHECK(call.always_ready() || call.ready(),
                    "a call outside of an actor's steps waits for nobody");
  UNSWEPT_SIM_CHECK(!repeating_, "outside of steps nothing is called when a world is rewound");
  scratch_.clear();
  Touch touch(scratch_, current_, call.process(), nullptr, nullptr, /*dry=*/false);
  call.run(touch);
}

void Scheduler::take_step(Actor& actor, Call& call) {
  if (checked_) predict(actor.id, predicted_);
  if (watches(extended_, call.code())) announce(actor, call);
  actor.pending = nullptr;
  if (taping_) {
    actor.last_step = tape_.size();
    tape_.record(actor.id, call.code(), log_.mark());
  }

  const bool observed = watches(observed_, call.code());
  if (observed) info_ = info_of(call, actor.id);
  footprint_.clear();
  Touch touch(footprint_, actor.id, call.process(), chooser_, observed ? &info_ : nullptr,
              /*dry=*/false);
  call.run(touch);
  if (watches(extended_, call.code()))
    for (const model::Access& access : announced_.accesses())
      footprint_.add(access.object, access.mode);
  if (checked_) check_prediction(call);
  if (observed) {
    info_.error = call.error();
    monitor_->after(info_);
  }
  if (taping_) call.keep(tape_.answers());
  report(actor, call);
}

// Whether the actor that runs takes the next step, too, as most often it does.
bool Scheduler::repeats_at_once(const Call& call) const {
  if (!repeating_ || in_prologue_ || repeated_ == kept_) return false;
  const Tape::Entry& step = tape_[repeated_];
  return step.actor == current_ && step.code == call.code();
}

// The state is that after all steps that are repeated: only what actors know has to be caught up
// with.
void Scheduler::repeat_step(Actor& actor, Call& call) {
  actor.pending = nullptr;
  actor.last_step = repeated_;
  const Tape::Entry& step = tape_[repeated_++];
  call.repeat(tape_.answers());
  actor.history = step.learnt;
  ++actor.ordinal;
  last_ = actor.id;
}

// What the monitor adds is a matter of the state before the step.
void Scheduler::announce(Actor& actor, Call& call) {
  scratch_.clear();
  announced_.clear();
  info_ = info_of(call, actor.id);
  Touch touch(scratch_, actor.id, call.process(), nullptr, &info_, /*dry=*/true);
  call.run(touch);
  info_.error = call.error();
  monitor_->extend(info_, announced_);
}

void Scheduler::check_prediction(const Call& call) {
  const auto touched = as_set(footprint_.accesses());
  const auto predicted = as_set(predicted_.accesses());
  if (touched == predicted) return;
  const std::string what = "a step touches what was predicted (" + std::to_string(touched.size()) +
                           " objects, not " + std::to_string(predicted.size()) +
                           "): " + call.describe();
  broken_invariant(what, __FILE__, __LINE__);
}

inline void Scheduler::report(Actor& actor, Call& call) {
  const std::uint64_t digest = call.digest();
  actor.history.add(mix(digest) + call.code());
  note_learnt(actor);
  last_ = actor.id;
  ++steps_;
  if (describing_) descriptions_.push_back(call.describe());
  chooser_->taken({actor.id, actor.ordinal++, call.code(), digest, footprint_.accesses()});
}

void Scheduler::predict(ActorId id, model::Footprint& out) const {
  const Actor& actor = *actors_[id];
  Call& call = *actor.pending;
  const bool extended = watches(extended_, call.code());
  CallInfo info;
  if (extended) info = info_of(call, id);
  out.clear();
  Touch touch(out, id, call.process(), nullptr, extended ? &info : nullptr, /*dry=*/true);
  call.run(touch);
  if (!extended) return;
  info.error = call.error();
  monitor_->extend(info, out);
}

std::string_view Scheduler::name(ActorId actor) const { return actors_.at(actor)->options.name; }

std::uint32_t Scheduler::steps_of(ActorId actor) const { return actors_.at(actor)->ordinal; }

model::OpCode Scheduler::op(ActorId actor) const { return actors_[actor]->pending->code(); }

// --- who goes on -----------------------------------------------------------------

inline void Scheduler::find_enabled() {
  enabled_ = sets_.pending & ~sets_.waiting;
  for (ActorSet rest = sets_.waiting; rest != 0; rest &= rest - 1) {
    const auto id = static_cast<ActorId>(__builtin_ctzll(rest));
    if (actors_[id]->pending->ready()) enabled_ |= model::set_of(id);
  }
}

ActorId Scheduler::next_to_go() {
  if (in_prologue_) {
    if (const ActorId next = begin_next(); next != kNoActor) return next;
    in_prologue_ = false;
  }
  return choose_next();
}

// The chosen actor waits, or else it runs this: then it waits for a moment, for its stack to be
// copied.  Where nobody else could have been chosen there is hardly a reason to come back: if
// somebody does so, he begins a step or two earlier.
inline void Scheduler::note_moment(ActorId next) {
  const bool waits = next != current_;
  if (!waits && (enabled_ & (enabled_ - 1)) == 0) return;
  moments_.add({next, last_, steps_, log_.mark(), sets_});
  Actor& actor = *actors_[next];
  if (waits)
    moments_.copy(actor, *actor.fiber);
  else
    paused_ = &actor;
}

// kNoActor: the run is over, and ending_ says how.
inline ActorId Scheduler::choose_next() {
  if (repeating_) {
    if (repeated_ < kept_) return repeat_next();
    repeating_ = false;
  }
  find_enabled();
  if (stopping_ || enabled_ == 0) return end_run();
  const ActorId next = chooser_->pick(*this);
  if (next == kNoActor) {
    ending_.outcome = model::Outcome::stopped;
    return kNoActor;
  }
  UNSWEPT_SIM_CHECK(model::contains(enabled_, next), "the chooser picks an enabled actor");
  if (copying_) note_moment(next);
  return next;
}

// An actor that now wants something else than before is no function of its answers.  The run is
// given up: that it ends before the steps it had in common with the last one is noticed.
ActorId Scheduler::repeat_next() {
  const Tape::Entry& step = tape_[repeated_];
  if (model::contains(sets_.pending, step.actor) && op(step.actor) == step.code) return step.actor;
  tape_.clear();
  repeating_ = false;
  ending_.outcome = model::Outcome::stopped;
  return kNoActor;
}

ActorId Scheduler::end_run() {
  if (stopping_) {
    ending_.outcome = model::Outcome::stopped;
  } else if (sets_.pending == 0) {
    ending_.outcome = model::Outcome::finished;
  } else {
    ending_.outcome = model::Outcome::deadlock;
    ending_.blocked = sets_.pending;
  }
  chooser_->ended(*this);
  return kNoActor;
}

// --- a run -----------------------------------------------------------------------

model::Ending Scheduler::run(model::Chooser& chooser) {
  UNSWEPT_SIM_CHECK(current_ == kNoActor && !in_prologue_, "runs do not nest");
  begin_run(chooser);
  if (const ActorId next = next_to_go(); next != kNoActor) switch_to(next);
  copy_stacks_of_paused();
  if (!copying_) unwind();
  chooser_ = nullptr;
  if (!violations_.empty()) ending_.violations = violations_;
  return std::move(ending_);
}

inline void Scheduler::begin_run(model::Chooser& chooser) {
  fibers_.adopt_thread();
  chooser_ = &chooser;
  ending_ = {};
  outside_random_ = 0;
  if (!std::exchange(put_back_, false)) begin_from_start();
}

void Scheduler::begin_from_start() {
  last_ = kNoActor;
  steps_ = 0;
  sets_ = {};
  enabled_ = 0;
  repeated_ = 0;
  begun_ = 0;
  in_prologue_ = true;
  copying_ = recording_ && !repeating_ && stacks_say_all();
  taping_ = recording_ && !copying_;
  for (const auto& actor : actors_) {
    if (actor->state == Actor::State::alive) actor->fiber = nullptr;  // it was left in the middle
    static_cast<ActorMoment&>(*actor) = {};
    actor->history.clear(actor->id);
  }
}

// The next actor that runs up to its first call; on the way, those that begin with a step are got
// ready for it.  kNoActor: all have begun.
ActorId Scheduler::begin_next() {
  while (begun_ < actors_.size()) {
    Actor& actor = *actors_[begun_++];
    if (actor.fiber == nullptr) make_fiber(actor);
    if (actor.options.spawned) continue;
    if (!actor.starts_with_step()) return actor.id;
    actor.state = Actor::State::starting;
    wait_with(actor, actor.start);
  }
  return kNoActor;
}

void Scheduler::make_fiber(Actor& actor) {
  const auto forever = [](void* argument) {
    Actor& self = *static_cast<Actor*>(argument);
    for (;;) self.scheduler.live(self);
  };
  actor.fiber = std::make_unique<Fiber>(fibers_, stacks_, forever, &actor);
}

// One life, on the actor's fiber.  Returns when the next one begins.
void Scheduler::live(Actor& actor) {
  if (actor.state == Actor::State::starting) perform(actor, actor.start);
  actor.state = Actor::State::alive;
  run_body(actor);
  actor.state = Actor::State::idle;
  leave(actor);
}

inline void Scheduler::run_body(Actor& actor) {
  try {
    actor.body();
  } catch (const Unwound&) {
    return;
  } catch (const std::exception& error) {
    violate("actor-threw", actor.options.name + ": " + error.what());
  } catch (...) {
    violate("actor-threw", actor.options.name + " threw something that is no std::exception");
  }
  if (monitor_ != nullptr && !unwinding_ && !repeating_) monitor_->ended(actor.id);
  if (actor.ends_with_step) submit_quietly(actor.end);
}

void Scheduler::leave(Actor&) { switch_to(unwinding_ ? kNoActor : next_to_go()); }

// Ends the fibers that are in the middle of something, the last one first: a helper looks at what
// its owner holds.
void Scheduler::unwind() {
  unwinding_ = true;
  for (const auto& actor : actors_ | std::views::reverse)
    if (actor->state == Actor::State::alive) switch_to(actor->id);
  unwinding_ = false;
}

// --- for code that runs on an actor ------------------------------------------------

std::uint64_t Scheduler::within_step(const std::function<std::uint64_t()>& body) {
  struct Inside {
    ~Inside() { flag = before; }
    bool& flag;
    bool before;
  } inside{in_step_, std::exchange(in_step_, true)};
  return body();
}

void Scheduler::spawn(ActorId id) {
  Actor& target = *actors_.at(id);
  UNSWEPT_SIM_CHECK(target.options.spawned, "what is spawned was added as `spawned`");
  SpawnCall call(*this, target);
  submit(call);
}

void Scheduler::join(ActorId id) {
  const Actor& target = *actors_.at(id);
  UNSWEPT_SIM_CHECK(target.ends_with_step, "what is joined was added as `joinable`");
  const auto ready = [&] { return model::contains(sets_.ended, id); };
  const auto run = [&](Touch& touch) {
    touch.use(object(ObjectKind::actor_end, id), model::Mode::acquire_shared);
    return Nothing{};
  };
  const auto describe = [&] { return "join " + target.options.name; };
  WaitingCallOf<Nothing, decltype(ready), decltype(run), decltype(describe)> call(
      Op::join, current_process(), ready, run, describe);
  submit(call);
}

// What an actor knows after a step that is repeated is on the tape, whatever it forgets until its
// next one.
void Scheduler::forget() {
  if (current_ == kNoActor) return;
  Actor& actor = *actors_[current_];
  ++actor.operations;
  actor.random = 0;
  if (knows_already()) return;
  actor.history.clear(std::uint64_t{actor.operations} << 32 | actor.id);
  note_learnt(actor);
}

void Scheduler::remember(std::uint64_t value) {
  if (current_ == kNoActor || knows_already()) return;
  Actor& actor = *actors_[current_];
  actor.history.add(mix(value));
  note_learnt(actor);
}

void Scheduler::know_only(const os::Gist& gist) {
  if (!wants_knowledge()) return;
  Actor& actor = *actors_[current_];
  actor.history.clear(std::uint64_t{actor.operations} << 32 | actor.id);
  actor.history.add(gist.high());
  actor.history.add(gist.low());
  actor.history.add(mix(actor.random));
  note_learnt(actor);
}

void Scheduler::note_learnt(const Actor& actor) {
  if (taping_ && actor.last_step < tape_.size()) tape_.set_learnt(actor.last_step, actor.history);
}

// Numbers come per actor and operation, so that actors do not disturb each other.
std::uint64_t Scheduler::random() {
  Digest digest;
  if (current_ == kNoActor) {
    digest << ~std::uint64_t{0} << outside_random_++;
  } else {
    Actor& actor = *actors_[current_];
    digest << actor.id << actor.operations << actor.random++;
  }
  return digest.value();
}

void Scheduler::point(const os::Point& point, std::string_view detail) {
  if (monitor_ != nullptr && current_ != kNoActor && !unwinding_)
    monitor_->point(current_, point, detail);
}

void Scheduler::violate(std::string promise, std::string explanation) {
  if (unwinding_ || repeating_) return;
  violations_.push_back({std::move(promise), std::move(explanation)});
  log_.changed({[](const StateLog::Change& change) {
                  reinterpret_cast<Scheduler*>(change.a)->violations_.pop_back();
                },
                nullptr, reinterpret_cast<std::uintptr_t>(this), 0, 0});
}

void Scheduler::stop() {
  if (stopping_) return;
  stopping_ = true;
  log_.changed({[](const StateLog::Change& change) {
                  reinterpret_cast<Scheduler*>(change.a)->stopping_ = false;
                },
                nullptr, reinterpret_cast<std::uintptr_t>(this), 0, 0});
}

// States are compared: from now on actors are to say what they know.
model::Fingerprint Scheduler::fingerprint() const {
  fingerprints_wanted_ = true;
  model::Fingerprint sum = log_.fingerprint();
  for (const auto& actor : actors_) {
    const bool has_ended = model::contains(sets_.ended, actor->id);
    sum = sum + (WideDigest() << actor->id << actor->history.high() << actor->history.low()
                              << static_cast<std::uint64_t>(actor->state) << has_ended)
                    .value();
  }
  return sum;
}

}  // namespace unswept::sim
