// Remembering states on the real engine: a state's fingerprint determines what comes after it, and
// the search that relies on this finds what dpor finds.
//
// UNSWEPT_WALKS=n takes n walks through each scenario in place of 60.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>

#include "model/explore/explore.h"
#include "model/explore/mix.h"
#include "model/explore/random_walk.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

std::uint64_t walks() {
  const char* setting = std::getenv("UNSWEPT_WALKS");
  return setting == nullptr ? 60 : std::strtoull(setting, nullptr, 10);
}

struct Subject {
  explicit Subject(Scenario what, const std::string& protocol = "v8")
      : scenario(std::move(what)),
        program(*ScenarioProgram::make(scenario, *find_protocol(protocol))) {}

  const Scenario scenario;
  const std::unique_ptr<ScenarioProgram> program;
};

Scenario scenario_file(const std::string& file) {
  return *load_scenario(UNSWEPT_SOURCE_DIR "/scenarios/" + file);
}

/// What an explorer can see of a situation, fingerprint apart.
std::uint64_t look_at(const model::Situation& situation) {
  std::uint64_t digest = model::mix(situation.enabled()) + model::mix(~situation.pending());
  model::Footprint footprint;
  for (model::ActorId actor = 0; actor < model::kActorsMax; ++actor) {
    if (!model::contains(situation.pending(), actor)) continue;
    situation.predict(actor, footprint);
    std::set<std::pair<model::ObjectId, model::Mode>> uses;
    for (const model::Access& access : footprint.accesses())
      uses.emplace(access.object, access.mode);
    digest = model::mix(digest ^ situation.op(actor));
    for (const auto& [object, mode] : uses)
      digest = model::mix(digest ^ object) + static_cast<std::uint64_t>(mode);
  }
  return digest;
}

/// Passes everything on, and compares what follows from states with one fingerprint.
class FutureChecker final : public model::Chooser {
 public:
  void begin(model::Chooser& inner) {
    inner_ = &inner;
    before_.reset();
  }
  std::uint64_t revisited() const { return revisited_; }
  std::uint64_t differences() const { return differences_; }

  model::ActorId pick(const model::Situation& situation) override {
    const model::Fingerprint state = situation.fingerprint();
    expect(looks_, state, look_at(situation));
    if (before_) expect(steps_, *before_, model::mix(state.low ^ result_) + state.high);
    const model::ActorId actor = inner_->pick(situation);
    before_ = {state.high + model::mix(actor), state.low};
    return actor;
  }
  std::uint32_t choose(model::ActorId actor, model::ChoiceKind kind, std::uint32_t count) override {
    const std::uint32_t answer = inner_->choose(actor, kind, count);
    before_->high = model::mix(before_->high + answer);
    return answer;
  }
  void taken(const model::Step& step) override {
    result_ = step.result;
    inner_->taken(step);
  }
  void ended(const model::Situation& situation) override { inner_->ended(situation); }

 private:
  using Known = std::map<model::Fingerprint, std::uint64_t>;
  void expect(Known& known, const model::Fingerprint& key, std::uint64_t value) {
    const auto [place, fresh] = known.emplace(key, value);
    if (fresh) return;
    ++revisited_;
    if (place->second != value) ++differences_;
  }

  model::Chooser* inner_ = nullptr;
  Known looks_;
  Known steps_;
  std::optional<model::Fingerprint> before_;
  std::uint64_t result_ = 0;
  std::uint64_t revisited_ = 0;
  std::uint64_t differences_ = 0;
};

struct Found {
  std::set<model::Fingerprint> ends;
  std::set<std::string> promises;
  model::ExploreResult result;
};

Scenario in_every_order(const std::string& file) {
  Scenario scenario = scenario_file(file);
  scenario.check.sometimes.clear();
  scenario.explore.readdir = DirectoryOrder::all;
  scenario.explore.bounds.timeouts = 0;
  return scenario;
}

Found explore_all(ScenarioProgram& program, model::Strategy strategy) {
  Found found;
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.executed = [&](const model::Program& run, const model::Ending& ending) {
    found.ends.insert(run.final_fingerprint());
    for (const auto& violation : ending.violations) found.promises.insert(violation.promise);
  };
  options.pruned = [&](const model::Program&, const model::Ending& ending) {
    for (const auto& violation : ending.violations) found.promises.insert(violation.promise);
  };
  found.result = model::explore(program, options);
  return found;
}

constexpr const char* kScenarios[] = {
    "race/move-next-to-gc.toml",          "race/merge.toml",
    "race/move-out-of-nested.toml",       "lifecycle/backup-next-to-gc.toml",
    "lifecycle/forget-next-to-move.toml", "namespace/remove-next-to-gc.toml",
    "journal/append-while-draining.toml"};

}  // namespace

