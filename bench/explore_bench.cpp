// What exploring costs: the flagship through the real engine, and shared variables with no engine
// behind them.  bench/README.md says what to look for.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/resource.h>

#include "model/explore/explore.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"
#include "sim/shared.h"
#include "sim/world.h"

namespace unswept {
namespace {

double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// Adds up searches, and reports their rates.
class Tally {
 public:
  explicit Tally(benchmark::State& state) : state_(state) {}
  ~Tally() {
    using benchmark::Counter;
    state_.counters["steps/s"] = Counter(steps_, Counter::kIsRate);
    state_.counters["executions/s"] = Counter(executions_, Counter::kIsRate);
    state_.counters["kept"] = steps_ == 0 ? 0 : kept_ / steps_;
    state_.counters["executions"] = Counter(executions_, Counter::kAvgIterations);
    state_.counters["peak_MiB"] = peak_mebibytes();
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  void add(const model::ExploreResult& result) {
    steps_ += static_cast<double>(result.steps);
    kept_ += static_cast<double>(result.replayed_steps);
    executions_ += static_cast<double>(result.executions);
  }

 private:
  benchmark::State& state_;
  double steps_ = 0;
  double kept_ = 0;  // of those, steps that the execution before had taken, too
  double executions_ = 0;
};

/// The flagship is explored up to this many executions: enough for a rate.
constexpr std::uint64_t kFlagshipExecutions = 20'000;

void flagship(benchmark::State& state, std::string_view protocol) {
  const auto scenario =
      scenarios::load_scenario(UNSWEPT_SOURCE_DIR "/scenarios/race/move-next-to-gc.toml");
  if (!scenario) return state.SkipWithError("the flagship cannot be read");
  const auto program =
      scenarios::ScenarioProgram::make(*scenario, *scenarios::find_protocol(protocol));
  if (!program) return state.SkipWithError(program.error().c_str());

  model::ExploreOptions options;
  options.stop_at_first_violation = false;
  options.bounds.executions = kFlagshipExecutions;
  Tally tally(state);
  for (auto _ : state) tally.add(model::explore(**program, options));
}
BENCHMARK_CAPTURE(flagship, none, "none")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(flagship, v8, "v8")->Unit(benchmark::kMillisecond);

/// How an execution begins in the middle of the last one.
enum class GoingBack : bool { by_repeating, by_stack_copies };

/// t actors that add to one variable k times each.
class Adders final : public model::Program {
 public:
  Adders(std::int64_t actors, std::int64_t additions, GoingBack going_back) : total_(world_, 0) {
    const auto process = world_.add_process("adders");
    for (std::int64_t actor = 0; actor < actors; ++actor)
      world_.add_actor({.name = std::to_string(actor),
                        .process = process,
                        .keeps_to_its_stack = going_back == GoingBack::by_stack_copies},
                       [this, additions] {
                         for (std::int64_t i = 0; i < additions; ++i) total_.fetch_add(1);
                       });
    world_.seal();
  }

  model::Ending run(model::Chooser& chooser) override { return world_.run(chooser); }
  std::size_t rewind(std::size_t steps) override { return world_.rewind(steps); }
  model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
  std::string actor_name(model::ActorId actor) const override {
    return std::string(world_.actor_name(actor));
  }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool on) override { world_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return world_.description(step); }

 private:
  sim::World world_;
  sim::Shared<int> total_;
};

void shared(benchmark::State& state, model::Strategy strategy, GoingBack going_back) {
  Adders program(state.range(0), state.range(1), going_back);
  model::ExploreOptions options;
  options.strategy = strategy;
  Tally tally(state);
  for (auto _ : state) tally.add(model::explore(program, options));
}

void shared_naive(benchmark::State& state) {
  shared(state, model::Strategy::naive, GoingBack::by_stack_copies);
}
void shared_naive_repeating(benchmark::State& state) {
  shared(state, model::Strategy::naive, GoingBack::by_repeating);
}
void shared_dpor(benchmark::State& state) {
  shared(state, model::Strategy::dpor, GoingBack::by_stack_copies);
}
void shared_dpor_repeating(benchmark::State& state) {
  shared(state, model::Strategy::dpor, GoingBack::by_repeating);
}
BENCHMARK(shared_naive)->Args({2, 10})->Args({3, 4})->Unit(benchmark::kMillisecond);
BENCHMARK(shared_naive_repeating)->Args({2, 10})->Args({3, 4})->Unit(benchmark::kMillisecond);
BENCHMARK(shared_dpor)->Args({2, 9})->Unit(benchmark::kMillisecond);
BENCHMARK(shared_dpor_repeating)->Args({2, 9})->Unit(benchmark::kMillisecond);

/// What memory a long search needs after its first million executions, and at its end.
void memory_of_a_long_search(benchmark::State& state) {
  constexpr std::uint64_t kMillion = 1'000'000;
  Adders program(2, 15, GoingBack::by_stack_copies);  // 155 million executions
  model::ExploreOptions options;
  options.strategy = state.range(1) == 0 ? model::Strategy::naive : model::Strategy::dpor;
  options.bounds.executions = static_cast<std::uint64_t>(state.range(0)) * kMillion;
  options.progress_every = kMillion;
  double at_first = 0;
  options.progress = [&](const model::Progress& progress) {
    if (progress.executions == kMillion) at_first = peak_mebibytes();
    return true;
  };
  Tally tally(state);
  for (auto _ : state) tally.add(model::explore(program, options));
  state.counters["first_million_MiB"] = at_first;
}

/// Minutes: only when UNSWEPT_BENCH_LONG says how many million executions.
const bool long_ones_registered = [] {
  const char* millions = std::getenv("UNSWEPT_BENCH_LONG");
  if (millions == nullptr) return false;
  for (const int reduced : {0, 1})
    benchmark::RegisterBenchmark("memory_of_a_long_search", memory_of_a_long_search)
        ->Args({std::strtol(millions, nullptr, 10), reduced})
        ->Iterations(1)
        ->Unit(benchmark::kSecond);
  return true;
}();

}  // namespace
}  // namespace unswept
