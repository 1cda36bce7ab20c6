// Bounds on preemptions and delays, and raising them.
#include "model/explore/schedule_bounds.h"

#include <algorithm>
#include <set>

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/model/literature.h"

namespace unswept::tests {
namespace {

using model::Raised;
using model::Strategy;
using model::Verdict;

model::ExploreOptions all_of(Strategy strategy) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  return options;
}

/// Names of the final states that an exploration reaches.
struct Reached {
  model::ExploreResult result;
  std::set<model::Fingerprint> finals;
};

Reached reach(const ToyText& text, model::ExploreOptions options) {
  ToyProgram program(text);
  Reached reached;
  options.executed = [&](const model::Program& run, const model::Ending&) {
    reached.finals.insert(run.final_fingerprint());
  };
  reached.result = model::explore(program, options);
  return reached;
}

}  // namespace

TEST_CASE("bounds: no delay leaves exactly one schedule", "[bounds]") {
  for (const ToyText& text : {shared(3, 4), fib(3), readers(5), lastzero(4), account(2)}) {
    auto options = all_of(Strategy::dpor);
    options.bounds.delays = 0;
    const auto [result, finals] = reach(text, options);
    CHECK(result.executions == 1);
    CHECK(result.complete);
    CHECK(result.bounds_hit == std::vector<std::string>{"delays"});
  }
}

TEST_CASE("bounds: delays are counted from the actor whose turn it is, and round again",
          "[bounds]") {
  using model::Deviations;
  using model::ScheduleBounds;
  const ActorSet all = 0b1011;  // actors 0, 1 and 3
  const auto cost = [&](ActorSet enabled, ActorId last, ActorId picked) {
    return ScheduleBounds::after(enabled, last, picked, {}).delays;
  };
  CHECK(cost(all, model::kNoActor, 0) == 0);
  CHECK(cost(all, model::kNoActor, 3) == 2);
  CHECK(cost(all, 1, 1) == 0);
  CHECK(cost(all, 1, 3) == 1);
  CHECK(cost(all, 1, 0) == 2);
  CHECK(cost(all, 2, 3) == 0);  // 2 cannot go on: it is the turn of 3
  CHECK(cost(all, 2, 0) == 1);
  CHECK(cost(model::set_of(ActorId{63}), 63, 63) == 0);

  model::Bounds bounds;
  bounds.delays = 1;
  model::BoundsHit hit;
  const ScheduleBounds one(bounds);
  CHECK(one.allowed(all, 1, {}, hit) == 0b1010);
  CHECK(hit.delays);
  CHECK(one.allowed(all, 1, {.preemptions = 0, .delays = 1}, hit) == 0b0010);
}

TEST_CASE("bounds: one delay in a run of two actors with n steps each", "[bounds]") {
  // Passed over before one of its steps, or not at all: actor 0 first, once interrupted, n + 1
  // ways; the delay of actor 1 (when it comes back, actor 0 has ended) changes nothing.
  auto options = all_of(Strategy::naive);
  options.bounds.delays = 1;
  CHECK(reach(shared(2, 5), options).result.executions == 6);
}

TEST_CASE("bounds: walks keep to them", "[bounds]") {
  for (const Strategy strategy : {Strategy::random, Strategy::pct, Strategy::pos, Strategy::surw}) {
    INFO(to_string(strategy));
    auto options = all_of(strategy);
    options.walks = 300;
    options.bounds.delays = 0;
    CHECK(reach(shared(3, 3), options).finals.size() == 1);
    options.bounds = {};
    options.bounds.preemptions = 1;
    auto complete = all_of(Strategy::naive);
    complete.bounds.preemptions = 1;
    const auto sampled = reach(fib(3), options);
    const auto known = reach(fib(3), complete);
    CHECK(std::ranges::includes(known.finals, sampled.finals));
    CHECK(std::ranges::count(sampled.result.bounds_hit, "preemptions") == 1);
  }
}

TEST_CASE("bounds: each level that a bound is raised to reaches more, and the last one everything",
          "[bounds]") {
  const auto everything = reach(fib(3), all_of(Strategy::dpor));
  for (const Raised raised : {Raised::preemptions, Raised::delays}) {
    std::set<model::Fingerprint> before;
    std::uint64_t executions = 0;
    std::uint32_t level = 0;
    while (before.size() < everything.finals.size()) {
      auto options = all_of(Strategy::naive);
      (raised == Raised::delays ? options.bounds.delays : options.bounds.preemptions) = level++;
      const auto reached = reach(fib(3), options);
      CHECK(std::ranges::includes(reached.finals, before));
      CHECK(reached.result.executions > executions);
      executions = reached.result.executions;
      before = reached.finals;
      REQUIRE(level < 20);
    }
    CHECK(before == everything.finals);

    auto options = all_of(Strategy::dpor);
    options.raised = raised;
    const auto [result, finals] = reach(fib(3), options);
    CHECK(result.verdict == Verdict::pass);
    CHECK(result.complete);
    CHECK(result.bounds_hit.empty());
    CHECK(finals == everything.finals);
    REQUIRE(result.parts.size() > 2);
    CHECK(result.parts[0].name ==
          std::string(raised == Raised::delays ? "delays" : "preemptions") + " <= 0");
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < result.parts.size(); ++i) {
      const model::Part& part = result.parts[i];
      CHECK(part.complete);
      CHECK(part.cut == (i + 1 < result.parts.size()));
      if (i > 0) CHECK(part.executions >= result.parts[i - 1].executions);
      sum += part.executions;
    }
    CHECK(sum == result.executions);
    CHECK(result.parts.back().executions == 48'620);  // all schedules of 9 + 9 steps
  }
}

TEST_CASE("bounds: a bound is raised to where it is said to stop, or a budget ends", "[bounds]") {
  auto options = all_of(Strategy::dpor);
  options.raised = Raised::preemptions;
  options.bounds.preemptions = 1;
  const auto bounded = reach(shared(2, 5), options).result;
  CHECK(bounded.parts.size() == 2);
  CHECK(bounded.complete);
  CHECK(bounded.bounds_hit == std::vector<std::string>{"preemptions"});

  options.bounds.preemptions.reset();
  options.bounds.executions = 30;
  const auto ended = reach(shared(2, 5), options).result;
  CHECK(ended.executions == 30);
  CHECK(ended.verdict == Verdict::inconclusive);
  CHECK_FALSE(ended.complete);
  CHECK(ended.parts.front().complete);
  CHECK_FALSE(ended.parts.back().complete);
}

TEST_CASE("bounds: the level at which a violation shows is the fewest that it needs", "[bounds]") {
  // Two loads must not see a store between them: it takes one preemption.
  ToyText text;
  text.actors.push_back({{Op::load, 0, 0},
                         {Op::load, 1, 0},
                         {Op::jump_unless, 5, 0, 0},
                         {Op::check, 1, 0},
                         {Op::load, 1, 0}});
  text.actors.push_back({{Op::store, 0, 1}});
  auto options = all_of(Strategy::dpor);
  options.stop_at_first_violation = true;
  options.raised = Raised::preemptions;
  const auto result = reach(text, options).result;
  CHECK(result.verdict == Verdict::violation);
  REQUIRE(result.parts.size() == 2);
  CHECK(result.parts[0].violations == 0);
  CHECK(result.parts[0].complete);
  CHECK(result.parts[1].violations == 1);
  REQUIRE(result.counterexample);
  CHECK(result.counterexample->execution == result.executions);
}

}  // namespace unswept::tests
