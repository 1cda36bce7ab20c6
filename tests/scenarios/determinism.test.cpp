// Executions of the real engine in the simulated machine, run again.
#include "scenarios/check/check.h"
#include "scenarios/parse/parse.h"
#include "scenarios/parse/words.h"
#include "sim/world.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

Scenario library(const std::string& name) {
  auto scenario = load_scenario(UNSWEPT_SOURCE_DIR "/scenarios/" + name + ".toml");
  REQUIRE(scenario);
  return *std::move(scenario);
}

TEST_CASE("determinism: every execution of the engine can be repeated", "[determinism]") {
  for (const auto* name : {"race/move-target-visited-first", "race/move-next-to-gc",
                           "lifecycle/backup-next-to-gc", "journal/two-collectors-one-daemon"})
    for (const auto mode : {SearchMode::exhaustive, SearchMode::stateful, SearchMode::surw}) {
      Scenario scenario = library(name);
      scenario.explore.mode = mode;
      scenario.explore.bounds.executions = 60;
      INFO(name << " in mode " << to_string(mode));
      CheckOptions options;
      options.verify_every = 1;
      const auto result = check(scenario, "v8", options);
      REQUIRE(result.has_value());
      CHECK(result->divergence.empty());
      CHECK(result->verdict != model::Verdict::nondeterministic);
      CHECK(result->executions > 0);
      CHECK(result->verified == result->executions + result->blocked + result->pruned);
    }
}

/// A simulated task that remembers, outside its machine, how often it was run.
class Forgetless final : public model::Program {
 public:
  explicit Forgetless(bool remembers) {
    const auto process = world_.add_process("daemon");
    for (const auto* name : {"left", "right"})
      world_.add_actor({.name = name, .process = process, .after = {}}, [this, process, remembers] {
        os::System& system = world_.system(process);
        (void)system.mkdir("/store");
        if (remembers) ++runs_;
        (void)system.mkdir("/run-" + std::to_string(runs_));
      });
    world_.seal();
  }

  model::Ending run(model::Chooser& chooser) override { return world_.run(chooser); }
  model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
  std::string actor_name(model::ActorId actor) const override {
    return std::string(world_.actor_name(actor));
  }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool on) override { world_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return world_.description(step); }

 private:
  sim::World world_;
  int runs_ = 0;
};

TEST_CASE("determinism: a simulated task with a memory of its own is found out", "[determinism]") {
  for (const auto strategy : {model::Strategy::dpor, model::Strategy::random}) {
    model::ExploreOptions options;
    options.strategy = strategy;
    options.verify_every = 100;
    options.walks = 10;
    Forgetless good(false);
    const auto same = model::explore(good, options);
    CHECK_FALSE(same.divergence);
    CHECK(same.verified == 1);
    Forgetless bad(true);
    const auto result = model::explore(bad, options);
    CHECK(result.verdict == model::Verdict::nondeterministic);
    REQUIRE(result.divergence);
    CHECK(result.divergence->step > 0);  // the first step is the same for all
    CHECK(result.divergence->what == "footprint");
  }
}

}  // namespace
}  // namespace unswept::scenarios
