#include "scenarios/workload/program.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "model/explore/replay.h"
#include "scenarios/promises/names.h"
#include "scenarios/setup/store.h"
#include "scenarios/workload/directory_orders.h"
#include "scenarios/workload/interchangeable.h"
#include "sim/hash.h"

namespace unswept::scenarios {
namespace {

std::vector<std::string> actor_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const ActorSpec& actor : scenario.actors) names.push_back(actor.name);
  return names;
}

std::size_t count_operations(const Scenario& scenario, auto is_counted) {
  std::size_t count = 0;
  for (const ActorSpec& actor : scenario.actors)
    for (const OperationSpec& operation : actor.operations)
      if (is_counted(operation.command)) ++count;
  return count;
}

/// Snapshots that a move locks at a time.
constexpr std::size_t kLockBatch = 512;

/// Tasks besides the actor itself that its collections mark with.
std::size_t helpers_of(const ActorSpec& actor) {
  std::size_t helpers = 0;
  for (const OperationSpec& operation : actor.operations)
    if (const auto* gc = std::get_if<engine::Gc>(&operation.command))
      helpers += gc->jobs.value_or(1) - 1;
  return helpers;
}

std::size_t actors_with_helpers(const Scenario& scenario) {
  std::size_t actors = scenario.actors.size();
  for (const ActorSpec& actor : scenario.actors) actors += helpers_of(actor);
  return actors;
}

sim::Settings settings_of(const Scenario& scenario) {
  sim::Settings settings;
  settings.timeouts_max = scenario.explore.bounds.timeouts.value_or(sim::kUnlimited);
  return settings;
}

bool is_gc(const engine::Command& command) { return std::holds_alternative<engine::Gc>(command); }
bool is_backup(const engine::Command& command) {
  return std::holds_alternative<engine::Backup>(command);
}

}  // namespace

/// Shows the explorer the situation that a pinned order allows, and logs steps.
class ScenarioProgram::Bridge final : public model::Chooser, private model::Situation {
 public:
  Bridge(ScenarioProgram& program, model::Chooser& explorer)
      : program_(program), explorer_(explorer) {}

  model::ActorId pick(const model::Situation& situation) override {
    const model::ActorId actor = pick_allowed(situation);
    if (program_.entries_.captures() && actor != model::kNoActor)
      program_.entries_.capture(model::Decision::pick(actor));
    return actor;
  }
  std::uint32_t choose(model::ActorId actor, model::ChoiceKind kind, std::uint32_t count) override {
    const std::uint32_t answer = explorer_.choose(actor, kind, count);
    if (program_.entries_.captures())
      program_.entries_.capture(model::Decision::choose(actor, kind, answer, count));
    return answer;
  }
  void taken(const model::Step& step) override {
    if (program_.log_steps_) program_.steps_.add(step.actor, step.footprint, step.result);
    program_.watch_->step_done(step);
    program_.entries_.taken(step);
    explorer_.taken(step);
  }
  void ended(const model::Situation& situation) override {
    for (model::ActorSet rest = situation.pending(); rest != 0; rest &= rest - 1) {
      const auto actor = static_cast<model::ActorId>(std::countr_zero(rest));
      situation.predict(actor, scratch_);
      program_.entries_.would_touch(actor, scratch_.accesses());
    }
    explorer_.ended(situation);
  }

 private:
  model::ActorId pick_allowed(const model::Situation& situation) {
    inner_ = &situation;
    enabled_ = situation.enabled();
    if (!program_.pinned_.is_empty())
      enabled_ = program_.pinned_.allowed(enabled_, situation.pending());
    return explorer_.pick(*this);
  }

  model::ActorSet enabled() const override { return enabled_; }
  model::ActorSet pending() const override { return inner_->pending(); }
  model::ActorId last() const override { return inner_->last(); }
  model::OpCode op(model::ActorId actor) const override { return inner_->op(actor); }
  void predict(model::ActorId actor, model::Footprint& out) const override {
    inner_->predict(actor, out);
  }
  model::Fingerprint fingerprint() const override { return program_.fingerprint(); }

  ScenarioProgram& program_;
  model::Chooser& explorer_;
  const model::Situation* inner_ = nullptr;
  model::ActorSet enabled_ = 0;
  model::Footprint scratch_;
};

std::expected<std::unique_ptr<ScenarioProgram>, std::string> ScenarioProgram::make(
    const Scenario& scenario, const engine::Protocol& protocol) {
  std::unique_ptr<ScenarioProgram> program(new ScenarioProgram(scenario, protocol));
  if (auto done = program->set_up(); !done) return std::unexpected(done.error());
  return program;
}

