#include "sim/helpers.h"

#include "sim/check.h"

namespace unswept::sim {

class Helpers::Runner final : public os::TaskRunner {
 public:
  Runner(Helpers& helpers, ActorId owner) : helpers_(helpers), owner_(owner) {}
  void run(std::span<const os::Task> tasks) override { helpers_.run(owner_, tasks); }

 private:
  Helpers& helpers_;
  ActorId owner_;
};

Helpers::Helpers(World& world) : world_(world) {
  world_.on_reset([this] {
    for (const auto& helper : helpers_) helper->task = nullptr;
  });
}

Helpers::~Helpers() = default;

ActorId Helpers::add(ActorId owner, ActorOptions options) {
  options.spawned = true;
  options.joinable = true;
  Helper& helper = *helpers_.emplace_back(std::make_unique<Helper>());
  helper.owner = owner;
  helper.actor = world_.add_actor(std::move(options), [&helper] {
    UNSWEPT_SIM_CHECK(helper.task != nullptr, "a helper is spawned with a task");
    (*helper.task)();
  });
  return helper.actor;
}

os::TaskRunner& Helpers::of(ActorId owner) {
  while (runners_.size() <= owner)
    runners_.push_back(std::make_unique<Runner>(*this, static_cast<ActorId>(runners_.size())));
  return *runners_[owner];
}

model::ActorSet Helpers::set_of(ActorId owner) const {
  model::ActorSet set = 0;
  for (const auto& helper : helpers_)
    if (helper->owner == owner) set |= model::set_of(helper->actor);
  return set;
}

/// A helper that has had no task in this run, or nullptr.
Helpers::Helper* Helpers::give(ActorId owner, const os::Task& task) {
  for (const auto& helper : helpers_) {
    if (helper->owner != owner || helper->task != nullptr) continue;
    helper->task = &task;
    return helper.get();
  }
  return nullptr;
}

void Helpers::run(ActorId owner, std::span<const os::Task> tasks) {
  if (tasks.empty()) return;
  std::vector<ActorId> spawned;
  std::size_t given = 1;
  for (; given < tasks.size(); ++given) {
    Helper* helper = give(owner, tasks[given]);
    if (helper == nullptr) break;
    spawned.push_back(helper->actor);
    // Which helpers are left is memory that outlives the operation.
    world_.remember(helper->actor);
    world_.spawn(helper->actor);
  }
  tasks.front()();
  for (const os::Task& task : tasks.subspan(given)) task();
  for (const ActorId helper : spawned) world_.join(helper);
}

}  // namespace unswept::sim
