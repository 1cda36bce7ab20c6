// What the simulated machine costs: one step of each kind, and what surrounds it.
//
// items_per_second counts steps, so 4M/s means 250 ns a step.  The chooser does
// nothing but count, so an explorer's own work comes on top.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <memory>
#include <string>
#include <vector>

#include "sim/fiber.h"
#include "sim/shared.h"
#include "sim/world.h"

namespace {

using namespace unswept;
using model::ActorId;

/// Takes turns among the actors when `alternating`, otherwise stays as long as it can.
class CheapChooser final : public model::Chooser {
 public:
  explicit CheapChooser(bool alternating = false) : alternating_(alternating) {}

  ActorId pick(const model::Situation& situation) override {
    const model::ActorSet enabled = situation.enabled();
    if (alternating_ && situation.last() != model::kNoActor) {
      const model::ActorSet others = enabled & ~model::set_of(situation.last());
      if (others != 0) return static_cast<ActorId>(__builtin_ctzll(others));
    }
    return static_cast<ActorId>(__builtin_ctzll(enabled));
  }
  std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t) override { return 0; }
  void taken(const model::Step&) override { ++steps; }

  std::size_t steps = 0;

 private:
  bool alternating_;
};

/// Runs the world again and again.
void run_world(benchmark::State& state, sim::World& world, bool alternating = false) {
  CheapChooser chooser(alternating);
  for (auto _ : state) world.run(chooser);
  state.SetItemsProcessed(static_cast<std::int64_t>(chooser.steps));
}

constexpr int kCallsPerRun = 100;

/// A path as deep as a chunk's, in a store at /store.
const std::string kChunkDirectory = "/store/.chunks/ab12";
const std::string kChunk =
    kChunkDirectory + "/ab12cdefab12cdefab12cdefab12cdefab12cdefab12cdefab12cdefab12cdef";

struct Store {
  Store() : process(world.add_process("daemon")), os(world.system(process)) {
    for (const char* path : {"/store", "/store/.chunks", "/store/.chunks/ab12"})
      (void)os.mkdir(path);
    os.close(*os.open(kChunk, os::Open::write | os::Open::create));
    world.track_times("/store/.chunks");
  }
  void actor(std::function<void()> body) {
    world.add_actor({.name = "actor", .process = process}, std::move(body));
  }

  sim::World world;
  sim::ProcessId process;
  os::System& os;
};

}  // namespace

// There and back again: two switches.
static void fiber_switch(benchmark::State& state) {
  sim::StackPool stacks(64 * 1024);
  sim::FiberGroup group;
  sim::Fiber main(group);
  struct Both {
    sim::FiberGroup& group;
    sim::Fiber& main;
  } both{group, main};
  sim::Fiber other(
      group, stacks,
      [](void* argument) {
        Both& fibers = *static_cast<Both*>(argument);
        for (;;) fibers.group.switch_to(fibers.main);
      },
      &both);
  for (auto _ : state) group.switch_to(other);
}
BENCHMARK(fiber_switch);

namespace {

/// Fibers that take turns and do nothing else: the least that executions of real code can cost.
class BareFibers {
 public:
  BareFibers(std::size_t fibers, std::size_t turns) : stacks_(64 * 1024), main_(group_) {
    members_.resize(fibers);
    for (std::size_t i = 0; i < fibers; ++i) {
      members_[i].loop = this;
      members_[i].number = i;
      members_[i].fiber = std::make_unique<sim::Fiber>(group_, stacks_, take_turns, &members_[i]);
      order_.insert(order_.end(), turns, i);
    }
  }

  /// Every order of all turns.  Returns how many there are.
  std::size_t run_all() {
    std::size_t runs = 0;
    do {
      at_ = 0;
      group_.switch_to(*members_[order_[0]].fiber);
      ++runs;
    } while (std::next_permutation(order_.begin(), order_.end()));
    return runs;
  }

