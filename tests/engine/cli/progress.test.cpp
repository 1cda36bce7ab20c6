#include "engine/cli/progress.h"

#include <sstream>
#include <thread>

#include "tests/catch.h"

namespace unswept::engine {
namespace {

using namespace std::chrono_literals;
using Unit = os::Progress::Unit;

constexpr ProgressClock::time_point kStart{};

TEST_CASE("progress: rate and time left are the average of the phase", "[progress]") {
  ProgressMeter meter;
  CHECK(meter.line({"sweep", 0, 100}, kStart) == "sweep: 0 of 100 (0%)");
  CHECK(meter.line({"sweep", 10, 100}, kStart + 500ms) == "sweep: 10 of 100 (10%)");
  CHECK(meter.line({"sweep", 20, 100}, kStart + 2s) == "sweep: 20 of 100 (20%), 10/s, 0:08 left");
  CHECK(meter.line({"sweep", 100, 100}, kStart + 5s) == "sweep: 100 of 100 (100%), 20/s");
}

TEST_CASE("progress: another phase starts anew", "[progress]") {
  ProgressMeter meter;
  meter.line({"mark", 0, 10}, kStart);
  CHECK(meter.line({"sweep", 50, 100}, kStart + 10s) == "sweep: 50 of 100 (50%)");
  CHECK(meter.line({"sweep", 60, 100}, kStart + 12s) == "sweep: 60 of 100 (60%), 5/s, 0:08 left");
}

TEST_CASE("progress: bytes are shown as sizes, and an unknown end is left out", "[progress]") {
  ProgressMeter meter;
  constexpr std::uint64_t kMiB = 1 << 20;
  meter.line({"a.fidx", 0, 0, Unit::bytes}, kStart);
  CHECK(meter.line({"a.fidx", 30 * kMiB, 0, Unit::bytes}, kStart + 3s) ==
        "a.fidx: 30.0 MiB, 10.0 MiB/s");
  CHECK(meter.line({"a.fidx", 60 * kMiB, 3660 * kMiB, Unit::bytes}, kStart + 60s) ==
        "a.fidx: 60.0 MiB of 3.6 GiB (2%), 1.0 MiB/s, 1:00:00 left");
}

TEST_CASE("progress: a terminal has one line that is written over", "[progress]") {
  std::ostringstream err;
  ProgressDisplay display(err, ProgressStyle::terminal);
  display.show({"mark", 10, 10}, kStart);
  display.show({"mark", 11, 11}, kStart + 1ms);  // too soon
  display.show({"x", 1, 0}, kStart + 200ms);
  display.clear();
  CHECK(err.str() == "\rmark: 10 of 10 (100%)\rx: 1                 \r    \r");
}

TEST_CASE("progress: a log has a line now and then, and none for what is quick", "[progress]") {
  std::ostringstream err;
  ProgressDisplay display(err, ProgressStyle::log);
  display.show({"mark", 0, 1000}, kStart);
  display.show({"mark", 100, 1000}, kStart + 20s);
  CHECK(err.str().empty());
  display.show({"mark", 300, 1000}, kStart + 30s);
  display.show({"mark", 400, 1000}, kStart + 40s);
  display.show({"mark", 600, 1000}, kStart + 60s);
  CHECK(err.str() ==
        "mark: 300 of 1000 (30%), 10/s, 1:10 left\n"
        "mark: 600 of 1000 (60%), 10/s, 0:40 left\n");
}

TEST_CASE("progress: quiet is quiet", "[progress]") {
  std::ostringstream err;
  ProgressDisplay display(err, ProgressStyle::none);
  for (int i = 0; i < 100; ++i) display.show({"mark", 0, 0}, kStart + i * 10s);
  display.clear();
  CHECK(err.str().empty());
}

TEST_CASE("progress: what several threads say comes in whole lines", "[progress]") {
  std::ostringstream err;
  ProgressDisplay display(err, ProgressStyle::log);
  display.show({"mark", 0, 1000}, kStart);
  constexpr int kLines = 200;
  const auto talk = [&](const std::string& message) {
    for (int i = 0; i < kLines; ++i) {
      display.write_line(message);
      display.show({"mark", 300, 1000}, kStart + i * 30s);
    }
  };
  {
    const std::jthread one([&] { talk("warning: one"); });
    const std::jthread two([&] { talk("warning: another"); });
  }
  std::istringstream lines(err.str());
  int messages = 0;
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    const bool message = line == "warning: one" || line == "warning: another";
    messages += message;
    REQUIRE((message || line.starts_with("mark: 300 of 1000 (30%)")));
  }
  CHECK(messages == 2 * kLines);
}

}  // namespace
}  // namespace unswept::engine
