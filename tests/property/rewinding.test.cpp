// Executions that go on in the middle of the last one are those that start over: on generated
// programs of every kind of call, each execution has the same situations, questions, steps,
// footprints, answers, fingerprints and violations, and ends in the same state.
#include <stdexcept>

#include "model/explore/explore.h"
#include "sim/world.h"
#include "tests/catch.h"
#include "tests/property/witness.h"
#include "tests/sim/random_actor.h"

namespace unswept::tests {
namespace {

using model::ActorId;
using sim::DirectoryOrder;
using sim::DirectoryPolicy;

/// A world as a program.
class WorldProgram : public model::Program {
 public:
  model::Ending run(model::Chooser& chooser) override { return world_.run(chooser); }
  std::size_t rewind(std::size_t steps) override { return world_.rewind(steps); }
  model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
  std::string actor_name(ActorId actor) const override {
    return std::string(world_.actor_name(actor));
  }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool on) override { world_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return world_.description(step); }

 protected:
  sim::World world_;
};

/// Generated actors.
class Machine final : public WorldProgram {
 public:
  Machine(std::size_t actors, std::size_t calls, std::uint64_t seed) : playground_(world_) {
    world_.set_directory_policy([](std::string_view path) -> DirectoryPolicy {
      if (path == "/a") return {.order = DirectoryOrder::permuted, .races = true, .batch = 1};
      if (path == "/b") return {.order = DirectoryOrder::permuted};
      return {.order = DirectoryOrder::reversed, .batch = 1};
    });
    for (std::size_t i = 0; i < actors; ++i) {
      const std::size_t process = i == 2 ? 1 : 0;
      world_.add_actor(
          {.name = "actor" + std::to_string(i), .process = playground_.processes[process]},
          [this, i, process, calls, seed] {
            sim::testing::RandomActor actor(playground_, process, seed * model::kActorsMax + i);
            actor.make_calls(calls);
          });
    }
    world_.seal();
  }

 private:
  sim::testing::Playground playground_;
};

/// What generated actors do not do: children, exceptions, violations, memory in common, mutexes
/// and mappings that come and go, random numbers, steps of one's own.
class Household final : public WorldProgram {
 public:
  explicit Household(std::uint64_t variant) : turn_(world_, 0), noted_(world_.define_op("note")) {
    const auto process = world_.add_process("one");
    os::System& os = world_.system(process);
    fd_ = *os.open("/f", os::Open::read_write | os::Open::create);
    const auto child =
        world_.add_actor({.name = "child", .process = process, .spawned = true, .joinable = true},
                         [this, &os] { lock_and_count(os); });
    world_.add_actor({.name = "parent", .process = process}, [this, &os, child, variant] {
      lock_and_count(os);
      world_.spawn(child);
      write_random_bytes(os);
      if (variant % 2 == 0) world_.join(child);
      if (order_.size() > 1) world_.violate("one-at-a-time", std::to_string(order_.front()));
    });
    world_.add_actor({.name = "stranger", .process = process}, [this, &os, variant] {
      const auto mapping = os.map(fd_);
      if (!mapping->bytes().empty()) turn_.fetch_add(static_cast<int>(mapping->bytes()[0]));
      note();
      if (variant % 3 == 0 && turn_.read() > 0) throw std::runtime_error("too late");
      if (variant % 5 == 0 && turn_.read() > 1) world_.stop();
      if (variant % 7 == 0) (void)os.flock(fd_, os::LockKind::exclusive, os::Wait::forever());
    });
    world_.add_actor({.name = "heir", .process = process, .after = {1}},
                     [this, &os] { lock_and_count(os); });
    world_.on_reset([this, &os] {
      order_.clear();
      mutex_ = os.make_mutex("in common");
    });
    world_.seal();
  }

