// tests/reports/sample.h: results for reports to render.
#pragma once

#include "reports/result.h"

namespace unswept::reports {

inline CaseResult sample_pass() {
  CaseResult result;
  result.scenario = "move-next-to-gc";
  result.file = "scenarios/race/move-next-to-gc.toml";
  result.protocol = "v8";
  result.mode = "exhaustive";
  result.verdict = model::Verdict::pass;
  result.complete = true;
  result.expected = "pass";
  result.as_expected = true;
  result.remarks = {"directories: ns in every order, others sorted"};
  result.executions = 1522;
  result.blocked = 28;
  result.steps = 311848;
  result.races = 4261;
  result.depth_max = 227;
  result.failed_operations = 412;
  result.seconds = 1.25;
  return result;
}

inline CaseResult sample_violation() {
  CaseResult result = sample_pass();
  result.protocol = "none";
  result.verdict = model::Verdict::violation;
  result.complete = false;
  result.expected = "pass";
  result.as_expected = false;
  result.remarks.clear();
  Counterexample example;
  example.promise = "no-referenced-chunk-unmarked";
  example.claim = "chunk <c1> is referenced by dst/vm/100/2, but was never marked";
  example.actors = {"gc", "mover"};
  example.rows = {{1, 0, "open the store", false},
                  {2, 0, "read-directory dst/vm = end", true},
                  {3, 1, "stat something", false},
                  {4, 1, "stat something else", false},
                  {5, 1,
                   "rename src/vm/100/2026-01-01T00:00:00Z -> dst/vm/100/2026-01-01T00:00:00Z "
                   "which is too long for one line",
                   true},
                  {6, 0, "judge", true},
                  {7, 0, "close", false}};
  example.operations = {"mover: move-group vm/100: done"};
  example.explanation = {"chunk c1 is listed by dst/vm/100/2",
                         "  step 2: gc read dst/vm: the snapshot was at src/vm/100"};
  example.execution = 18204;
  example.switches = 2;
  example.preemptions = 1;
  example.file = "out/move-next-to-gc.none.toml";
  result.counterexample = example;
  return result;
}

inline Report sample_report() {
  Report report;
  report.settings = {{"protocol", "all"}, {"jobs", "1"}};
  report.cases = {sample_pass(), sample_violation()};
  report.seconds = 2.5;
  return report;
}

}  // namespace unswept::reports
