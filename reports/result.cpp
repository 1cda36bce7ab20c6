#include "reports/result.h"

#include <algorithm>

namespace unswept::reports {

std::size_t Report::unexpected() const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const auto& c) { return !c.as_expected; }));
}

std::string verdict_text(const CaseResult& result) {
  std::string text(model::to_string(result.verdict));
  if (result.verdict == model::Verdict::violation && result.counterexample)
    text += ' ' + result.counterexample->promise;
  return text;
}

}  // namespace unswept::reports