TEST_CASE("scenarios: states with one fingerprint have one future", "[stateful]") {
  for (const char* file : kScenarios) {
    INFO(file);
    Scenario scenario = scenario_file(file);
    scenario.check.sometimes.clear();  // while one is open, no two states are the same
    const Subject subject(std::move(scenario));
    FutureChecker checker;
    model::RandomWalks search(1, walks(), {});
    do {
      search.begin(0);
      checker.begin(search);
      subject.program->run(checker);
    } while (search.advance());
    CHECK(checker.revisited() > walks());
    CHECK(checker.differences() == 0);
  }
}

TEST_CASE("scenarios: remembering states finds what dpor finds", "[stateful]") {
  for (const char* file : kScenarios)
    for (const char* protocol : {"none", "v8"}) {
      INFO(file << " under " << protocol);
      const Subject with_dpor(scenario_file(file), protocol);
      const Subject with_memory(scenario_file(file), protocol);
      const Found truth = explore_all(*with_dpor.program, model::Strategy::dpor);
      const Found found = explore_all(*with_memory.program, model::Strategy::stateful);
      REQUIRE(truth.result.complete);
      REQUIRE(found.result.complete);
      CHECK(found.ends == truth.ends);
      CHECK(found.promises == truth.promises);
      CHECK(found.result.verdict == truth.result.verdict);
      CHECK(with_memory.program->sometimes().unmet() == with_dpor.program->sometimes().unmet());
      WARN(file << " " << protocol << ": " << truth.result.executions << " executions, or "
                << found.result.executions << " and " << found.result.pruned << " pruned, "
                << found.result.state_cache->states << " states");
    }
}

// In one order hardly two histories of an operation meet; in every order most of them do.
TEST_CASE("scenarios: remembering states finds what dpor finds in every order", "[stateful]") {
  for (const char* file :
       {"race/move-next-to-gc.toml", "race/merge.toml", "race/move-into-the-root.toml",
        "race/two-jobs-next-to-a-move.toml", "lifecycle/backup-next-to-gc.toml",
        "lifecycle/forget-next-to-gc.toml", "namespace/create-next-to-gc.toml"})
    for (const char* protocol : {"none", "v8"}) {
      INFO(file << " under " << protocol);
      const Subject with_dpor(in_every_order(file), protocol);
      const Subject with_memory(in_every_order(file), protocol);
      const Found truth = explore_all(*with_dpor.program, model::Strategy::dpor);
      const Found found = explore_all(*with_memory.program, model::Strategy::stateful);
      REQUIRE(truth.result.complete);
      REQUIRE(found.result.complete);
      CHECK(found.ends == truth.ends);
      CHECK(found.promises == truth.promises);
      CHECK(found.result.verdict == truth.result.verdict);
      WARN(file << " " << protocol << ": " << truth.result.executions << " executions, or "
                << found.result.executions << " and " << found.result.pruned << " pruned, "
                << found.result.state_cache->states << " states");
    }
}

TEST_CASE("scenarios: what has been dealt with is forgotten, in whatever order it came",
          "[stateful]") {
  const auto states = [](DirectoryOrder order) {
    Scenario scenario = in_every_order("race/move-across-three-namespaces.toml");
    scenario.explore.readdir = order;
    const Subject subject(std::move(scenario));
    const Found found = explore_all(*subject.program, model::Strategy::stateful);
    CHECK(found.result.complete);
    return found.result.state_cache->states;
  };
  // A collection reads three namespaces twice.
  constexpr std::uint64_t kPairsOfOrders = 36;
  const std::uint64_t sorted = states(DirectoryOrder::sorted);
  const std::uint64_t all = states(DirectoryOrder::all);
  CHECK(all < kPairsOfOrders * sorted / 2);
  WARN("sorted: " << sorted << " states, in every order: " << all);
}

TEST_CASE("scenarios: what an actor does one after the other adds up", "[stateful]") {
  const auto runs = [](std::size_t collections) {
    Scenario scenario = scenario_file("race/move-next-to-gc.toml");
    scenario.check.sometimes.clear();
    for (ActorSpec& actor : scenario.actors)
      if (actor.name == "gc") actor.operations.resize(collections, actor.operations.front());
    const Subject subject(std::move(scenario));
    const Found found = explore_all(*subject.program, model::Strategy::stateful);
    CHECK(found.result.complete);
    return found.result.executions + found.result.pruned;
  };
  const std::uint64_t one = runs(1);
  const std::uint64_t two = runs(2);
  const std::uint64_t three = runs(3);
  // Multiplying, each would cost the same factor again.
  CHECK(three * one < two * two / 2);
  WARN("1, 2, 3 collections: " << one << ", " << two << ", " << three << " executions");
}

}  // namespace unswept::scenarios
