// Executions that go on in the middle of the last one are those that start over: on generated
// programs of every kind of call, each execution has the same situations, questions, steps,
// footprints, answers, fingerprints and violations, and ends in the same state.
#include "tests/property/rewinding.h"

#include <stdexcept>

#include "model/explore/explore.h"
#include "sim/world.h"
#include "tests/catch.h"
#include "tests/sim/random_actor.h"

namespace unswept::tests {
namespace {

using sim::DirectoryOrder;
using sim::DirectoryPolicy;

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

}  // namespace

TEST_CASE("rewinding: generated actors cannot tell it from starting over", "[rewinding][sim]") {
  std::size_t kept = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    Machine two(2, 12, seed);
    kept += compare_rewinding(two, model::Strategy::naive);
    kept += compare_rewinding(two, model::Strategy::dpor);
    kept += compare_rewinding(two, model::Strategy::optimal);
    Machine three(3, 8, seed);
    kept += compare_rewinding(three, model::Strategy::naive);
    kept += compare_rewinding(three, model::Strategy::dpor);
    kept += compare_rewinding(three, model::Strategy::optimal);
  }
  CHECK(kept > 100'000);
}

TEST_CASE("rewinding: children, exceptions, violations and memory in common", "[rewinding][sim]") {
  std::size_t kept = 0;
  for (std::uint64_t variant = 0; variant < 2 * 3 * 5 * 7; ++variant) {
    INFO("variant " << variant);
    Household household(variant);
    kept += compare_rewinding(household, model::Strategy::naive);
    kept += compare_rewinding(household, model::Strategy::dpor);
  }
  CHECK(kept > 10'000);
}

TEST_CASE("rewinding: to any step of any run, given up or not", "[rewinding][sim]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    Machine machine(3, 25, seed);
    rewind_anywhere(machine, seed, GoesBack::exactly);
    Household household(seed);
    rewind_anywhere(household, seed, GoesBack::exactly);
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
