// scenarios/workload/program.h: a scenario under one protocol, as a program to explore.
//
// Owns a sealed world with the scenario's store; each run lets the actors carry
// out their operations with the real engine, judges the promises on the way and
// at the end, and goes back to the start.
//
// Trap: millions of runs.  What does not change from run to run (parsed
// operations, encoded chunks, the store) is made once, in make().
//
// Thread safety: none, as for any Program.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/run_command.h"
#include "engine/process.h"
#include "engine/protocol/protocol.h"
#include "model/explore/trace.h"
#include "model/program.h"
#include "model/symmetry.h"
#include "scenarios/promises/final_judge.h"
#include "scenarios/promises/garbage.h"
#include "scenarios/promises/watch.h"
#include "scenarios/scenario.h"
#include "scenarios/setup/chunks.h"
#include "scenarios/workload/archives.h"
#include "scenarios/workload/directory_orders.h"
#include "scenarios/workload/entry_contention.h"
#include "scenarios/workload/happens_before.h"
#include "scenarios/workload/operations.h"
#include "scenarios/workload/pinned_order.h"
#include "scenarios/workload/sometimes.h"
#include "sim/helpers.h"
#include "sim/world.h"

namespace unswept::scenarios {

class ScenarioProgram final : public model::Program, private RunListener {
 public:
  /// `scenario` and `protocol` must outlive the program.  A sentence when the store cannot be set
  /// up.
  static std::expected<std::unique_ptr<ScenarioProgram>, std::string> make(
      const Scenario& scenario, const engine::Protocol& protocol);
  ~ScenarioProgram() override;

  model::Ending run(model::Chooser& chooser) override;
  /// Not with a pinned order.
  std::size_t rewind(std::size_t steps) override;
  model::Fingerprint final_fingerprint() const override;
  std::string actor_name(model::ActorId actor) const override;
  std::string_view op_name(model::OpCode op) const override;
  void record_descriptions(bool on) override;
  std::string_view description(std::size_t step) const override;

  const SometimesJudge& sometimes() const { return sometimes_; }
  /// Conditions that runs elsewhere met count as met here.
  SometimesJudge& sometimes() { return sometimes_; }
  const PinnedOrder& pinned() const { return pinned_; }
  const FinalJudge& final_judge() const { return *final_judge_; }
  /// What "in every order" comes to.
  EntryContention& entry_contention() { return entries_; }
  /// Interchangeable actors, as the scenario has them.
  const std::vector<std::vector<model::ActorId>>& interchangeable() const {
    return interchangeable_;
  }
  /// Whether they take their turns in one order.  Not so at first: a trace may have another.
  void keep_turns(bool on);
  /// Whether an actor has others do a part of its work.  What they do because of an entry that it
  /// has read is not known to be so.
  bool has_helpers() const { return world_.actors() > actors_.size(); }
  /// A trace of this program as it would be if all entries varied.
  model::Trace with_all_orders(const model::Trace& trace);

  /// Of the last run.
  const OperationLog& operations() const { return operations_; }
  Watch& watch() { return *watch_; }
  sim::World& world() { return world_; }

 private:
  class Bridge;  // between the world and the explorer
  struct Process {
    std::string name;
    sim::ProcessId id{};
    // Made anew for each run.
    std::unique_ptr<engine::Process> state;
    std::unique_ptr<engine::Datastore> store;
  };
  struct Actor {
    const ActorSpec* spec = nullptr;
    std::size_t process = 0;
    std::unique_ptr<engine::CommandContext> context;
  };

  ScenarioProgram(const Scenario& scenario, const engine::Protocol& protocol);

  std::expected<void, std::string> set_up();
  std::size_t process_named(const std::string& name);
  void add_actor(const ActorSpec& spec);
  void add_helpers(sim::ActorId actor);
  void start_processes();
  void end_processes();
  void begin_run();
  model::Ending run_freely(model::Chooser& chooser);
  model::Ending run_in_turn(model::Chooser& chooser);
  void carry_out(sim::ActorId actor);
  bool carry_out(sim::ActorId actor, std::size_t index);
  void acknowledge(std::size_t run, const engine::Command& command,
                   const engine::CommandReport& result);
  void begin_collection(std::size_t run);
  void end_collection(std::size_t run, std::int64_t min_access_time);
  Moment now(sim::ActorId actor) const { return {actor, world_.steps_of(actor)}; }
  void let_time_pass(const engine::Command& command);
  engine::GcOptions gc_options() const;
  void judge_end(model::Ending& ending);
  void on_call(const sim::CallInfo& call) override;
  /// Of a state in which a run may be.
  model::Fingerprint fingerprint() const;
  static std::uint64_t memory_digest(const Process& process);
  bool wants_calls() const override { return varies_orders(scenario_.explore); }
  void on_point(sim::ActorId actor, const os::Point& point, std::string_view detail) override;

  const Scenario& scenario_;
  const engine::Protocol& protocol_;
  Judged judged_;
  ChunkCatalogue chunks_;
  NamedArchives archives_;
  engine::BlobCodec codec_;
  sim::World world_;
  std::vector<Process> processes_;
  std::vector<Actor> actors_;
  sim::Helpers helpers_;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<FinalJudge> final_judge_;

  const std::vector<std::vector<model::ActorId>> interchangeable_;
  std::optional<model::Turns> turns_;  // if they are kept
  EntryContention entries_;
  SometimesJudge sometimes_;
  PinnedOrder pinned_;
  bool log_steps_ = false;
  bool conditions_open_ = false;  // some were when the run began
  bool time_passes_before_backups_ = false;

  bool rewound_ = false;  // the next run goes on from the middle of the last one

  // Of the current or last run.
  StepLog steps_;
  OperationLog operations_;
  GarbageJudge garbage_;
};

}  // namespace unswept::scenarios
