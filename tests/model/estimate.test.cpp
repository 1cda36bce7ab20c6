// Estimates of how large a search is, against sizes that are known.
#include "model/explore/estimate.h"

#include <cmath>
#include <functional>
#include <memory>

#include "model/explore/tree_probes.h"
#include "tests/catch.h"
#include "tests/model/literature.h"

namespace unswept::tests {
namespace {

using model::Leaves;
using model::Strategy;

/// The mean of many probes, and its standard error.
struct Sampled {
  double mean;
  double error;
};

Sampled sample(std::size_t count, const std::function<Leaves()>& probe) {
  Leaves sum = 0;
  Leaves squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Leaves leaves = probe();
    sum += leaves;
    squares += leaves * leaves;
  }
  const auto n = static_cast<Leaves>(count);
  const Leaves mean = sum / n;
  return {static_cast<double>(mean),
          static_cast<double>(std::sqrt((squares / n - mean * mean) / n))};
}

/// Twice in a million times a right estimate would not be.
bool agrees(const Sampled& sampled, std::uint64_t truth) {
  return std::abs(sampled.mean - static_cast<double>(truth)) <=
         5 * sampled.error + 1e-9 * sampled.mean;
}

model::TreeProbes probes_of(ToyProgram& program, const model::ExploreOptions& options) {
  const bool reduced = options.strategy == Strategy::optimal;
  model::TreeProbes probes(program, {options.bounds, reduced, options.dependence, options.seed});
  if (reduced)
    for (int i = 0; i < 200; ++i) probes.learn();
  return probes;
}

model::ExploreOptions with(Strategy strategy, std::optional<std::uint32_t> preemptions = {},
                           std::optional<std::uint32_t> delays = {}) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.bounds.preemptions = preemptions;
  options.bounds.delays = delays;
  return options;
}

/// Both kinds of probes have the number of executions as their expected value.
void check_probes(const ToyText& text, const model::ExploreOptions& options) {
  ToyProgram program(text);
  const auto truth = model::explore(program, options);
  REQUIRE(truth.complete);
  INFO(truth.executions << " executions");
  auto probes = probes_of(program, options);
  const auto ways = sample(2'000, [&] { return probes.knuth(); });
  INFO("ways down: " << ways.mean << " +- " << ways.error);
  CHECK(agrees(ways, truth.executions));
  for (const std::uint32_t strata : {1U, 8U}) {
    const auto by_strata = sample(60, [&] { return *probes.chen(strata, [] { return true; }); });
    INFO(strata << " strata: " << by_strata.mean << " +- " << by_strata.error);
    CHECK(agrees(by_strata, truth.executions));
  }
}

/// A clock that moves when it is looked at.
std::function<double()> ticking() {
  return [now = std::make_shared<double>(0)] { return *now += 0.001; };
}

model::Cost cost_of(const ToyText& text, model::ExploreOptions options, double seconds) {
  ToyProgram program(text);
  options.clock = ticking();
  return model::estimate_cost(program, options, seconds);
}

}  // namespace

TEST_CASE("estimate: probes of the unreduced tree have its size as their mean", "[estimate]") {
  check_probes(shared(2, 5), with(Strategy::naive));
  check_probes(shared(3, 3), with(Strategy::naive));
  check_probes(lastzero(3), with(Strategy::naive));
}

TEST_CASE("estimate: so they have within bounds on preemptions and delays", "[estimate]") {
  for (std::uint32_t bound : {0U, 1U, 2U}) {
    INFO("bound " << bound);
    check_probes(shared(3, 4), with(Strategy::naive, bound));
    check_probes(shared(3, 4), with(Strategy::naive, {}, bound));
  }
}

TEST_CASE("estimate: probes of the reduced tree have the number of traces as their mean",
          "[estimate]") {
  check_probes(shared(2, 5), with(Strategy::optimal));
  check_probes(readers(6), with(Strategy::optimal));
  check_probes(lastzero(4), with(Strategy::optimal));
  check_probes(fib(3), with(Strategy::optimal));
  ToyText outcomes = readers(2);
  outcomes.actors.push_back({{Op::pick_number, 0, 3}, {Op::load, 1, 0}});
  check_probes(outcomes, with(Strategy::optimal));
}

