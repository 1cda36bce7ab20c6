#include "reports/json.h"

#include <nlohmann/json.hpp>

namespace unswept::reports {
namespace {

using Json = nlohmann::ordered_json;

Json counterexample_json(const Counterexample& example) {
  Json steps = Json::array();
  for (const TraceRow& row : example.rows)
    steps.push_back({{"step", row.step},
                     {"actor", example.actors[row.actor]},
                     {"does", row.text},
                     {"relevant", row.relevant}});
  return {{"claim", example.claim},
          {"run", example.execution},
          {"switches", example.switches},
          {"preemptions", example.preemptions},
          {"fewest_preemptions", example.fewest_preemptions},
          {"operations", example.operations},
          {"explanation", example.explanation},
          {"steps", std::move(steps)}};
}

/// {"preemptions": 2}
Json bounds_json(const CaseResult& result) {
  Json bounds = Json::object();
  for (const auto& [name, value] : result.bounds) bounds[name] = std::stoull(value);
  return bounds;
}

Json precision_json(const model::Precision& precision) {
  Json rows = Json::array();
  for (const model::PrecisionRow& row : precision.rows)
    rows.push_back({{"steps", {row.one, row.other}},
                    {"objects", row.objects},
                    {"races", row.races},
                    {"tried", row.tried},
                    {"commuted", row.commuted}});
  return {{"walks", precision.walks},
          {"races", precision.races},
          {"tried", precision.tried},
          {"commuted", precision.commuted},
          {"pairs", std::move(rows)}};
}

Json state_cache_json(const CaseResult& result) {
  const model::StateCacheFigures& cache = *result.state_cache;
  return {{"states", cache.states},
          {"lookups", cache.lookups},
          {"hits", cache.hits},
          {"partial_hits", cache.partial_hits},
          {"bytes", cache.bytes},
          {"full", cache.full},
          {"collision_probability", cache.collision_probability}};
}

Json parts_json(const CaseResult& result) {
  Json parts = Json::array();
  for (const model::Part& part : result.parts) {
    Json json = {{"name", part.name},         {"executions", part.executions},
                 {"steps", part.steps},       {"violations", part.violations},
                 {"complete", part.complete}, {"cut", part.cut}};
    if (!part.guarantee.empty()) json["guarantee"] = part.guarantee;
    parts.push_back(std::move(json));
  }
  return parts;
}

Json case_json(const CaseResult& result) {
  Json json = {
      {"scenario", result.scenario},
      {"file", result.file},
      {"protocol", result.protocol},
      {"mode", result.mode},
      {"verdict", model::to_string(result.verdict)},
      {"complete", result.complete},
      {"expected", result.expected},
      {"as_expected", result.as_expected},
      {"executions", result.executions},
      {"blocked", result.blocked},
      {"probes", result.probes},
      {"steps", result.steps},
      {"races", result.races},
      {"depth_max", result.depth_max},
      {"failed_operations", result.failed_operations ? Json(*result.failed_operations) : Json()},
      {"seconds", result.seconds},
      {"bounds", bounds_json(result)},
      {"bounds_hit", result.bounds_hit},
      {"remarks", result.remarks}};
  if (!result.shard.empty()) json["shard"] = result.shard;
  if (result.verified) json["verified"] = *result.verified;
  if (result.precision) json["precision"] = precision_json(*result.precision);
  if (result.state_cache) {
    json["pruned"] = result.pruned;
    json["state_cache"] = state_cache_json(result);
  }
  if (!result.parts.empty()) json["parts"] = parts_json(result);
  if (result.counterexample) {
    json["check"] = result.counterexample->promise;
    json["trace"] = result.counterexample->file;
    json["counterexample"] = counterexample_json(*result.counterexample);
  }
  if (!result.divergence.empty()) json["divergence"] = result.divergence;
  return json;
}

}  // namespace

std::string render_json(const Report& report) {
  Json settings = Json::object();
  for (const auto& [name, value] : report.settings) settings[name] = value;
  Json cases = Json::array();
  for (const CaseResult& result : report.cases) cases.push_back(case_json(result));
  const Json json = {{"settings", std::move(settings)},
                     {"seconds", report.seconds},
                     {"interrupted", report.interrupted},
                     {"cases", std::move(cases)}};
  return json.dump(2) + '\n';
}

}  // namespace unswept::reports