 private:
  void lock_and_count(os::System& os) {
    const auto own = os.make_mutex("own");
    os::MutexGuard guard(order_.size() % 2 == 0 ? *mutex_ : *own);
    order_.push_back(world_.current());
    turn_.fetch_add(1);
  }
  void write_random_bytes(os::System& os) {
    std::byte bytes[2];
    os.random(bytes);
    (void)os.pwrite(fd_, bytes, turn_.read() % 2 == 0 ? 0 : 1);
    (void)os.stat("/f");
    (void)os.read(fd_, bytes);
    world_.forget();
    world_.remember(static_cast<std::uint64_t>(bytes[0]));
  }
  void note() {
    world_.step(
        noted_,
        [](model::Footprint& footprint) {
          footprint.add(sim::ghost_object(1), model::Mode::write);
        },
        [this] { return world_.view().size(*world_.view().lookup("/f")); }, "note");
  }

  sim::Shared<int> turn_;
  model::OpCode noted_;
  os::Fd fd_ = os::Fd::none;
  std::vector<ActorId> order_;  // in the memory of the process
  std::unique_ptr<os::Mutex> mutex_;
};

/// Explores in both ways.  Returns how many steps did not have to be taken.
std::size_t compare(model::Program& program, model::Strategy strategy) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.deadlock_allowed = true;
  options.bounds.executions = 400;
  options.bounds.steps = 40;
  Witness from_start(program, Witness::Rewinding::no);
  const auto expected = model::explore(from_start, options);
  Witness rewinding(program, Witness::Rewinding::yes);
  const auto found = model::explore(rewinding, options);
  REQUIRE(rewinding.executions() == from_start.executions());
  CHECK(found.steps == expected.steps);
  CHECK(found.replayed_steps == expected.replayed_steps);
  CHECK(found.verdict == expected.verdict);
  CHECK(found.verdict != model::Verdict::nondeterministic);
  CHECK(found.violations == expected.violations);
  CHECK(found.deadlocks == expected.deadlocks);
  return rewinding.kept();
}

}  // namespace

TEST_CASE("rewinding: generated actors cannot tell it from starting over", "[rewinding][sim]") {
  std::size_t kept = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    Machine two(2, 12, seed);
    kept += compare(two, model::Strategy::naive);
    kept += compare(two, model::Strategy::dpor);
    kept += compare(two, model::Strategy::optimal);
    Machine three(3, 8, seed);
    kept += compare(three, model::Strategy::naive);
    kept += compare(three, model::Strategy::dpor);
    kept += compare(three, model::Strategy::optimal);
  }
  CHECK(kept > 100'000);
}

