#include "scenarios/check/estimate.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "scenarios/check/every_order.h"
#include "scenarios/check/search_options.h"
#include "scenarios/parse/words.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/directory_orders.h"

namespace unswept::scenarios {
namespace {

/// Bounds that find most violations there are in practice, and soon.
constexpr std::uint32_t kPreemptions = 3;
constexpr std::uint32_t kDelays = 2;

/// What of the time the search of the check gets, where a neighbour gets 1.
constexpr double kFirstShare = 6;

/// A search to be estimated.
struct Candidate {
  std::string name;
  ExploreSpec explore;
  double share = 1;
};

/// Walks are counted, not estimated: what is asked then is what they leave open.
bool samples(SearchMode mode) {
  return mode == SearchMode::random || mode == SearchMode::pct || mode == SearchMode::pos ||
         mode == SearchMode::surw;
}

ExploreSpec searching(ExploreSpec explore) {
  if (samples(explore.mode) || explore.mode == SearchMode::automatic)
    explore.mode = SearchMode::exhaustive;
  explore.raised = model::Raised::none;
  return explore;
}

Candidate first_of(const ExploreSpec& explore) {
  std::string name{to_string(explore.mode)};
  if (explore.bounds.preemptions)
    name += ", preemptions <= " + std::to_string(*explore.bounds.preemptions);
  if (explore.bounds.delays) name += ", delays <= " + std::to_string(*explore.bounds.delays);
  return {std::move(name), explore, kFirstShare};
}

void add_orders(const ExploreSpec& explore, std::vector<Candidate>& candidates) {
  for (const DirectoryOrder order :
       {DirectoryOrder::sorted, DirectoryOrder::reversed, DirectoryOrder::all}) {
    if (explore.directories.empty() && explore.readdir == order) continue;
    Candidate candidate{"directories " + std::string(to_string(order)), explore};
    candidate.explore.directories.clear();
    candidate.explore.readdir = order;
    candidates.push_back(std::move(candidate));
  }
}

void add_bounds(const ExploreSpec& explore, std::vector<Candidate>& candidates) {
  const auto add = [&](const std::string& bound, std::uint32_t most, auto member) {
    for (std::uint32_t level = 0; level <= most; ++level) {
      if (explore.bounds.*member == level) continue;
      Candidate candidate{bound + " <= " + std::to_string(level), explore};
      candidate.explore.bounds.*member = level;
      candidates.push_back(std::move(candidate));
    }
  };
  add("preemptions", kPreemptions, &Bounds::preemptions);
  add("delays", kDelays, &Bounds::delays);
}

class Estimating {
 public:
  Estimating(const Scenario& scenario, std::string_view protocol, const EstimateOptions& options)
      : scenario_(scenario), protocol_(protocol), options_(options) {}

  std::expected<reports::CaseEstimate, std::string> run() {
    const double start = options_.clock();
    result_.scenario = scenario_.name;
    result_.protocol = protocol_;
    const std::vector<Candidate> candidates = all();
    result_.searches.resize(candidates.size());
    double shares = 0;
    for (const Candidate& candidate : candidates) shares += candidate.share;
    // What comes early and is done early leaves its time to the others: small bounds first.
    for (std::size_t i = candidates.size(); i-- > 0;) {
      const double left = options_.seconds - (options_.clock() - start);
      const double mine = left * candidates[i].share / shares;
      shares -= candidates[i].share;
      if (auto wrong = estimate(candidates[i], mine, result_.searches[i]); !wrong.empty())
        return std::unexpected(wrong);
    }
    remark();
    result_.seconds = options_.clock() - start;
    return std::move(result_);
  }

 private:
  std::vector<Candidate> all() const {
    const ExploreSpec explore = searching(scenario_.explore);
    std::vector<Candidate> candidates{first_of(explore)};
    add_orders(explore, candidates);
    add_bounds(explore, candidates);
    return candidates;
  }

  /// A sentence if the store cannot be set up.
  std::string estimate(const Candidate& candidate, double seconds, reports::SearchEstimate& row) {
    const double until = options_.clock() + seconds;
    Scenario scenario = scenario_;
    scenario.explore = candidate.explore;
    auto program = ScenarioProgram::make(scenario, *find_protocol(protocol_));
    if (!program) return program.error();
    CheckOptions check;
    check.clock = options_.clock;
    if (options_.go_on)
      check.progress = [this](const model::Progress&) { return options_.go_on(); };
    const model::ExploreOptions options = explore_options(scenario, check);
    (*program)->keep_turns(true);
    row.search = candidate.name;
    row.mode = to_string(scenario.explore.mode);
    row.readdir = to_string(scenario.explore.readdir);
    const auto& bounds = scenario.explore.bounds;
    if (bounds.preemptions)
      row.bounds.emplace_back(model::bound::preemptions, std::to_string(*bounds.preemptions));
    if (bounds.delays)
      row.bounds.emplace_back(model::bound::delays, std::to_string(*bounds.delays));
    if (finds_contention(scenario.explore) && !(*program)->has_helpers()) {
      look_around(**program, options);
      (*program)->entry_contention().vary_all(false);
    }
    row.cost = model::estimate_cost(**program, options, until - options_.clock());
    return {};
  }

  void remark() {
    if (samples(scenario_.explore.mode))
      result_.remarks.push_back(
          "mode " + std::string(to_string(scenario_.explore.mode)) +
          " draws as many runs as it is told; this is what covers everything");
    const auto orders = [](const reports::SearchEstimate& search) {
      return search.readdir == to_string(DirectoryOrder::all) && !search.cost.executions.exact;
    };
    if (std::ranges::any_of(result_.searches, orders))
      result_.remarks.push_back(
          "directories in every order are searched in rounds, until no more entries turn out to "
          "matter: this is one round");
  }

  const Scenario& scenario_;
  const std::string protocol_;
  const EstimateOptions& options_;
  reports::CaseEstimate result_;
};

}  // namespace

std::expected<reports::CaseEstimate, std::string> estimate(const Scenario& scenario,
                                                           std::string_view protocol,
                                                           const EstimateOptions& options) {
  return Estimating(scenario, protocol, options).run();
}

}  // namespace unswept::scenarios