 private:
  struct Member {
    BareFibers* loop = nullptr;
    std::size_t number = 0;
    std::unique_ptr<sim::Fiber> fiber;
  };
  static void take_turns(void* argument) {
    Member& self = *static_cast<Member*>(argument);
    for (;;) self.loop->take_turn(self.number);
  }
  void take_turn(std::size_t number) {
    benchmark::DoNotOptimize(++total_);
    if (++at_ == order_.size())
      group_.switch_to(main_);
    else if (order_[at_] != number)
      group_.switch_to(*members_[order_[at_]].fiber);
  }

  sim::StackPool stacks_;
  sim::FiberGroup group_;
  sim::Fiber main_;
  std::vector<Member> members_;
  std::vector<std::size_t> order_;
  std::size_t at_ = 0;
  std::size_t total_ = 0;
};

}  // namespace

// As shared_naive in explore_bench.cpp: t fibers, k turns each, every order.
static void bare_fibers(benchmark::State& state) {
  BareFibers fibers(static_cast<std::size_t>(state.range(0)),
                    static_cast<std::size_t>(state.range(1)));
  double executions = 0;
  for (auto _ : state) executions += static_cast<double>(fibers.run_all());
  state.counters["executions/s"] = benchmark::Counter(executions, benchmark::Counter::kIsRate);
}
BENCHMARK(bare_fibers)->Args({2, 10})->Args({3, 4})->Unit(benchmark::kMillisecond);

// A run of one step: reset, prologue, step, end.
static void run_of_one_step(benchmark::State& state) {
  sim::World world;
  const auto process = world.add_process("p");
  sim::Shared<int> x(world, 0);
  world.add_actor({.name = "actor", .process = process}, [&] { x.read(); });
  world.seal();
  run_world(state, world);
}
BENCHMARK(run_of_one_step);

// Two actors that add to one variable, switching at each step.
static void shared_add_alternating(benchmark::State& state) {
  sim::World world;
  const auto process = world.add_process("p");
  sim::Shared<int> x(world, 0);
  for (int i = 0; i < 2; ++i)
    world.add_actor({.name = "adder", .process = process}, [&] {
      for (int k = 0; k < kCallsPerRun; ++k) x.fetch_add(1);
    });
  world.seal();
  run_world(state, world, /*alternating=*/true);
}
BENCHMARK(shared_add_alternating);

// The same without switches: one actor after the other.
static void shared_add_in_a_row(benchmark::State& state) {
  sim::World world;
  const auto process = world.add_process("p");
  sim::Shared<int> x(world, 0);
  for (int i = 0; i < 2; ++i)
    world.add_actor({.name = "adder", .process = process}, [&] {
      for (int k = 0; k < kCallsPerRun; ++k) x.fetch_add(1);
    });
  world.seal();
  run_world(state, world);
}
BENCHMARK(shared_add_in_a_row);

// A file goes to and fro between two directories, three components deep.
static void virtual_rename(benchmark::State& state) {
  Store store;
  const std::string there = "/store/.chunks/there";
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun / 2; ++i) {
      (void)store.os.rename(kChunk, there);
      (void)store.os.rename(there, kChunk);
    }
  });
  store.world.seal();
  run_world(state, store.world);
}
BENCHMARK(virtual_rename);

// Two steps a round.
static void open_and_close(benchmark::State& state) {
  Store store;
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun / 2; ++i)
      store.os.close(*store.os.open(kChunk, os::Open::read));
  });
  store.world.seal();
  run_world(state, store.world);
}
BENCHMARK(open_and_close);

static void stat_file(benchmark::State& state) {
  Store store;
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun; ++i) (void)store.os.stat(kChunk);
  });
  store.world.seal();
  run_world(state, store.world);
}
BENCHMARK(stat_file);

