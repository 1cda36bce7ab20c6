#include "scenarios/cli/case_runner.h"

#include <atomic>
#include <latch>
#include <thread>
#include <utility>

#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

/// Cases of scenarios without contents.
class Cases {
 public:
  explicit Cases(const std::vector<std::string>& names) : loaded_(names.size()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      loaded_[i].scenario.name = names[i];
      cases_.push_back({&loaded_[i], "v8"});
    }
  }
  const std::vector<Case>& all() const { return cases_; }
  std::size_t index(const Case& one) const {
    return static_cast<std::size_t>(one.loaded - loaded_.data());
  }

 private:
  std::vector<LoadedScenario> loaded_;
  std::vector<Case> cases_;
};

CaseRunner::Options options(std::uint32_t jobs) {
  return {.jobs = jobs, .clock = [] { return 0.0; }, .asked_to_stop = {}, .check = {}};
}

reports::CaseResult result_of(const Case& one) {
  reports::CaseResult result;
  result.scenario = one.loaded->scenario.name;
  return result;
}

std::string handed_out(CaseRunner& runner) {
  std::string names;
  while (const auto outcome = runner.next([] {})) names += outcome->value().scenario;
  return names;
}

TEST_CASE("case runner: as many at a time as there are jobs, handed out in order", "[jobs]") {
  const Cases cases({"a", "b", "c", "d", "e", "f"});
  for (const std::uint32_t jobs : {1U, 2U, 3U, 6U, 50U}) {
    INFO(jobs << " jobs");
    std::latch together(std::min<std::ptrdiff_t>(jobs, 6));
    std::atomic<std::uint32_t> running = 0;
    std::atomic<bool> too_many = false;
    auto with = options(jobs);
    with.check = [&](const Case& one, const CaseProgress&) -> CaseOutcome {
      if (++running > jobs) too_many = true;
      // Does not return unless the first ones run at once.
      if (cases.index(one) < std::min<std::size_t>(jobs, 6)) together.arrive_and_wait();
      --running;
      return result_of(one);
    };
    CaseRunner runner(cases.all(), with);
    CHECK(handed_out(runner) == "abcdef");
    CHECK_FALSE(too_many);
    CHECK(runner.running().count == 0);
  }
}

TEST_CASE("case runner: whoever ends first waits for those before", "[jobs]") {
  const Cases cases({"a", "b"});
  std::latch second_done(1);
  auto with = options(2);
  with.check = [&](const Case& one, const CaseProgress&) -> CaseOutcome {
    if (cases.index(one) == 0)
      second_done.wait();
    else
      second_done.count_down();
    return result_of(one);
  };
  CaseRunner runner(cases.all(), with);
  CHECK(handed_out(runner) == "ab");
}

TEST_CASE("case runner: cases that write one file follow each other", "[jobs]") {
  const Cases cases({"same", "same", "same"});
  std::atomic<int> running = 0;
  std::atomic<bool> together = false;
  std::string order;
  auto with = options(3);
  with.check = [&](const Case& one, const CaseProgress&) -> CaseOutcome {
    if (++running > 1) together = true;
    order += std::to_string(cases.index(one));
    std::this_thread::yield();
    --running;
    return result_of(one);
  };
  CaseRunner runner(cases.all(), with);
  CHECK(handed_out(runner) == "samesamesame");
  CHECK_FALSE(together);
  CHECK(order == "012");
}

TEST_CASE("case runner: a wish to stop ends what runs and begins nothing more", "[jobs]") {
  const Cases cases({"a", "b", "c", "d"});
  for (const std::uint32_t jobs : {1U, 2U}) {
    INFO(jobs << " jobs");
    std::atomic<bool> stop = false;
    std::atomic<std::uint32_t> begun = 0;
    auto with = options(jobs);
    with.asked_to_stop = [&] { return stop.load(); };
    with.check = [&](const Case& one, const CaseProgress& progress) -> CaseOutcome {
      if (++begun == jobs) stop = true;
      while (progress({.executions = 1, .steps = 2, .depth = 3})) std::this_thread::yield();
      return result_of(one);
    };
    CaseRunner runner(cases.all(), with);
    CHECK(handed_out(runner) == (jobs == 1 ? "a" : "ab"));
    CHECK(begun == jobs);
  }
}

TEST_CASE("case runner: who goes away ends what runs", "[jobs]") {
  const Cases cases({"a", "b", "c"});
  std::atomic<bool> second_begun = false;
  std::atomic<int> ended = 0;
  auto with = options(2);
  with.check = [&](const Case& one, const CaseProgress& progress) -> CaseOutcome {
    if (cases.index(one) == 0) {
      second_begun.wait(false);
      return std::unexpected("cannot be set up");
    }
    second_begun = true;
    second_begun.notify_all();
    while (progress({})) std::this_thread::yield();
    ++ended;
    return result_of(one);
  };
  {
    CaseRunner runner(cases.all(), with);
    const auto first = runner.next([] {});
    REQUIRE(first.has_value());
    REQUIRE_FALSE(first->has_value());
    CHECK(first->error() == "cannot be set up");
  }
  // The third one was begun or not, depending on who was faster.
  CHECK(ended >= 1);
}

TEST_CASE("case runner: what runs adds up, and is told while one waits", "[jobs]") {
  const Cases cases({"a", "b"});
  std::latch begun(2);
  std::latch later(1);
  std::latch told(2);
  std::latch shown(1);
  double now = 0;
  auto with = options(2);
  with.clock = [&now] { return now; };
  with.check = [&](const Case& one, const CaseProgress& progress) -> CaseOutcome {
    // Gone on with: the first steps were taken earlier.
    (void)progress({.executions = 4, .steps = 100, .depth = 30});
    begun.count_down();
    later.wait();
    (void)progress({.executions = 10, .steps = 400, .depth = 30});
    told.count_down();
    shown.wait();
    return result_of(one);
  };
  CaseRunner runner(cases.all(), with);
  begun.wait();
  now = 3;
  later.count_down();
  told.wait();
  bool seen = false;
  const auto first = runner.next([&] {
    if (std::exchange(seen, true)) return;
    const RunningCases running = runner.running();
    CHECK(running.count == 2);
    CHECK(running.oldest == cases.all().data());
    CHECK(running.executions == 20);
    CHECK(running.steps == 800);
    CHECK(running.steps_per_second == 200);
    shown.count_down();
  });
  CHECK(first.has_value());
  CHECK(seen);
}

}  // namespace
}  // namespace unswept::scenarios