ScenarioProgram::ScenarioProgram(const Scenario& scenario, const engine::Protocol& protocol)
    : scenario_(scenario),
      protocol_(protocol),
      judged_(Judged::by(scenario.check)),
      chunks_(chunks_of(scenario)),
      archives_(chunks_),
      world_(settings_of(scenario)),
      helpers_(world_),
      interchangeable_(interchangeable_actors(scenario)),
      sometimes_(scenario.check.sometimes),
      pinned_(scenario.explore.order, actor_names(scenario)),
      time_passes_before_backups_(count_operations(scenario, is_gc) > 1 ||
                                  count_operations(scenario, is_backup) > 1),
      steps_(actors_with_helpers(scenario)) {}

ScenarioProgram::~ScenarioProgram() { end_processes(); }

std::expected<void, std::string> ScenarioProgram::set_up() {
  const sim::ProcessId carpenter = world_.add_process("set-up");
  if (auto done = set_up_store(world_, world_.system(carpenter), scenario_, chunks_); !done)
    return done;
  if (const std::size_t wanted = actors_with_helpers(scenario_); wanted > model::kActorsMax)
    return std::unexpected("actors and the jobs of their collections are " +
                           std::to_string(wanted) + " together, and at most " +
                           std::to_string(model::kActorsMax) + " are possible");
  for (const ActorSpec& spec : scenario_.actors) add_actor(spec);
  for (std::size_t actor = 0; actor < actors_.size(); ++actor)
    add_helpers(static_cast<sim::ActorId>(actor));
  if (auto done = set_directory_orders(world_, scenario_, entries_); !done) return done;
  watch_ = std::make_unique<Watch>(world_, chunks_, judged_);
  watch_->add_listener(this);
  world_.set_monitor(watch_.get());
  world_.on_reset([this] { start_processes(); });
  world_.seal();
  final_judge_ = std::make_unique<FinalJudge>(world_, *watch_, codec_, scenario_);
  return {};
}

std::size_t ScenarioProgram::process_named(const std::string& name) {
  for (std::size_t i = 0; i < processes_.size(); ++i)
    if (processes_[i].name == name) return i;
  processes_.push_back({name, world_.add_process(name), nullptr, nullptr});
  return processes_.size() - 1;
}

void ScenarioProgram::add_actor(const ActorSpec& spec) {
  const std::size_t process = process_named(spec.process);
  sim::ActorOptions options;
  options.name = spec.name;
  options.process = processes_[process].id;
  for (const std::string& name : spec.after)
    for (std::size_t i = 0; i < actors_.size(); ++i)
      if (actors_[i].spec->name == name) options.after.push_back(static_cast<sim::ActorId>(i));
  const auto id = static_cast<sim::ActorId>(actors_.size());
  std::unique_ptr<engine::CommandContext> context(new engine::CommandContext{
      codec_, archives_, engine::AuthId::root(), gc_options(), kLockBatch, {}});
  actors_.push_back({&spec, process, std::move(context)});
  world_.add_actor(std::move(options), [this, id] { carry_out(id); });
}

/// Behind all actors: the scenario's actors have the first numbers.
void ScenarioProgram::add_helpers(sim::ActorId actor) {
  const ActorSpec& spec = *actors_[actor].spec;
  actors_[actor].context->gc.tasks = &helpers_.of(actor);
  for (std::size_t i = helpers_of(spec); i > 0; --i)
    helpers_.add(
        actor, {.name = spec.name + "'s helper", .process = processes_[actors_[actor].process].id});
  pinned_.set_helpers(actor, helpers_.set_of(actor));
}

engine::GcOptions ScenarioProgram::gc_options() const {
  engine::GcOptions options;
  options.atime_safety_check = false;
  if (scenario_.store.gc_cutoff) {
    options.cutoff_seconds = scenario_.store.gc_cutoff->count();
  } else {
    options.cutoff_seconds = 0;
    options.writer_margin_seconds = 0;
  }
  return options;
}

// --- a run
// ----------------------------------------------------------------------------------------

void ScenarioProgram::start_processes() {
  for (Process& process : processes_) {
    os::System& system = world_.system(process.id);
    process.state = std::make_unique<engine::Process>(system);
    process.store = std::make_unique<engine::Datastore>(
        system, *process.state,
        engine::StoreConfig{std::string(kStoreName), std::string(kStoreBase),
                            std::string(kLockDirectory)},
        protocol_);
  }
}

