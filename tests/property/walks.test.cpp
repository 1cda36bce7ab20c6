// Walks that several workers draw are those that one draws, and so is what comes out.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "model/explore/explore.h"
#include "model/explore/trace.h"
#include "tests/catch.h"
#include "tests/property/toy_generator.h"

namespace unswept::tests {
namespace {

using model::ExploreOptions;
using model::ExploreResult;
using model::Strategy;

/// Everything that is reported.
std::string report_of(const ExploreResult& result) {
  std::string text{to_string(result.verdict)};
  for (const std::uint64_t figure :
       {result.executions, result.blocked, result.cut, result.deadlocks, result.violations,
        result.steps, result.depth_max, result.verified, std::uint64_t{result.complete}})
    text += ' ' + std::to_string(figure);
  for (const std::string& bound : result.bounds_hit) text += ' ' + bound;
  for (const model::Part& part : result.parts)
    text += "\n" + part.name + ' ' + std::to_string(part.executions) + ' ' +
            std::to_string(part.steps) + ' ' + std::to_string(part.violations) + ' ' +
            part.guarantee;
  if (const auto& found = result.counterexample)
    text += "\n" + std::to_string(found->execution) + ' ' + found->violation.promise + ' ' +
            found->violation.explanation + ' ' + to_text(found->trace);
  return text;
}

/// Draws with so many workers; counts the walks that were drawn by others than the first, which
/// waits for them, so that there are some however busy the machine is.
ExploreResult draw(const ToyProgram& toy, ExploreOptions options, std::uint32_t workers,
                   std::atomic<std::uint64_t>& by_others) {
  ToyProgram program = toy;
  options.team.size = workers;
  options.team.alone = 20;
  constexpr std::uint64_t kDrawnAlone = 40;  // by then it has looked for help
  std::atomic<bool> helped = false;          // or there was nothing left to help with
  const auto leave = [&](ToyProgram* copy) {
    delete copy;
    helped = true;
  };
  options.team.join = [&](std::uint32_t, const std::function<bool()>&) {
    return std::optional(
        model::Colleague{.program = std::shared_ptr<ToyProgram>(new ToyProgram(toy), leave),
                         .executed = [&](const auto&, const auto&) {
                           ++by_others;
                           helped = true;
                         }});
  };
  if (workers > 1)
    options.executed = [&, drawn = std::uint64_t{0}](const auto&, const auto&) mutable {
      if (++drawn <= kDrawnAlone) return;
      while (!helped) std::this_thread::yield();
    };
  return model::explore(program, options);
}

/// Draws with one, two and three workers.
void require_the_same(const ToyProgram& toy, const ExploreOptions& options,
                      std::atomic<std::uint64_t>& by_others) {
  const std::string expected = report_of(draw(toy, options, 1, by_others));
  for (const std::uint32_t workers : {2U, 3U}) {
    INFO(to_string(options.strategy) << ", " << workers << " workers");
    REQUIRE(report_of(draw(toy, options, workers, by_others)) == expected);
  }
}

std::vector<ToyProfile> profiles() {
  return {{.actors = 2, .steps = 5},
          {.indirect = true, .locks = true, .actors = 3, .steps = 4},
          {.locks = true, .choices = true, .waits = true, .actors = 3, .steps = 4}};
}

/// The promise breaks if one actor takes seven steps before the other takes two.
ToyProgram seldom_broken() {
  ToyText text;
  text.variables = 3;
  text.actors.resize(2);
  text.actors[0] = {{Op::fetch_add, 5, 1, 1}, {Op::load, 0, 0}, {Op::check, 0, 0}};
  for (int i = 0; i < 6; ++i) text.actors[1].push_back({Op::fetch_add, 5, 2, 1});
  text.actors[1].push_back({Op::store, 0, 1});
  return ToyProgram(text);
}

constexpr Strategy kSamplers[] = {Strategy::random, Strategy::pct, Strategy::pos, Strategy::surw};

}  // namespace

TEST_CASE("walks: several workers report what one does, wherever the first violation is") {
  std::atomic<std::uint64_t> by_others = 0;
  std::uint64_t violations = 0;
  for (const ToyProfile& profile : profiles())
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const ToyProgram toy(ToyGenerator(seed, profile).text());
      for (const Strategy strategy : kSamplers) {
        INFO("actors " << profile.actors << ", steps " << profile.steps << ", seed " << seed);
        ExploreOptions options;
        options.strategy = strategy;
        options.seed = seed;
        options.walks = 300;
        if (seed % 3 == 0) options.bounds.preemptions = 1;
        if (seed % 4 == 0) options.bounds.steps = 6;
        if (seed % 5 == 0) options.verify_every = 7;
        if (seed % 7 == 0) options.bounds.executions = 133;
        require_the_same(toy, options, by_others);
        std::atomic<std::uint64_t> ignored = 0;
        if (draw(toy, options, 1, ignored).counterexample) ++violations;
      }
    }
  CHECK(by_others > 100);
  CHECK(violations > 50);
}

TEST_CASE("walks: a violation that comes late is found by several workers where one finds it") {
  const ToyProgram toy = seldom_broken();
  std::atomic<std::uint64_t> by_others = 0;
  std::uint64_t late = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    ExploreOptions options;
    options.strategy = Strategy::random;
    options.seed = seed;
    require_the_same(toy, options, by_others);
    std::atomic<std::uint64_t> ignored = 0;
    const auto found = draw(toy, options, 1, ignored).counterexample;
    REQUIRE(found);
    if (found->execution > 50) ++late;
  }
  CHECK(by_others > 0);
  CHECK(late > 5);
}

TEST_CASE("walks: several workers count the violations that one counts") {
  std::atomic<std::uint64_t> by_others = 0;
  for (const ToyProfile& profile : profiles())
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      INFO("actors " << profile.actors << ", steps " << profile.steps << ", seed " << seed);
      const ToyProgram toy(ToyGenerator(seed, profile).text());
      for (const Strategy strategy : kSamplers) {
        ExploreOptions options;
        options.strategy = strategy;
        options.seed = seed;
        options.walks = 300;
        options.stop_at_first_violation = false;
        options.deadlock_allowed = seed % 2 == 0;
        require_the_same(toy, options, by_others);
      }
    }
  CHECK(by_others > 100);
}

TEST_CASE("walks: several workers end when they are told to, and tell how far they are") {
  const ToyProgram toy(ToyGenerator(3, profiles()[0]).text());
  std::atomic<std::uint64_t> by_others = 0;
  for (const std::uint32_t workers : {1U, 3U}) {
    ExploreOptions options;
    options.strategy = Strategy::random;
    options.walks = 1'000'000;
    options.stop_at_first_violation = false;
    options.progress_every = 1'000;
    double share = 0;
    options.progress = [&](const model::Progress& progress) {
      CHECK(progress.share.value() == static_cast<double>(progress.executions) / 1e6);
      CHECK(*progress.share > share);
      share = *progress.share;
      return progress.executions < 5'000;
    };
    const ExploreResult result = draw(toy, options, workers, by_others);
    CHECK(result.executions >= 5'000);
    CHECK(result.executions < 1'000'000);
    CHECK(result.bounds_hit == std::vector<std::string>{std::string(model::bound::interrupted),
                                                        std::string(model::bound::sampling)});
    CHECK(share > 0);
  }
}

}  // namespace unswept::tests
