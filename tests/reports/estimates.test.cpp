// Estimates as they are read.
#include "reports/estimates.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace unswept::reports {
namespace {

CaseEstimate two_searches() {
  CaseEstimate estimate{.scenario = "flagship", .file = "flagship.toml", .protocol = "v8"};
  SearchEstimate first{.search = "exhaustive", .mode = "exhaustive", .readdir = "all"};
  first.cost.executions = {1.6e6, 1e6, 4e6, false};
  first.cost.seconds_per_execution = 1e-4;
  first.cost.ran = 900;
  SearchEstimate bounded{.search = "preemptions <= 1", .mode = "exhaustive", .readdir = "all"};
  bounded.bounds.emplace_back("preemptions", "1");
  bounded.cost.executions = model::Estimate::of(320);
  bounded.cost.seconds_per_execution = 1e-4;
  bounded.cost.violation = 17;
  estimate.searches = {first, bounded};
  return estimate;
}

TEST_CASE("estimates: a sentence, then one line for each search", "[reports]") {
  CHECK(render_estimate(two_searches()) ==
        "flagship   v8   exhaustive: about 3 min (100 s to 7 min) on one core, for 1,600,000 runs\n"
        "  exhaustive        1,600,000 runs  1,000,000 to 4,000,000  3 min (100 s to 7 min)\n"
        "  preemptions <= 1        320 runs  exactly                 0.0 s; ends at run 17, which "
        "breaks a promise\n");
}

TEST_CASE("estimates: too few probes make no upper end", "[reports]") {
  CaseEstimate estimate = two_searches();
  estimate.searches[0].cost.executions.high = std::numeric_limits<double>::infinity();
  CHECK(render_estimate(estimate).find("about 3 min (or more) on one core") != std::string::npos);
  const auto json = nlohmann::json::parse(render_estimates_json({estimate}));
  const auto& first = json["estimates"][0]["searches"][0];
  CHECK(first["executions"]["high"].is_null());
  CHECK(first["executions"]["low"] == 1e6);
}

TEST_CASE("estimates: JSON has every number", "[reports]") {
  const auto json = nlohmann::json::parse(render_estimates_json({two_searches()}));
  const auto& bounded = json["estimates"][0]["searches"][1];
  CHECK(bounded["bounds"]["preemptions"] == 1);
  CHECK(bounded["executions"]["value"] == 320);
  CHECK(bounded["executions"]["exact"] == true);
  CHECK(bounded["violation_at"] == 17);
  CHECK(json["estimates"][0]["searches"][0]["ran"] == 900);
}

TEST_CASE("estimates: durations are read at a glance", "[reports]") {
  CHECK(duration_text(0.04) == "0.0 s");
  CHECK(duration_text(9.94) == "9.9 s");
  CHECK(duration_text(119) == "119 s");
  CHECK(duration_text(120) == "2 min");
  CHECK(duration_text(7'200) == "2 h");
  CHECK(duration_text(200'000) == "2 days");
  CHECK(duration_text(3.2e9) == "101 years");
  CHECK(duration_text(1e30) == "3.2e+22 years");
}

}  // namespace
}  // namespace unswept::reports