void ScenarioProgram::end_processes() {
  for (Process& process : processes_) {
    process.store.reset();
    process.state.reset();
  }
}

model::Ending ScenarioProgram::run(model::Chooser& chooser) {
  begin_run();
  model::Ending ending = turns_ ? run_in_turn(chooser) : run_freely(chooser);
  if (ending.outcome == model::Outcome::finished) judge_end(ending);
  if (ending.outcome != model::Outcome::stopped && !sometimes_.all_met())
    sometimes_.end_run(steps_);
  return ending;
}

model::Ending ScenarioProgram::run_freely(model::Chooser& chooser) {
  Bridge bridge(*this, chooser);
  return world_.run(bridge);
}

model::Ending ScenarioProgram::run_in_turn(model::Chooser& chooser) {
  model::TurnKeeper keeper(*turns_, chooser);
  return run_freely(keeper);
}

void ScenarioProgram::keep_turns(bool on) {
  turns_.reset();
  if (!on || interchangeable_.empty()) return;
  std::vector<model::Interchangeable> classes;
  for (const std::vector<model::ActorId>& same : interchangeable_)
    classes.push_back({same, model::first_rivalry(*this, same[0], same[1])});
  turns_.emplace(classes);
}

// What is a function of the steps taken so far comes to be again as they are repeated.
void ScenarioProgram::begin_run() {
  if (!std::exchange(rewound_, false)) {
    end_processes();
    steps_.clear();
    if (turns_) turns_->rewind(0);
    entries_.begin_run();
  }
  operations_.clear();
  sometimes_.begin_run();
  pinned_.begin_run();
  conditions_open_ = !sometimes_.all_met();
  log_steps_ = judged_.collected || conditions_open_;
}

std::size_t ScenarioProgram::rewind(std::size_t steps) {
  // With the last condition met the same states have other fingerprints.
  const bool looks_otherwise = conditions_open_ == sometimes_.all_met();
  if (!pinned_.is_empty() || looks_otherwise) return 0;
  end_processes();
  const std::size_t kept = world_.rewind(steps);
  steps_.truncate(kept);
  if (turns_) turns_->rewind(kept);
  entries_.rewind(kept);
  rewound_ = kept != 0;
  return kept;
}

void ScenarioProgram::judge_end(model::Ending& ending) {
  if (auto violation = garbage_.judge(operations_, steps_))
    ending.violations.push_back(*std::move(violation));
  for (const OperationRun& operation : operations_.all()) {
    const ActorSpec& actor = *actors_[operation.actor].spec;
    if (actor.must_succeed && operation.ended && !operation.succeeded)
      ending.violations.push_back(
          {std::string(kMustSucceed), actor.name + ": `" + actor.operations[operation.index].text +
                                          "` failed: " + operation.message});
  }
  const auto& found = final_judge_->judge(operations_.digest());
  ending.violations.insert(ending.violations.end(), found.begin(), found.end());
}

void ScenarioProgram::carry_out(sim::ActorId actor) {
  const ActorSpec& spec = *actors_[actor].spec;
  for (std::size_t i = 0; i < spec.operations.size(); ++i) {
    // All that an actor takes from one operation to the next is how far it is, and whether it goes
    // on.
    world_.forget();
    world_.remember(i);
    if (carry_out(actor, i)) continue;
    if (spec.stop_on_error) break;
    if (i + 1 < spec.operations.size()) entries_.failed(actor);
  }
  world_.forget();
}

bool ScenarioProgram::carry_out(sim::ActorId actor, std::size_t index) {
  const engine::Command& command = actors_[actor].spec->operations[index].command;
  let_time_pass(command);
  const std::size_t run = operations_.begin(actor, static_cast<std::uint32_t>(index), now(actor));
  watch_->set_command(actor, &command);
  if (is_gc(command)) begin_collection(run);
  const engine::Datastore& store = *processes_[actors_[actor].process].store;
  auto result = engine::run_command(store, command, *actors_[actor].context);
  const bool succeeded = result.has_value();
  OperationRun& operation = operations_.at(run);
  operation.ended = true;
  operation.end = now(actor);
  operation.succeeded = succeeded;
  if (result) {
    acknowledge(run, command, *result);
  } else {
    operation.error = result.error().kind;
    operation.message = std::move(result.error().message);
  }
  watch_->set_command(actor, nullptr);
  return succeeded;
}

