// bench/literature_bench.cpp: the literature's programs under each reduction.
//
// Each row is one complete exploration; the counts are checked in tests/model.
#include <benchmark/benchmark.h>

#include "model/explore/explore.h"
#include "tests/model/literature.h"

namespace unswept {
namespace {

void explore_row(benchmark::State& state, const tests::ToyText& text, model::Strategy strategy) {
  tests::ToyProgram program(text);
  model::ExploreOptions options;
  options.strategy = strategy;
  model::ExploreResult result;
  for (auto _ : state) result = model::explore(program, options);
  state.counters["executions"] = static_cast<double>(result.executions);
  state.counters["given_up"] = static_cast<double>(result.blocked);
  state.counters["probes"] = static_cast<double>(result.probes);
}

struct Row {
  const char* name;
  tests::ToyText text;
};

const int kRegistered = [] {
  for (const Row& row :
       {Row{"readers/13", tests::readers(13)}, Row{"lastzero/10", tests::lastzero(10)},
        Row{"lastzero/12", tests::lastzero(12)}, Row{"indexer/15", tests::indexer(15)},
        Row{"filesystem/22", tests::filesystem(22)}, Row{"fib/5", tests::fib(5)},
        Row{"sigma/6", tests::sigma(6)}, Row{"lastwrite/7", tests::lastwrite(7)},
        Row{"account/3", tests::account(3)}, Row{"shared/2/9", tests::shared(2, 9)},
        Row{"shared/3/4", tests::shared(3, 4)}})
    for (const auto strategy : {model::Strategy::dpor, model::Strategy::optimal})
      benchmark::RegisterBenchmark(
          ("literature/" + std::string(row.name) + "/" + std::string(to_string(strategy))).c_str(),
          [text = row.text, strategy](benchmark::State& state) {
            explore_row(state, text, strategy);
          })
          ->Unit(benchmark::kMillisecond);
  return 0;
}();

}  // namespace
}  // namespace unswept