static void touch_file(benchmark::State& state) {
  Store store;
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun; ++i) (void)store.os.touch(kChunk);
  });
  store.world.seal();
  run_world(state, store.world);
}
BENCHMARK(touch_file);

// Two actors take turns touching and looking: a switch at each step.
static void touch_and_stat_alternating(benchmark::State& state) {
  Store store;
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun; ++i) (void)store.os.touch(kChunk);
  });
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun; ++i) (void)store.os.stat(kChunk);
  });
  store.world.seal();
  run_world(state, store.world, /*alternating=*/true);
}
BENCHMARK(touch_and_stat_alternating);

// Open, two batches, close: four steps.
static void list_directory(benchmark::State& state) {
  Store store;
  for (int i = 0; i < 8; ++i)
    store.os.close(*store.os.open(kChunkDirectory + "/" + std::to_string(i),
                                  os::Open::write | os::Open::create));
  store.actor([&] {
    std::vector<os::DirEntry> entries;
    for (int i = 0; i < kCallsPerRun / 4; ++i) {
      const auto fd = store.os.open(kChunkDirectory, os::Open::read | os::Open::directory);
      do (void)store.os.read_directory(*fd, entries);
      while (!entries.empty());
      store.os.close(*fd);
    }
  });
  store.world.seal();
  run_world(state, store.world);
}
BENCHMARK(list_directory);

// Create, write 64 bytes, close, rename into place, unlink: five steps.
static void replace_file(benchmark::State& state) {
  Store store;
  const std::string temporary = kChunk + ".tmp";
  const std::string other = kChunk + "2";
  const std::vector<std::byte> bytes(64);
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun / 5; ++i) {
      const auto fd = store.os.open(temporary, os::Open::write | os::Open::create);
      (void)store.os.write(*fd, bytes);
      store.os.close(*fd);
      (void)store.os.rename(temporary, other);
      (void)store.os.unlink(other);
    }
  });
  store.world.seal();
  run_world(state, store.world);
}
BENCHMARK(replace_file);

// What an explorer pays to ask what a rename would touch; per question.
static void predict_rename(benchmark::State& state) {
  Store store;
  store.actor([&] { (void)store.os.rename(kChunk, "/store/there"); });
  store.world.seal();
  struct Asker final : model::Chooser {
    ActorId pick(const model::Situation& situation) override {
      model::Footprint footprint;
      for (auto _ : state) situation.predict(0, footprint);
      return model::kNoActor;
    }
    std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t) override { return 0; }
    void taken(const model::Step&) override {}
    explicit Asker(benchmark::State& s) : state(s) {}
    benchmark::State& state;
  } asker(state);
  store.world.run(asker);
}
BENCHMARK(predict_rename);

// After a run of `range` touches: everything is taken back.  Per change.
static void reset(benchmark::State& state) {
  Store store;
  store.world.seal();
  for (auto _ : state) {
    for (int i = 0; i < kCallsPerRun / 2; ++i) {
      (void)store.os.rename(kChunk, "/store/there");
      (void)store.os.rename("/store/there", kChunk);
    }
    store.world.reset();
  }
  state.SetItemsProcessed(state.iterations() * kCallsPerRun);
}
BENCHMARK(reset);

// The fingerprint after each touch, as a search with a state cache asks for it.
static void fingerprint(benchmark::State& state) {
  Store store;
  store.actor([&] {
    for (int i = 0; i < kCallsPerRun; ++i) (void)store.os.touch(kChunk);
  });
  store.world.seal();
  struct Asker final : model::Chooser {
    ActorId pick(const model::Situation& situation) override {
      benchmark::DoNotOptimize(situation.fingerprint());
      return 0;
    }
    std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t) override { return 0; }
    void taken(const model::Step&) override { ++steps; }
    std::size_t steps = 0;
  } asker;
  for (auto _ : state) store.world.run(asker);
  state.SetItemsProcessed(static_cast<std::int64_t>(asker.steps));
}
BENCHMARK(fingerprint);
