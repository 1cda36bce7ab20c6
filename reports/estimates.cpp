#include "reports/estimates.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/console.h"

namespace unswept::reports {
namespace {

using Json = nlohmann::ordered_json;

/// Both ends as `text` has them, if there is an upper one; one of them if they read the same.
template <class Text>
std::string range_text(const model::Estimate& estimate, Text text) {
  if (std::isinf(estimate.high)) return "or more";
  const std::string low = text(estimate.low);
  const std::string high = text(estimate.high);
  return low == high ? low : low + " to " + high;
}

std::string range_of(const SearchEstimate& search) {
  if (search.cost.executions.exact) return "exactly";
  return range_text(search.cost.executions, amount_text);
}

std::string time_of(const SearchEstimate& search) {
  const model::Estimate seconds = search.cost.seconds();
  if (seconds.exact) return duration_text(seconds.value);
  return duration_text(seconds.value) + " (" + range_text(seconds, duration_text) + ')';
}

std::string headline(const CaseEstimate& estimate) {
  const SearchEstimate& first = estimate.searches.front();
  const std::string what =
      fmt::format("{}   {}   {}: ", estimate.scenario, estimate.protocol, first.search);
  const model::Estimate& runs = first.cost.executions;
  if (runs.exact)
    return fmt::format("{}{} runs, {}; it was done meanwhile\n", what, amount_text(runs.value),
                       duration_text(first.cost.seconds().value));
  return fmt::format("{}about {} on one core, for {} runs\n", what, time_of(first),
                     amount_text(runs.value));
}

/// Whether a check would be over earlier.
std::string violation_text(const SearchEstimate& search) {
  if (search.cost.violation)
    return "; ends at run " + amount_text(static_cast<double>(*search.cost.violation)) +
           ", which breaks a promise";
  return search.cost.probe_violated ? "; may end earlier: a probe broke a promise" : "";
}

Json estimate_json(const model::Estimate& estimate) {
  return {{"value", estimate.value},
          {"low", estimate.low},
          {"high", estimate.high},
          {"exact", estimate.exact}};
}

Json search_json(const SearchEstimate& search) {
  Json bounds = Json::object();
  for (const auto& [name, value] : search.bounds) bounds[name] = std::stoull(value);
  const model::Cost& cost = search.cost;
  Json json = {{"search", search.search},
               {"mode", search.mode},
               {"readdir", search.readdir},
               {"bounds", std::move(bounds)},
               {"executions", estimate_json(cost.executions)},
               {"seconds", estimate_json(cost.seconds())},
               {"ran", cost.ran},
               {"probes", cost.probes}};
  if (cost.by_search) json["by_search"] = estimate_json(*cost.by_search);
  if (cost.by_probes) json["by_probes"] = estimate_json(*cost.by_probes);
  if (cost.violation) json["violation_at"] = *cost.violation;
  return json;
}

}  // namespace

std::string duration_text(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  constexpr double kYear = 365.25 * kDay;
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  if (seconds < 2 * kMinute) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * kHour) return fmt::format("{:.0f} min", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("{:.0f} h", seconds / kHour);
  if (seconds < 2 * kYear) return fmt::format("{:.0f} days", seconds / kDay);
  return amount_text(seconds / kYear) + " years";
}

std::string amount_text(double number) {
  constexpr double kCounted = 1e9;
  if (number < kCounted) return with_commas(static_cast<std::uint64_t>(std::llround(number)));
  return fmt::format("{:.1e}", number);
}

std::string render_estimate(const CaseEstimate& estimate) {
  std::string text = headline(estimate);
  std::size_t name = 0;
  std::size_t runs = 0;
  std::size_t range = 0;
  for (const SearchEstimate& search : estimate.searches) {
    name = std::max(name, search.search.size());
    runs = std::max(runs, amount_text(search.cost.executions.value).size());
    range = std::max(range, range_of(search).size());
  }
  for (const SearchEstimate& search : estimate.searches)
    text += fmt::format("  {:<{}}  {:>{}} runs  {:<{}}  {}{}\n", search.search, name,
                        amount_text(search.cost.executions.value), runs, range_of(search), range,
                        time_of(search), violation_text(search));
  for (const std::string& remark : estimate.remarks) text += "  " + remark + '\n';
  return text;
}

std::string render_estimates_json(const std::vector<CaseEstimate>& estimates) {
  Json cases = Json::array();
  for (const CaseEstimate& estimate : estimates) {
    Json searches = Json::array();
    for (const SearchEstimate& search : estimate.searches) searches.push_back(search_json(search));
    cases.push_back({{"scenario", estimate.scenario},
                     {"file", estimate.file},
                     {"protocol", estimate.protocol},
                     {"searches", std::move(searches)},
                     {"remarks", estimate.remarks},
                     {"seconds", estimate.seconds}});
  }
  return Json{{"estimates", std::move(cases)}}.dump(2) + '\n';
}

}  // namespace unswept::reports
