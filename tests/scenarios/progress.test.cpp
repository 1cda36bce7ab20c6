// How far searches are: what they come to, in words, and as JSON.
#include "scenarios/cli/progress.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/cli/pace.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

struct Named {
  LoadedScenario loaded;
  Case one{&loaded, "v8"};
  Named() { loaded.scenario.name = "flagship"; }
};

/// Half of 400 runs in 10 seconds, and other checks next to it.
RunningCases half_way(const Case& one) {
  RunningCases running;
  running.count = 2;
  running.oldest = &one;
  running.executions = 250;
  running.steps = 5'000;
  running.steps_per_second = 500;
  running.searched = 200;
  running.total = model::Estimate{400, 300, 600};
  running.seconds_left = model::Estimate{10, 5, 20};
  return running;
}

model::Progress searched(std::uint64_t executions, double share) {
  return {.executions = executions,
          .steps = 10 * executions,
          .depth = 10,
          .searched = executions,
          .share = share};
}

/// What is printed when the line is shown at these times.
std::string printed(ProgressForm form, bool on_terminal, const std::vector<double>& times,
                    std::size_t columns = 0) {
  const Named named;
  std::ostringstream out;
  std::ostringstream err;
  double now = 0;
  const Terminal terminal{.out = out,
                          .err = err,
                          .live_progress = on_terminal,
                          .clock = [&] { return now; },
                          .interrupted = {},
                          .columns = [=] { return columns; }};
  {
    ProgressLine line(terminal, form);
    for (const double at : times) {
      now = at;
      line.show(half_way(named.one));
    }
  }
  CHECK(out.str().empty());
  return err.str();
}

TEST_CASE("pace: what is left is what the search tells, at the pace of this session",
          "[progress]") {
  Pace pace;
  CHECK(pace.steps_per_second() == 0);
  CHECK_FALSE(pace.total());
  // Gone on with: half of it was done earlier.
  pace.note(searched(1'024, 0.5), 100);
  CHECK(pace.steps_per_second() == 0);
  CHECK(pace.total()->value == 2'048);
  CHECK_FALSE(pace.seconds_left());
  pace.note(searched(1'152, 0.5), 116);
  CHECK(pace.steps_per_second() == 80);
  CHECK(pace.total()->value == 2'304);
  CHECK(pace.total()->low == 2'048);
  CHECK(pace.seconds_left()->value == 144);
  CHECK(pace.seconds_left()->low == 112);
}

TEST_CASE("pace: another search has a forecast of its own", "[progress]") {
  Pace pace;
  pace.note(searched(1'000, 0.001), 0);
  pace.note(searched(2'000, 0.002), 1);
  pace.note(searched(100, 0.5), 2);
  CHECK(pace.total()->value == 200);
  CHECK(pace.total()->high == 200);
  CHECK(pace.steps_per_second() == 0);
  pace.note({.executions = 150, .steps = 3'000, .depth = 1}, 4);  // walks tell of no share
  CHECK_FALSE(pace.total());
  CHECK_FALSE(pace.seconds_left());
  CHECK(pace.steps_per_second() == 1'000);
}

TEST_CASE("progress: what has been done, how much there is, and how long that takes",
          "[progress]") {
  const Named named;
  RunningCases running = half_way(named.one);
  CHECK(progress_text(running, 10) ==
        "flagship v8 and 1 more   250 runs   500 steps/s   10 s   estimate: 400 runs in all (300 "
        "to 600 of late), 10 s left");
  running.states = 1'234;
  CHECK(progress_text(running, 10).find("   1,234 states   ") != std::string::npos);
  running.total.reset();
  running.seconds_left.reset();
  CHECK(progress_text(running, 10).find("estimate") == std::string::npos);
}

TEST_CASE("progress: the same as JSON, and each field is in the guide", "[progress]") {
  const Named named;
  RunningCases running = half_way(named.one);
  CHECK_FALSE(nlohmann::json::parse(progress_json(running, 10)).contains("states"));
  running.states = 1'234;
  const auto json = nlohmann::json::parse(progress_json(running, 10));
  CHECK(json["scenario"] == "flagship");
  CHECK(json["protocol"] == "v8");
  CHECK(json["running"] == 2);
  CHECK(json["executions"] == 250);
  CHECK(json["steps"] == 5'000);
  CHECK(json["steps_per_second"] == 500);
  CHECK(json["seconds"] == 10);
  CHECK(json["states"] == 1'234);
  CHECK(json["searched"] == 200);
  CHECK(json["total"]["value"] == 400);
  CHECK(json["total"]["high"] == 600);
  CHECK(json["seconds_left"]["low"] == 5);
  std::ifstream file(UNSWEPT_SOURCE_DIR "/docs/user-guide.md");
  const std::string guide{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [field, value] : json.items()) {
    INFO(field);
    CHECK(guide.find("\n| `" + field + "` |") != std::string::npos);
  }
}

TEST_CASE("progress: lines of JSON are a second apart", "[progress]") {
  const std::string lines = printed(ProgressForm::json, false, {0.0, 0.4, 0.9, 1.1, 1.9, 2.5});
  CHECK(std::ranges::count(lines, '\n') == 3);
}

TEST_CASE("progress: a log has a line now and then, and none for what is quick", "[progress]") {
  CHECK(printed(ProgressForm::line, false, {0, 1, 29}).empty());
  const std::string lines = printed(ProgressForm::line, false, {0, 29, 31, 40, 62, 80});
  CHECK(std::ranges::count(lines, '\n') == 2);
  CHECK(lines.starts_with("flagship v8"));
}

TEST_CASE("progress: on a terminal one line is written over, and fits", "[progress]") {
  const std::string whole = printed(ProgressForm::line, true, {0, 1});
  CHECK(std::ranges::count(whole, '\n') == 0);
  CHECK(whole.ends_with(" left\r\x1b[K"));
  const std::string cut = printed(ProgressForm::line, true, {0}, 20);
  CHECK(cut == "\r\x1b[Kflagship v8 and 1 m\r\x1b[K");
}

TEST_CASE("progress: nothing is shown if it is not asked for", "[progress]") {
  CHECK(printed(ProgressForm::none, true, {0, 100}).empty());
  CHECK(printed(ProgressForm::none, false, {0, 100}).empty());
}

}  // namespace
}  // namespace unswept::scenarios
