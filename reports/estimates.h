// reports/estimates.h: what searches would cost, for a reader or a program.
#pragma once

#include <string>
#include <vector>

#include "model/explore/estimate.h"
#include "reports/result.h"

namespace unswept::reports {

/// One search that could be made.
struct SearchEstimate {
  std::string search;  // "exhaustive", "preemptions <= 1", "readdir all"
  std::string mode;    // "exhaustive", "naive"
  std::string readdir;
  std::vector<Setting> bounds = {};  // ("preemptions", "1")
  model::Cost cost = {};
};

/// One scenario under one protocol.
struct CaseEstimate {
  std::string scenario;
  std::string file;
  std::string protocol;
  std::vector<SearchEstimate> searches = {};  // the first is the one that a check would make
  std::vector<std::string> remarks = {};
  double seconds = 0;  // spent on this
};

/// A sentence for the first search, and a table of all.
std::string render_estimate(const CaseEstimate& estimate);
std::string render_estimates_json(const std::vector<CaseEstimate>& estimates);

/// "0.2 s", "3 min", "5 h", "12 days", "40 years", "1e+12 years".
std::string duration_text(double seconds);
/// 1,234 or 1.2e+15.
std::string amount_text(double number);

}  // namespace unswept::reports
