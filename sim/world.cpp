#include "sim/world.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "sim/check.h"
#include "sim/machine.h"
#include "sim/process_system.h"

namespace unswept::sim {
namespace {

/// World::step().
class OwnStep final : public Call {
 public:
  OwnStep(Machine& machine, model::OpCode code,
          const std::function<void(model::Footprint&)>& footprint,
          const std::function<std::uint64_t()>& body, std::string_view description)
      : Call(code, machine.scheduler.current_process()),
        machine_(machine),
        footprint_(footprint),
        body_(body),
        description_(description) {}

  std::uint64_t result() const { return result_; }

  void run(Touch& touch) override {
    machine_.announced.clear();
    footprint_(machine_.announced);
    for (const model::Access& access : machine_.announced.accesses())
      touch.use(access.object, access.mode);
    if (!touch.dry()) result_ = machine_.scheduler.within_step(body_);
  }
  std::uint64_t digest() const override { return result_; }
  void keep(Answers& answers) const override { answers.put(result_); }
  void repeat(Answers& answers) override { result_ = answers.take(); }
  std::string describe() const override { return std::string(description_); }

 private:
  Machine& machine_;
  const std::function<void(model::Footprint&)>& footprint_;
  const std::function<std::uint64_t()>& body_;
  std::string_view description_;
  std::uint64_t result_ = 0;
};

}  // namespace

Machine::Machine(Settings settings)
    : clock(log),
      vfs(log, clock),
      mutexes(log),
      cells(log),
      timeouts(log, settings.timeouts_max),
      scheduler(log, settings.stack_bytes) {}

Machine::~Machine() { log.drop(); }

World::World(Settings settings) : machine_(std::make_unique<Machine>(settings)) {}
World::~World() = default;

// --- set-up ------------------------------------------------------------------------

ProcessId World::add_process(std::string_view name) {
  UNSWEPT_SIM_CHECK(!machine_->sealed, "processes are added before seal()");
  const auto id = static_cast<ProcessId>(machine_->processes.size());
  machine_->processes.push_back(
      {std::string(name), std::make_unique<ProcessSystem>(*machine_, id)});
  return id;
}

ActorId World::add_actor(ActorOptions options, std::function<void()> body) {
  UNSWEPT_SIM_CHECK(!machine_->sealed, "actors are added before seal()");
  return machine_->scheduler.add(std::move(options), std::move(body));
}

model::OpCode World::define_op(std::string_view name) {
  machine_->custom_ops.emplace_back(name);
  return static_cast<model::OpCode>(code(Op::first_custom) + machine_->custom_ops.size() - 1);
}

void World::set_clock(os::Timestamp now) {
  machine_->clock.set(now);
  if (!machine_->sealed) machine_->vfs.set_untracked_time(now);
}

void World::symlink(std::string_view target, std::string_view path) {
  const bool made = machine_->at_once([&](Touch& touch) {
    return machine_->vfs.symlink(touch, target, machine_->vfs.target(path)).has_value();
  });
  UNSWEPT_SIM_CHECK(made, "a symlink of the set-up can be made");
}

void World::set_atime(std::string_view path, os::Timestamp atime) {
  const auto inode = view().lookup(path);
  UNSWEPT_SIM_CHECK(inode.has_value(), "a file whose access time is set exists");
  Tree& tree = machine_->vfs.tree();
  machine_->at_once([&](Touch& touch) { tree.set_atime(touch, *tree.inode(*inode), atime); });
}

void World::track_times(std::string_view directory) {
  const auto inode = view().lookup(directory);
  UNSWEPT_SIM_CHECK(inode.has_value(), "a directory whose times are tracked exists");
  Tree& tree = machine_->vfs.tree();
  tree.track_times(*tree.inode(*inode));
}

void World::set_directory_policy(std::function<DirectoryPolicy(std::string_view)> policy) {
  machine_->vfs.set_policy(std::move(policy));
}

void World::set_monitor(Monitor* monitor) {
  machine_->monitor = monitor;
  machine_->scheduler.set_monitor(monitor);
}

void World::on_reset(std::function<void()> hook) {
  machine_->reset_hooks.push_back(std::move(hook));
}

void World::leave_out_of_knowledge(std::string part) {
  machine_->left_out_of_knowledge = std::move(part);
}

void World::set_checked(bool on) { machine_->scheduler.set_checked(on); }

void World::seal() {
  UNSWEPT_SIM_CHECK(!machine_->sealed, "a world is sealed once");
  machine_->sealed = true;
  machine_->mutexes.seal();
  machine_->vfs.set_untracked_time(machine_->clock.now());
  (void)machine_->log.fingerprint();
  machine_->initial = machine_->log.mark();
}

// --- the machine -------------------------------------------------------------------

os::System& World::system(ProcessId process) {
  return *machine_->processes.at(static_cast<std::size_t>(process)).system;
}

View World::view(model::Footprint* footprint) { return View(machine_->vfs, footprint); }

os::Timestamp World::clock() const { return machine_->clock.now(); }

// --- for code that runs on an actor ---------------------------------------------------

ActorId World::current() const { return machine_->scheduler.current(); }

std::uint64_t World::step(model::OpCode op, const std::function<void(model::Footprint&)>& footprint,
                          const std::function<std::uint64_t()>& body,
                          std::string_view description) {
  OwnStep call(*machine_, op, footprint, body, description);
  machine_->scheduler.submit(call);
  return call.result();
}

void World::spawn(ActorId actor) { machine_->scheduler.spawn(actor); }
void World::join(ActorId actor) { machine_->scheduler.join(actor); }

void World::advance_clock(std::chrono::nanoseconds duration) {
  const auto run = [&](Touch& touch) {
    machine_->clock.advance(touch, duration);
    return Nothing{};
  };
  const auto describe = [&] { return fmt::format("time passes: {} ns", duration.count()); };
  CallOf<Nothing, decltype(run), decltype(describe)> call(
      Op::advance_clock, machine_->scheduler.current_process(), run, describe);
  machine_->scheduler.submit(call);
}

void World::forget() { machine_->scheduler.forget(); }
void World::remember(std::uint64_t value) { machine_->scheduler.remember(value); }

void World::violate(std::string promise, std::string explanation) {
  machine_->scheduler.violate(std::move(promise), std::move(explanation));
}

void World::stop() { machine_->scheduler.stop(); }
bool World::repeating() const { return machine_->scheduler.repeating(); }
std::uint32_t World::steps_of(ActorId actor) const { return machine_->scheduler.steps_of(actor); }

void World::on_undo(TakeBack take_back, void* context, std::uint64_t value) {
  machine_->log.changed({[](const StateLog::Change& change) {
                           reinterpret_cast<TakeBack>(change.a)(reinterpret_cast<void*>(change.b),
                                                                change.c);
                         },
                         nullptr, reinterpret_cast<std::uintptr_t>(take_back),
                         reinterpret_cast<std::uintptr_t>(context), value});
}

// --- runs --------------------------------------------------------------------------

model::Ending World::run(model::Chooser& chooser) {
  UNSWEPT_SIM_CHECK(machine_->sealed, "a world is sealed before it runs");
  if (!std::exchange(machine_->rewound, false)) reset();
  return machine_->scheduler.run(chooser);
}

std::size_t World::rewind(std::size_t steps) {
  const std::size_t kept = machine_->scheduler.rewind(steps);
  machine_->rewound = kept != 0;
  if (!machine_->scheduler.repeating()) return kept;
  machine_->mutexes.repeat();
  for (const auto& hook : machine_->reset_hooks) hook();
  if (machine_->monitor != nullptr) machine_->monitor->on_rewind();
  return kept;
}

void World::reset() {
  machine_->rewound = false;
  machine_->scheduler.forget_last_run();
  machine_->log.rollback(machine_->initial);
  for (const auto& hook : machine_->reset_hooks) hook();
  if (machine_->monitor != nullptr) machine_->monitor->on_reset();
}

model::Fingerprint World::final_fingerprint() const { return machine_->log.fingerprint(); }

void World::record_descriptions(bool on) { machine_->scheduler.record_descriptions(on); }

std::string_view World::description(std::size_t step) const {
  return machine_->scheduler.description(step);
}

std::string_view World::actor_name(ActorId actor) const { return machine_->scheduler.name(actor); }

std::string_view World::process_name(ProcessId process) const {
  return machine_->processes.at(static_cast<std::size_t>(process)).name;
}

std::string_view World::op_name(model::OpCode op) const {
  const model::OpCode first = code(Op::first_custom);
  if (op < first) return to_string(static_cast<Op>(op));
  return machine_->custom_ops.at(op - first);
}

std::size_t World::actors() const { return machine_->scheduler.actors(); }

std::vector<std::string> World::open_resources() const {
  std::vector<std::string> held;
  for (const Description* open : machine_->vfs.descriptors().all_open()) {
    std::string text = fmt::format("open: {}", machine_->vfs.descriptors().path_of(open->fd));
    if (open->flock != Hold::none)
      text += open->flock == Hold::shared ? ", locked shared" : ", locked exclusive";
    if (open->inode->record_of(open->process) != os::RecordLock::unlock) text += ", record-locked";
    held.push_back(std::move(text));
  }
  for (const MutexState* mutex : machine_->mutexes.all_held())
    held.push_back(fmt::format("locked: mutex {}", mutex->name));
  std::sort(held.begin(), held.end());
  return held;
}

// --- model::Situation -----------------------------------------------------------------

model::ActorSet World::enabled() const { return machine_->scheduler.enabled(); }
model::ActorSet World::pending() const { return machine_->scheduler.pending(); }
ActorId World::last() const { return machine_->scheduler.last(); }
model::OpCode World::op(ActorId actor) const { return machine_->scheduler.op(actor); }
void World::predict(ActorId actor, model::Footprint& out) const {
  machine_->scheduler.predict(actor, out);
}
model::Fingerprint World::fingerprint() const { return machine_->scheduler.fingerprint(); }

}  // namespace unswept::sim
