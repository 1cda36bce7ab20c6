// scenarios/check/estimate.h: what checking a scenario would cost, before it is checked.
//
// Thread safety: as check().
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "reports/estimates.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

struct EstimateOptions {
  double seconds = 10;  // to spend, about
  /// Seconds since some moment.  Required.
  std::function<double()> clock;
  /// Now and then; false ends it with what is known.
  std::function<bool()> go_on;
};

/// The search that a check would make, and its neighbours: other directory orders, and each small
/// bound on preemptions and delays.  A sentence when the store cannot be set up.
std::expected<reports::CaseEstimate, std::string> estimate(const Scenario& scenario,
                                                           std::string_view protocol,
                                                           const EstimateOptions& options);

}  // namespace unswept::scenarios
