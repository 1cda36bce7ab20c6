// Reductions against brute force, on a simulated machine: generated actors that make calls of
// every kind (names, files, directories in all orders, locks, mutexes, shared variables,
// time) reach the same final states with the same answers, and get into the same
// deadlocks, whether every schedule is run or one of each Mazurkiewicz trace.
//
// UNSWEPT_CROSSCHECK_MACHINES=n checks n generated programs of each size in place of 100.
#include <cstdlib>
#include <set>

#include "model/explore/explore.h"
#include "model/explore/mix.h"
#include "model/explore/random_walk.h"
#include "sim/world.h"
#include "tests/catch.h"
#include "tests/property/assumptions.h"
#include "tests/sim/random_actor.h"

namespace unswept::tests {
namespace {

using sim::DirectoryOrder;
using sim::DirectoryPolicy;

struct Size {
  std::size_t actors;
  std::size_t calls;  // of each actor
};

/// A world of generated actors.  Which calls they make is decided by `seed`, which may
/// be changed between explorations.
class MachineProgram final : public model::Program {
 public:
  explicit MachineProgram(const Size& size) : playground_(world_), answers_(size.actors) {
    world_.set_directory_policy([](std::string_view path) -> DirectoryPolicy {
      if (path == "/a") return {.order = DirectoryOrder::permuted, .races = true, .batch = 1};
      if (path == "/b") return {.order = DirectoryOrder::permuted};
      return {.order = DirectoryOrder::reversed, .batch = 1};
    });
    for (std::size_t i = 0; i < size.actors; ++i) {
      const std::size_t process = i == 2 ? 1 : 0;
      world_.add_actor(
          {.name = "actor" + std::to_string(i), .process = playground_.processes[process]},
          [this, i, process, calls = size.calls] {
            sim::testing::RandomActor actor(playground_, process, seed * model::kActorsMax + i);
            actor.make_calls(calls);
          });
    }
    world_.seal();
  }

  std::uint64_t seed = 0;

  model::Ending run(model::Chooser& chooser) override {
    answers_.assign(answers_.size(), 0);
    Listener listener(chooser, answers_);
    return world_.run(listener);
  }
  /// Of the machine, and of all answers that the actors got.
  model::Fingerprint final_fingerprint() const override {
    model::Fingerprint print = world_.final_fingerprint();
    for (const std::uint64_t answer : answers_) {
      print.low = model::mix(print.low ^ answer);
      print.high = model::mix(print.high + answer);
    }
    return print;
  }
  std::string actor_name(model::ActorId actor) const override {
    return std::string(world_.actor_name(actor));
  }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool on) override { world_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return world_.description(step); }

 private:
  class Listener final : public model::Chooser {
   public:
    Listener(model::Chooser& inner, std::vector<std::uint64_t>& answers)
        : inner_(inner), answers_(answers) {}
    model::ActorId pick(const model::Situation& situation) override {
      return inner_.pick(situation);
    }
    std::uint32_t choose(model::ActorId actor, model::ChoiceKind kind,
                         std::uint32_t count) override {
      return inner_.choose(actor, kind, count);
    }
    void taken(const model::Step& step) override {
      answers_[step.actor] = model::mix(answers_[step.actor] + step.result) + step.op;
      inner_.taken(step);
    }
    void ended(const model::Situation& situation) override { inner_.ended(situation); }

   private:
    model::Chooser& inner_;
    std::vector<std::uint64_t>& answers_;
  };