void ScenarioProgram::acknowledge(std::size_t run, const engine::Command& command,
                                  const engine::CommandReport& result) {
  if (world_.repeating()) return;
  if (const auto* backup = std::get_if<engine::Backup>(&command)) watch_->acknowledge(*backup);
  if (const auto* gc = std::get_if<engine::GcResult>(&result))
    end_collection(run, gc->min_access_time);
}

void ScenarioProgram::begin_collection(std::size_t run) {
  if (!judged_.collected || world_.repeating()) return;
  garbage_.begin(run, *watch_, world_.view());
  world_.on_undo(
      [](void* judge, std::uint64_t) { static_cast<GarbageJudge*>(judge)->take_back_begin(); },
      &garbage_);
}

void ScenarioProgram::end_collection(std::size_t run, std::int64_t min_access_time) {
  if (!judged_.collected) return;
  garbage_.end(run, min_access_time, *watch_, world_.view());
  world_.on_undo(
      [](void* judge, std::uint64_t which) {
        static_cast<GarbageJudge*>(judge)->take_back_end(which);
      },
      &garbage_, run);
}

void ScenarioProgram::let_time_pass(const engine::Command& command) {
  if (scenario_.store.gc_cutoff) return;
  // Access times count in whole seconds: one more, and everything before is older.  Before a backup
  // only where something earlier could be taken for a mark of its own time.
  if (is_gc(command) || (time_passes_before_backups_ && is_backup(command)))
    world_.advance_clock(std::chrono::seconds{1});
}

void ScenarioProgram::on_call(const sim::CallInfo& call) {
  if (call.op == sim::Op::open && call.ok())
    entries_.opened(sim::object(sim::ObjectKind::descriptor, static_cast<std::uint64_t>(call.fd)));
}

void ScenarioProgram::on_point(sim::ActorId actor, const os::Point& point,
                               std::string_view detail) {
  if (!pinned_.is_empty()) pinned_.point(actor, point.name, detail);
  // What an actor has read in its process's memory shows in the details.
  if (!detail.empty()) world_.remember(sim::hash_text(detail));
  if (!sometimes_.all_met()) sometimes_.point(now(actor), point.name, detail);
}

model::Trace ScenarioProgram::with_all_orders(const model::Trace& trace) {
  model::Trace full;
  entries_.capture_to(&full);
  (void)model::replay(*this, trace, {.describe = false, .afterwards = model::Afterwards::stop});
  entries_.capture_to(nullptr);
  return full;
}

// --- what explorers ask ------------------------------------------------------------------------

// What will be judged, and what it will be judged by, must be the same in two runs that go on from
// one state.  Where that depends on how the run came there, no state is like another: the search
// takes no way twice.
model::Fingerprint ScenarioProgram::fingerprint() const {
  if (conditions_open_ || (judged_.collected && garbage_.looks_back(operations_, steps_)))
    return sim::operator+(world_.fingerprint(), steps_.fingerprint());
  sim::WideDigest judged;
  judged << operations_.digest() << watch_->references().digest() << watch_->snapshots().digest();
  judged << entries_.digest();
  if (!pinned_.is_empty()) judged << pinned_.digest();
  for (const Process& process : processes_) judged << memory_digest(process);
  return sim::operator+(world_.fingerprint(), judged.value());
}

// An actor sees this only while it has locked the mutex over it.  What it takes from there it tells
// in its steps, or where it passes a point.
std::uint64_t ScenarioProgram::memory_digest(const Process& process) {
  sim::Digest digest;
  for (const auto& store : process.state->stores()) {
    digest << (store->lock.is_held_exclusively() ? 1 : 0);
    std::uint64_t writers = 0;
    for (const auto& writer : store->lock.writers())
      writers += sim::mix(static_cast<std::uint64_t>(writer.since));
    digest << writers;
  }
  return digest.value();
}

model::Fingerprint ScenarioProgram::final_fingerprint() const {
  model::Fingerprint fingerprint = world_.final_fingerprint();
  fingerprint.low ^= operations_.digest();
  return fingerprint;
}

std::string ScenarioProgram::actor_name(model::ActorId actor) const {
  return std::string(world_.actor_name(actor));
}

std::string_view ScenarioProgram::op_name(model::OpCode op) const { return world_.op_name(op); }

void ScenarioProgram::record_descriptions(bool on) { world_.record_descriptions(on); }

std::string_view ScenarioProgram::description(std::size_t step) const {
  return world_.description(step);
}

}  // namespace unswept::scenarios