TEST_CASE("estimate: strata that tell all that matters leave no error", "[estimate]") {
  ToyProgram program(shared(2, 9));
  auto probes = probes_of(program, with(Strategy::naive));
  (void)probes.knuth();
  for (int i = 0; i < 3; ++i) CHECK(*probes.chen(64, [] { return true; }) == 48'620);
}

TEST_CASE("estimate: a probe by strata ends when it is told to", "[estimate]") {
  ToyProgram program(shared(2, 9));
  auto probes = probes_of(program, with(Strategy::naive));
  int asked = 0;
  CHECK_FALSE(probes.chen(8, [&] { return ++asked < 5; }));
  CHECK(asked == 5);
}

TEST_CASE("estimate: what comes to its end in time is known exactly", "[estimate]") {
  for (const Strategy strategy :
       {Strategy::naive, Strategy::dpor, Strategy::optimal, Strategy::stateful}) {
    INFO(to_string(strategy));
    const auto cost = cost_of(lastzero(4), with(strategy), 1e6);
    ToyProgram program(lastzero(4));
    const auto result = model::explore(program, with(strategy));
    CHECK(cost.executions.exact);
    CHECK(cost.executions.value ==
          static_cast<double>(result.executions + result.blocked + result.pruned));
    CHECK(cost.executions.low == cost.executions.high);
    CHECK(cost.probes == 0);
    CHECK_FALSE(cost.violation);
    CHECK(cost.seconds().exact);
  }
}

TEST_CASE("estimate: what does not is probed, and the range holds the truth", "[estimate]") {
  struct Known {
    ToyText text;
    model::ExploreOptions options;
  };
  const Known known[] = {{shared(3, 4), with(Strategy::naive)},
                         {shared(3, 4), with(Strategy::optimal)},
                         {readers(16), with(Strategy::dpor)},
                         {shared(3, 9), with(Strategy::naive, 3)}};
  for (const Known& one : known) {
    ToyProgram program(one.text);
    const auto truth = static_cast<double>(model::explore(program, one.options).executions);
    INFO(truth << " executions");
    const auto cost = cost_of(one.text, one.options, 3);
    CHECK_FALSE(cost.executions.exact);
    CHECK(cost.ran > 0);
    CHECK(static_cast<double>(cost.ran) < truth);
    CHECK(cost.probes > 0);
    CHECK(cost.executions.low <= truth);
    CHECK(cost.executions.high >= truth);
    CHECK(cost.executions.value > truth / 4);
    CHECK(cost.executions.value < truth * 4);
  }
}

TEST_CASE("estimate: with hardly any time it says that there may be any number", "[estimate]") {
  const auto cost = cost_of(shared(3, 6), with(Strategy::naive, 3), 0.01);
  CHECK(std::isinf(cost.executions.high));
  CHECK(cost.executions.value >= static_cast<double>(cost.ran));
}

TEST_CASE("estimate: where a check would end is told", "[estimate]") {
  ToyText text = shared(2, 2);
  text.actors[0].push_back({Op::set_sum, 3, 5, 1});
  text.actors[0].push_back({Op::check, 3, 0});
  const auto cost = cost_of(text, with(Strategy::dpor), 1e6);
  CHECK(cost.executions.exact);
  CHECK(cost.executions.value == 6);
  CHECK(cost.violation == 1);
}

TEST_CASE("estimate: a search's own forecast is its executions by their share", "[estimate]") {
  model::SearchForecast forecast;
  CHECK_FALSE(forecast.total());
  forecast.add(10, 0.5);
  CHECK(forecast.total()->value == 20);
  CHECK(forecast.total()->low == 20);
  forecast.add(20, 0.5);
  CHECK(forecast.total()->value == 40);
  CHECK(forecast.total()->low == 20);  // what it said at half as many
  forecast.add(45, 0.5);
  CHECK(forecast.total()->value == 90);
  CHECK(forecast.total()->low == 90);
  for (std::uint64_t i = 50; i < 10'000; ++i) forecast.add(i, 0.5);
  CHECK(forecast.total()->value == 2 * 9'999);
  CHECK(forecast.total()->low < 1.1 * 9'999);
  CHECK(forecast.total()->high == 2 * 9'999);
}

TEST_CASE("estimate: several workers tell of what they have done, and of nothing else",
          "[estimate]") {
  // A tree in which all ways weigh what they hold.
  constexpr double kTraces = 1 << 14;
  ToyText text;
  text.actors.emplace_back();
  for (int i = 0; i < 7; ++i) text.actors[0].push_back({Op::pick_number, 0, 4});
  ToyProgram program(text);
  model::ExploreOptions options = with(Strategy::dpor);
  options.team.size = 3;
  options.team.alone = 100;
  options.team.join = [&](std::uint32_t, const std::function<bool()>&) {
    return std::optional(model::Colleague{.program = std::make_shared<ToyProgram>(text)});
  };
  options.progress_every = 500;
  double told = 0;
  options.progress = [&](const model::Progress& progress) {
    ++told;
    CHECK(*progress.share * kTraces >= 500 * told - 0.5);  // its own, at least
    CHECK(*progress.share * kTraces <= static_cast<double>(progress.searched) + 0.5);
    return true;
  };
  const auto result = model::explore(program, options);
  REQUIRE(static_cast<double>(result.executions) == kTraces);
  CHECK(told > 0);
}

}  // namespace unswept::tests
