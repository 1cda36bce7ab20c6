// reports/console.h: results for a person at a terminal.
//
// The first screen is enough: verdict, the claim that failed, a table with one
// column per actor, and the lines to rerun it.
#pragma once

#include <string>

#include "reports/result.h"

namespace unswept::reports {

struct ConsoleStyle {
  bool colours = false;
  bool all_steps = false;  // tables leave nothing out
  bool statistics = false;
  std::size_t width = 100;
};

/// "settings: readdir = all, jobs = 1".
std::string render_settings(const std::vector<Setting>& settings);

/// One line: verdict, scenario, protocol, figures.
std::string render_verdict(const CaseResult& result, const ConsoleStyle& style);

/// The claim, the table and how to go on.
std::string render_counterexample(const CaseResult& result, const ConsoleStyle& style);

/// Why, in full.
std::string render_explanation(const Counterexample& counterexample);

/// The last lines: how many of what.
std::string render_summary(const Report& report, const ConsoleStyle& style);

/// The steps as a table; runs of steps that play no part become one line.
std::string render_table(const Counterexample& counterexample, const ConsoleStyle& style);

/// 1234567 as 1,234,567.
std::string with_commas(std::uint64_t number);

}  // namespace unswept::reports