TEST_CASE("rewinding: children, exceptions, violations and memory in common", "[rewinding][sim]") {
  std::size_t kept = 0;
  for (std::uint64_t variant = 0; variant < 2 * 3 * 5 * 7; ++variant) {
    INFO("variant " << variant);
    Household household(variant);
    kept += compare(household, model::Strategy::naive);
    kept += compare(household, model::Strategy::dpor);
  }
  CHECK(kept > 10'000);
}

namespace {

/// Gives the answers of an earlier run again, from some step on; then any.
class Repeater final : public model::Chooser {
 public:
  explicit Repeater(std::uint64_t seed) : random_(seed) {}

  /// The next run begins behind so many steps, and the answers up to `repeated` are given again.
  void begin(std::size_t kept, std::size_t repeated) {
    repeated = std::min(repeated, steps_.size());
    const std::size_t answers =
        repeated < steps_.size() ? steps_[repeated].answers : answers_.size();
    steps_.resize(repeated);
    answers_.resize(answers);
    step_ = kept;
    answer_ = kept < repeated ? steps_[kept].answers : answers;
  }
  std::size_t steps() const { return steps_.size(); }

  ActorId pick(const model::Situation& situation) override {
    if (step_ == steps_.size()) {
      if (step_ == 60) return model::kNoActor;
      model::ActorSet rest = situation.enabled();
      for (auto skip = random_.below(static_cast<std::uint32_t>(__builtin_popcountll(rest)));
           skip != 0; --skip)
        rest &= rest - 1;
      steps_.push_back({static_cast<ActorId>(__builtin_ctzll(rest)), answer_});
    }
    return steps_[step_].actor;
  }
  std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t count) override {
    if (answer_ == answers_.size()) answers_.push_back(random_.below(count));
    return answers_[answer_++];
  }
  void taken(const model::Step&) override { ++step_; }

 private:
  struct Answered {
    ActorId actor;
    std::size_t answers;  // before it
  };
  model::Random random_;
  std::vector<Answered> steps_;
  std::vector<std::uint32_t> answers_;
  std::size_t step_ = 0;
  std::size_t answer_ = 0;
};

/// Rewinds to somewhere, goes on as before or elsewhere, and compares with starting over.
void rewind_anywhere(model::Program& program, std::uint64_t seed) {
  Repeater repeater(seed);
  model::Random random(seed);
  Witness rewinding(program, Witness::Rewinding::yes);
  Witness from_start(program, Witness::Rewinding::no);
  (void)rewinding.rewind(1);  // from now on it may be asked for
  rewinding.run(repeater);
  for (int round = 0; round < 12 && repeater.steps() > 0; ++round) {
    const auto steps = static_cast<std::uint32_t>(repeater.steps());
    const std::size_t asked = random.below(steps);
    const std::size_t repeated =
        asked + random.below(steps - static_cast<std::uint32_t>(asked) + 1);
    const std::size_t kept = rewinding.rewind(asked);
    CHECK(kept == asked);
    repeater.begin(kept, repeated);
    rewinding.run(repeater);
    repeater.begin(0, repeater.steps());
    from_start.run(repeater);
    REQUIRE(rewinding.executions().back() == from_start.executions().back());
    rewinding.rewind(0);
    repeater.begin(0, repeater.steps());
    rewinding.run(repeater);
    REQUIRE(rewinding.executions().back() == from_start.executions().back());
  }
}

}  // namespace

TEST_CASE("rewinding: to any step of any run, given up or not", "[rewinding][sim]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    Machine machine(3, 25, seed);
    rewind_anywhere(machine, seed);
    Household household(seed);
    rewind_anywhere(household, seed);
  }
}

TEST_CASE("rewinding: an actor that is no function of its answers is found out", "[rewinding]") {
  class Moody final : public WorldProgram {
   public:
    Moody() : x_(world_, 0) {
      const auto process = world_.add_process("one");
      for (int i = 0; i < 2; ++i)
        world_.add_actor({.name = "moody", .process = process}, [this] {
          if (++lives_ > 7) x_.read();  // it remembers what it must not
          for (int k = 0; k < 3; ++k) x_.fetch_add(1);
        });
      world_.seal();
    }

   private:
    sim::Shared<int> x_;
    int lives_ = 0;
  };
  for (const auto strategy :
       {model::Strategy::naive, model::Strategy::dpor, model::Strategy::optimal}) {
    Moody moody;
    model::ExploreOptions options;
    options.strategy = strategy;
    CHECK(model::explore(moody, options).verdict == model::Verdict::nondeterministic);
  }
}

TEST_CASE("rewinding: steps are described, those that were kept included", "[rewinding][sim]") {
  Machine machine(2, 6, 3);
  machine.record_descriptions(true);
  std::vector<std::vector<std::string>> runs[2];
  for (const bool rewinds : {false, true}) {
    Witness witness(machine, rewinds ? Witness::Rewinding::yes : Witness::Rewinding::no);
    model::ExploreOptions options;
    options.strategy = model::Strategy::naive;
    options.bounds.executions = 50;
    options.executed = [&](const model::Program& ran, const model::Ending&) {
      auto& run = runs[rewinds ? 1 : 0].emplace_back();
      for (std::size_t i = 0; i < 5; ++i) run.emplace_back(ran.description(i));
    };
    model::explore(witness, options);
    CHECK((witness.kept() > 0) == rewinds);
  }
  CHECK(runs[0] == runs[1]);
}

}  // namespace unswept::tests
