// Rendered reports are compared with files; UNSWEPT_APPROVE=1 writes them anew.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "reports/console.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "tests/catch.h"
#include "tests/reports/sample.h"

namespace unswept::reports {
namespace {

std::string baseline(const std::string& name, const std::string& found) {
  const std::string path = UNSWEPT_SOURCE_DIR "/tests/baseline/" + name;
  if (std::getenv("UNSWEPT_APPROVE") != nullptr) std::ofstream(path) << found;
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("reports: a console report equals its baseline", "[reports]") {
  ConsoleStyle style;
  style.statistics = true;
  std::string text = render_settings(sample_report().settings) + '\n';
  for (const CaseResult& result : sample_report().cases)
    text += render_verdict(result, style) + render_counterexample(result, style);
  text += '\n' + render_summary(sample_report(), style);
  CHECK(text == baseline("console.txt", text));
}

TEST_CASE("reports: a table with all steps equals its baseline", "[reports]") {
  ConsoleStyle style;
  style.all_steps = true;
  const std::string text = render_table(*sample_violation().counterexample, style);
  CHECK(text == baseline("table-all-steps.txt", text));
}

TEST_CASE("reports: JSON equals its baseline", "[reports]") {
  const std::string text = render_json(sample_report());
  CHECK(text == baseline("report.json", text));
}

TEST_CASE("reports: JUnit XML equals its baseline, and is escaped", "[reports]") {
  const std::string text = render_junit(sample_report());
  CHECK(text == baseline("junit.xml", text));
  CHECK(text.find("<c1>") == std::string::npos);
}

TEST_CASE("reports: colours appear only where they are asked for", "[reports]") {
  ConsoleStyle style;
  CHECK(render_verdict(sample_pass(), style).find('\x1b') == std::string::npos);
  style.colours = true;
  CHECK(render_verdict(sample_pass(), style).find('\x1b') != std::string::npos);
}

TEST_CASE("reports: exhaustive names the bounds it holds within", "[reports]") {
  CaseResult result = sample_pass();
  result.bounds = {{"preemptions", "0"}, {"timeouts", "1"}};
  CHECK(render_verdict(result, {}).find("exhaustive within preemptions <= 0, timeouts <= 1") !=
        std::string::npos);
}

TEST_CASE("reports: what each part of a search gave has a line, and a place in JSON", "[reports]") {
  CaseResult result = sample_pass();
  result.parts = {{.name = "delays <= 0", .executions = 1, .complete = true, .cut = true},
                  {.name = "delays <= 1", .executions = 1'204, .violations = 2, .cut = true},
                  {.name = "dpor", .executions = 8, .violations = 1, .complete = true},
                  {.name = "pos", .executions = 50, .guarantee = "every order has a chance"}};
  const std::string text = render_verdict(result, {});
  CHECK(text.find("      delays <= 0: 1 run, no violation, all within the bound\n") !=
        std::string::npos);
  CHECK(text.find("      delays <= 1: 1,204 runs, 2 violations, not all within the bound\n") !=
        std::string::npos);
  CHECK(text.find("      dpor: 8 runs, 1 violation, all there are\n") != std::string::npos);
  CHECK(text.find("      pos: 50 runs, no violation; every order has a chance\n") !=
        std::string::npos);
  Report report;
  report.cases = {result};
  const std::string json = render_json(report);
  CHECK(json.find("\"guarantee\": \"every order has a chance\"") != std::string::npos);
}

TEST_CASE("reports: a summary tells that the user stopped the rest", "[reports]") {
  Report report = sample_report();
  report.planned = 5;
  report.interrupted = true;
  CHECK(render_summary(report, {}).find("interrupted in case 2 of 5: 2 checked") == 0);
}

TEST_CASE("reports: large numbers are grouped", "[reports]") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(1234567) == "1,234,567");
}

}  // namespace
}  // namespace unswept::reports
