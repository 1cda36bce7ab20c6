// What an exploration reports, and how it ends.
#include <algorithm>
#include <set>

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/model/literature.h"

namespace unswept::tests {
namespace {

using model::Strategy;
using model::Verdict;

/// Two actors add one each, not atomically; the last to finish looks at the sum.
ToyText lost_update() {
  ToyText text;
  text.variables = 2;
  for (int i = 0; i < 2; ++i)
    text.actors.push_back({{Op::load, 0, 0},
                           {Op::store_sum, 0, 0, 1},
                           {Op::fetch_add, 1, 1, 1},
                           {Op::jump_unless, 6, 1, 1},
                           {Op::load, 2, 0},
                           {Op::check, 2, 2}});
  return text;
}

/// Two locks, taken in opposite order.
ToyText crossed_locks() {
  ToyText text;
  text.locks = 2;
  text.actors.push_back({{Op::lock, 0}, {Op::lock, 1}, {Op::unlock, 1}, {Op::unlock, 0}});
  text.actors.push_back({{Op::lock, 1}, {Op::lock, 0}, {Op::unlock, 0}, {Op::unlock, 1}});
  return text;
}

model::ExploreResult run(ToyText text, const model::ExploreOptions& options) {
  ToyProgram program(std::move(text));
  return model::explore(program, options);
}

model::ExploreOptions with(Strategy strategy) {
  model::ExploreOptions options;
  options.strategy = strategy;
  return options;
}

}  // namespace

TEST_CASE("explore: every strategy finds the lost update", "[explore]") {
  for (const Strategy strategy : {Strategy::naive, Strategy::dpor, Strategy::random}) {
    const auto result = run(lost_update(), with(strategy));
    CHECK(result.verdict == Verdict::violation);
    CHECK_FALSE(result.complete);
    REQUIRE(result.counterexample);
    CHECK(result.counterexample->violation.promise == "check");
    CHECK(result.counterexample->run.ending.violations.size() == 1);
    CHECK(result.counterexample->run.steps.front().description.starts_with("load -> 0"));
  }
}

TEST_CASE("explore: all violations are counted when none stops the search", "[explore]") {
  auto options = with(Strategy::naive);
  options.stop_at_first_violation = false;
  const auto result = run(lost_update(), options);
  CHECK(result.verdict == Verdict::violation);
  CHECK(result.complete);
  CHECK(result.violations > 1);
  CHECK(result.executions > result.violations);
}

TEST_CASE("explore: a deadlock is a verdict, or an ending where it is allowed", "[explore]") {
  for (const Strategy strategy : {Strategy::naive, Strategy::dpor}) {
    auto options = with(strategy);
    const auto result = run(crossed_locks(), options);
    CHECK(result.verdict == Verdict::deadlock);
    REQUIRE(result.counterexample);
    CHECK(result.counterexample->violation.promise == "no-deadlock");
    CHECK(result.counterexample->violation.explanation ==
          "actor0 waits for ever\nactor1 waits for ever\n");
    options.deadlock_allowed = true;
    const auto allowed = run(crossed_locks(), options);
    CHECK(allowed.verdict == Verdict::pass);
    CHECK(allowed.complete);
    CHECK(allowed.deadlocks >= 1);
  }
}

TEST_CASE("explore: a budget of executions that runs out makes the verdict inconclusive",
          "[explore]") {
  for (const Strategy strategy : {Strategy::naive, Strategy::dpor}) {
    auto options = with(strategy);
    options.bounds.executions = 10;
    const auto result = run(shared(2, 5), options);
    CHECK(result.verdict == Verdict::inconclusive);
    CHECK_FALSE(result.complete);
    CHECK(result.executions == 10);
    CHECK(result.bounds_hit == std::vector<std::string>{"executions"});
  }
}

TEST_CASE("explore: a budget that is just enough is not hit", "[explore]") {
  auto options = with(Strategy::dpor);
  options.bounds.executions = 252;
  const auto result = run(shared(2, 5), options);
  CHECK(result.verdict == Verdict::pass);
  CHECK(result.complete);
  CHECK(result.bounds_hit.empty());
}

TEST_CASE("explore: a bound on steps cuts executions and says so", "[explore]") {
  for (const Strategy strategy : {Strategy::naive, Strategy::dpor, Strategy::random}) {
    auto options = with(strategy);
    options.walks = 10;
    options.bounds.steps = 6;
    const auto result = run(shared(2, 5), options);
    CHECK(result.verdict == Verdict::inconclusive);
    CHECK(result.executions == 0);
    CHECK(result.cut > 0);
    CHECK(result.depth_max == 6);
    CHECK(std::ranges::count(result.bounds_hit, "steps") == 1);
  }
}

TEST_CASE("explore: time is what the caller's clock says", "[explore]") {
  auto options = with(Strategy::naive);
  double now = 0;
  options.clock = [&] { return now += 1; };
  options.bounds.seconds = 5;
  const auto result = run(shared(2, 6), options);
  CHECK(result.verdict == Verdict::inconclusive);
  CHECK(result.bounds_hit == std::vector<std::string>{"seconds"});
}

TEST_CASE("explore: progress is reported and may end the exploration", "[explore]") {
  auto options = with(Strategy::dpor);
  options.progress_every = 50;
  std::vector<std::uint64_t> seen;
  options.progress = [&](const model::Progress& progress) {
    seen.push_back(progress.executions);
    return progress.executions < 150;
  };
  const auto result = run(shared(2, 5), options);
  CHECK(seen == std::vector<std::uint64_t>{50, 100, 150});
  CHECK(result.bounds_hit == std::vector<std::string>{"interrupted"});
}

/// What the search says of its tree after each execution but the last.
std::vector<double> shares(const ToyText& text, model::ExploreOptions options) {
  std::vector<double> seen;
  options.progress_every = 1;
  options.progress = [&](const model::Progress& progress) {
    CHECK(progress.searched == seen.size() + 1);
    seen.push_back(progress.share.value_or(-1));
    return true;
  };
  CHECK(run(text, options).complete);
  return seen;
}

TEST_CASE("explore: a search knows what share of its tree is behind it", "[explore]") {
  for (const Strategy strategy :
       {Strategy::naive, Strategy::dpor, Strategy::optimal, Strategy::stateful}) {
    INFO(to_string(strategy));
    ToyText outcomes;
    outcomes.actors.push_back({{Op::pick_number, 0, 4}, {Op::pick_number, 1, 2}});
    CHECK(shares(outcomes, with(strategy)) ==
          std::vector<double>{0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875});
    CHECK(shares(readers(1), with(strategy)) == std::vector<double>{0.5});
    // Backtrack points that come late make it smaller; but it is never all.
    for (const double share : shares(lastzero(4), with(strategy))) {
      CHECK(share > 0);
      CHECK(share < 1);
    }
  }
  // Two actors with two steps each: 0011 0110 0101 1100 1001 1010.
  CHECK(shares(shared(2, 2), with(Strategy::naive)) ==
        std::vector<double>{0.25, 0.375, 0.5, 0.75, 0.875});
  auto bounded = with(Strategy::naive);
  bounded.bounds.preemptions = 0;
  CHECK(shares(shared(2, 2), bounded) == std::vector<double>{0.5});
  for (const Strategy walks : {Strategy::random, Strategy::pct}) {
    auto options = with(walks);
    options.progress_every = 1;
    options.walks = 64;
    options.progress = [](const model::Progress& progress) {
      return progress.share == static_cast<double>(progress.executions) / 64;
    };
    CHECK(run(shared(2, 2), options).bounds_hit == std::vector<std::string>{"sampling"});
  }
}

TEST_CASE("explore: a bound on preemptions narrows the space and is named", "[explore]") {
  auto options = with(Strategy::naive);
  options.bounds.preemptions = 0;
  const auto none = run(shared(2, 5), options);
  CHECK(none.executions == 2);
  CHECK(none.complete);
  CHECK(none.verdict == Verdict::pass);
  CHECK(none.bounds_hit == std::vector<std::string>{"preemptions"});
  options.bounds.preemptions = 1;
  CHECK(run(shared(2, 5), options).executions == 2 + 2 * 4);
  options.bounds.preemptions = 100;
  const auto all = run(shared(2, 5), options);
  CHECK(all.executions == 252);
  CHECK(all.bounds_hit.empty());
}

TEST_CASE("explore: a program that something else decides about is nondeterministic", "[explore]") {
  for (const Strategy strategy : {Strategy::naive, Strategy::dpor}) {
    ToyProgram program(shared(2, 3));
    program.leak_runs_into(0);
    const auto result = model::explore(program, with(strategy));
    CHECK(result.verdict == Verdict::nondeterministic);
    REQUIRE(result.divergence);
    CHECK(result.divergence->what == "step");
    CHECK(result.executions + result.blocked <= 1);
  }
}

TEST_CASE("explore: random walks are the same for the same seed and differ for others",
          "[explore]") {
  const auto finals = [](std::uint64_t seed) {
    std::vector<model::Fingerprint> list;
    auto options = with(Strategy::random);
    options.seed = seed;
    options.walks = 20;
    options.executed = [&](const model::Program& program, const model::Ending&) {
      list.push_back(program.final_fingerprint());
    };
    const auto result = run(fib(3), options);
    CHECK(result.bounds_hit == std::vector<std::string>{"sampling"});
    CHECK(result.verdict == Verdict::inconclusive);
    return list;
  };
  CHECK(finals(1) == finals(1));
  CHECK(finals(1) != finals(2));
}

TEST_CASE("explore: naive runs every schedule and counts their traces", "[explore]") {
  auto options = with(Strategy::naive);
  options.count_traces = true;
  const auto result = run(readers(4), options);
  CHECK(result.executions == 120);
  CHECK(result.traces == 16U);
  CHECK(run(distinct(2, 4), options).traces == 1U);
}

// What makes an actor need not touch anything that the actor's steps touch.
TEST_CASE("explore: an actor that comes late may come before what it races with", "[explore]") {
  ToyText text;
  text.actors = {{{Op::store, 0, 7}}, {{Op::spawn, 2}}, {{Op::load, 0, 0}}};
  text.spawned = model::set_of(2);
  for (const Strategy strategy :
       {Strategy::naive, Strategy::dpor, Strategy::optimal, Strategy::stateful}) {
    INFO(to_string(strategy));
    std::set<model::Fingerprint> ends;
    model::ExploreOptions options = with(strategy);
    options.executed = [&](const model::Program& run, const model::Ending&) {
      ends.insert(run.final_fingerprint());
    };
    CHECK(run(text, options).complete);
    CHECK(ends.size() == 2);
  }
}

TEST_CASE("explore: the same options give the same result twice", "[explore]") {
  const auto first = run(lastzero(6), with(Strategy::dpor));
  const auto second = run(lastzero(6), with(Strategy::dpor));
  CHECK(first.steps == second.steps);
  CHECK(first.blocked == second.blocked);
  CHECK(first.races == second.races);
}

}  // namespace unswept::tests