  sim::World world_;
  sim::testing::Playground playground_;
  std::vector<std::uint64_t> answers_;
};

struct Seen {
  std::set<model::Fingerprint> ends;
  std::set<model::Fingerprint> deadlocks;
  model::ExploreResult result;
};

constexpr std::uint64_t kExecutionsMax = 10'000;

Seen explore_all(MachineProgram& program, model::Strategy strategy) {
  Seen seen;
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.deadlock_allowed = true;
  options.bounds.executions = kExecutionsMax;
  options.count_traces = strategy == model::Strategy::naive;
  options.executed = [&](const model::Program& run, const model::Ending& ending) {
    auto& set = ending.outcome == model::Outcome::deadlock ? seen.deadlocks : seen.ends;
    set.insert(run.final_fingerprint());
  };
  seen.result = model::explore(program, options);
  return seen;
}

void cross_check(const Size& size) {
  const char* setting = std::getenv("UNSWEPT_CROSSCHECK_MACHINES");
  const std::uint64_t programs = setting == nullptr ? 100 : std::strtoull(setting, nullptr, 10);
  MachineProgram program(size);
  std::uint64_t compared = 0;
  std::uint64_t traces = 0;
  std::uint64_t executions = 0;
  std::uint64_t schedules = 0;
  for (program.seed = 1; program.seed <= programs; ++program.seed) {
    INFO("seed " << program.seed << ", " << size.actors << " actors");
    const Seen truth = explore_all(program, model::Strategy::naive);
    REQUIRE(truth.result.verdict != model::Verdict::nondeterministic);
    if (!truth.result.complete) continue;
    const Seen reduced = explore_all(program, model::Strategy::dpor);
    REQUIRE(reduced.result.verdict == truth.result.verdict);
    REQUIRE(reduced.result.complete);
    REQUIRE(reduced.ends == truth.ends);
    REQUIRE(reduced.deadlocks == truth.deadlocks);
    // Outcomes that touch different objects may cost a trace more than one execution.
    REQUIRE(reduced.result.executions >= *truth.result.traces);
    const Seen optimal = explore_all(program, model::Strategy::optimal);
    REQUIRE(optimal.result.verdict == truth.result.verdict);
    REQUIRE(optimal.result.complete);
    REQUIRE(optimal.ends == truth.ends);
    REQUIRE(optimal.deadlocks == truth.deadlocks);
    REQUIRE(optimal.result.executions >= *truth.result.traces);
    ++compared;
    traces += *truth.result.traces;
    executions += reduced.result.executions;
    schedules += truth.result.executions;
  }
  CHECK(compared * 2 > programs);
  WARN(size.actors << " actors: " << compared << " programs, " << schedules << " schedules, "
                   << traces << " traces, " << executions << " executions of dpor");
}

}  // namespace

TEST_CASE("a simulated machine: dpor agrees with brute force, two actors", "[crosscheck][sim]") {
  cross_check({.actors = 2, .calls = 4});
  cross_check({.actors = 2, .calls = 6});
}

TEST_CASE("a simulated machine: dpor agrees with brute force, three actors", "[crosscheck][sim]") {
  cross_check({.actors = 3, .calls = 2});
}

TEST_CASE("a simulated machine: footprints are what the reduction supposes", "[sim]") {
  const char* setting = std::getenv("UNSWEPT_CROSSCHECK_MACHINES");
  const std::uint64_t programs = setting == nullptr ? 100 : std::strtoull(setting, nullptr, 10);
  MachineProgram program({.actors = 3, .calls = 8});
  std::size_t comparisons = 0;
  for (program.seed = 1; program.seed <= 20 * programs; ++program.seed) {
    INFO("seed " << program.seed);
    model::RandomWalks walk(program.seed, 1, {});
    walk.begin(0);
    AssumptionChecker checker(walk);
    program.run(checker);
    REQUIRE(checker.complaint() == "");
    comparisons += checker.comparisons();
  }
  CHECK(comparisons > 20 * programs);
}

// What the second step touches when it comes second must tell that it could have come first.
TEST_CASE("a simulated machine: a directory is removed before or after something is made in it",
          "[sim]") {
  sim::World world;
  const sim::ProcessId process = world.add_process("daemon");
  os::System& os = world.system(process);
  (void)os.mkdir("/d");
  const os::Fd directory = *os.open("/d", os::Open::read | os::Open::directory);
  world.add_actor({.name = "remover", .process = process}, [&] { (void)os.rmdir("/d"); });
  world.add_actor({.name = "maker", .process = process},
                  [&] { (void)os.mkdir({directory, "new"}); });
  world.seal();

  class Both final : public model::Program {
   public:
    explicit Both(sim::World& machine) : world_(machine) {}
    model::Ending run(model::Chooser& chooser) override { return world_.run(chooser); }
    model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
    std::string actor_name(model::ActorId) const override { return {}; }
    std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
    void record_descriptions(bool) override {}
    std::string_view description(std::size_t) const override { return {}; }

   private:
    sim::World& world_;
  } program(world);
  CHECK(model::explore(program).executions == 2);
}

}  // namespace unswept::tests
