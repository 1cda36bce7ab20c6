// What operations say they still know (engine/os/knowledge.h): where two histories come to one
// fingerprint, nothing that follows tells them apart.
//
// UNSWEPT_WALKS=n takes n walks through each scenario in place of 40.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

#include "model/explore/explore.h"
#include "model/explore/mix.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

std::uint64_t walks() {
  const char* setting = std::getenv("UNSWEPT_WALKS");
  return setting == nullptr ? 40 : std::strtoull(setting, nullptr, 10);
}

Scenario in_every_order(const std::string& file) {
  Scenario scenario = *load_scenario(UNSWEPT_SOURCE_DIR "/" + file);
  scenario.check.sometimes.clear();  // while one is open, no two states are the same
  scenario.explore.order.clear();
  scenario.explore.readdir = DirectoryOrder::all;
  return scenario;
}

struct Hash {
  std::size_t operator()(const model::Fingerprint& state) const { return state.low; }
};

/// Who took each step, and how each choice came out.
using Decisions = std::vector<std::uint32_t>;

/// What can be seen of a run from some step on.
struct Seen {
  std::vector<std::uint64_t> steps;  // who could go on, what was done, touched and answered
  std::vector<model::Fingerprint> states;
  bool operator==(const Seen&) const = default;
};

/// Takes the steps of `decisions`, then goes on at random; tells what it sees from there on.
class Follower final : public model::Chooser {
 public:
  Follower(const Decisions& decisions, std::uint64_t seed) : decisions_(decisions), random_(seed) {}

  model::ActorId pick(const model::Situation& situation) override {
    const bool follows = at_ < decisions_.size();
    const model::Fingerprint state = situation.fingerprint();
    visits_.push_back({state, taken_.size()});
    if (!follows) {
      seen.states.push_back(state);
      seen.steps.push_back(model::mix(situation.enabled()) + model::mix(~situation.pending()));
    }
    if (!follows && stops) return model::kNoActor;
    const model::ActorId actor =
        follows ? static_cast<model::ActorId>(decisions_[at_++]) : any_of(situation.enabled());
    taken_.push_back(actor);
    return actor;
  }
  std::uint32_t choose(model::ActorId, model::ChoiceKind, std::uint32_t count) override {
    const std::uint32_t answer = at_ < decisions_.size() ? decisions_[at_++] : random() % count;
    taken_.push_back(answer);
    return answer;
  }
  void taken(const model::Step& step) override {
    if (at_ < decisions_.size() || taken_.size() <= decisions_.size()) return;
    std::set<std::pair<model::ObjectId, model::Mode>> uses;
    for (const model::Access& access : step.footprint) uses.emplace(access.object, access.mode);
    std::uint64_t digest = model::mix(step.result) + step.actor + (std::uint64_t{step.op} << 32);
    for (const auto& [object, mode] : uses)
      digest = model::mix(digest ^ object) + static_cast<std::uint64_t>(mode);
    seen.steps.push_back(digest);
  }

  /// A state that the run came to, and how many decisions had led to it.
  struct Visit {
    model::Fingerprint state;
    std::size_t decisions;
  };

  bool stops = false;  // where decisions end
  Seen seen;
  const std::vector<Visit>& visits() const { return visits_; }
  const Decisions& decisions() const { return taken_; }

 private:
  std::uint32_t random() {
    random_ = model::mix(random_ + 0x9e3779b97f4a7c15U);
    return static_cast<std::uint32_t>(random_ >> 32);
  }
  model::ActorId any_of(model::ActorSet set) {
    for (auto skip = random() % static_cast<std::uint32_t>(__builtin_popcountll(set)); skip != 0;
         --skip)
      set &= set - 1;
    return static_cast<model::ActorId>(__builtin_ctzll(set));
  }

  const Decisions& decisions_;
  std::uint64_t random_;
  std::size_t at_ = 0;
  Decisions taken_;
  std::vector<Visit> visits_;
};

/// How a run went from where the decisions ended.
struct Future {
  Seen seen;
  std::vector<std::string> broken;  // promises, in the order in which they broke
  model::Fingerprint end;
  bool operator==(const Future&) const = default;
};

Future future_of(ScenarioProgram& program, const Decisions& decisions, std::uint64_t seed) {
  Follower prefix(decisions, seed);
  prefix.stops = true;
  const std::size_t broken_before = program.run(prefix).violations.size();
  Follower follower(decisions, seed);
  const model::Ending ending = program.run(follower);
  Future future{std::move(follower.seen), {}, program.final_fingerprint()};
  for (std::size_t i = broken_before; i < ending.violations.size(); ++i)
    future.broken.push_back(ending.violations[i].promise);
  return future;
}

struct Comparison {
  std::uint64_t pairs = 0;
  std::uint64_t differences = 0;
  std::string first;  // of the differences
};

/// The step with which two futures part, taken after each of two ways.
std::string where_they_part(ScenarioProgram& program, const Decisions& one, const Decisions& other,
                            std::uint64_t seed) {
  const Future futures[] = {future_of(program, one, seed), future_of(program, other, seed)};
  const auto& steps = futures[0].seen.steps;
  const auto parted = static_cast<std::size_t>(
      std::ranges::mismatch(steps, futures[1].seen.steps).in1 - steps.begin());
  const auto& states = futures[0].seen.states;
  const auto other_state = static_cast<std::size_t>(
      std::ranges::mismatch(states, futures[1].seen.states).in1 - states.begin());
  std::string text = "steps differ from " + std::to_string(parted) + " on, states from " +
                     std::to_string(other_state) + " on:";
  program.record_descriptions(true);
  for (const Decisions* way : {&one, &other}) {
    Follower prefix(*way, seed);
    prefix.stops = true;
    program.run(prefix);
    const std::size_t taken = prefix.visits().size() - 1;
    Follower follower(*way, seed);
    program.run(follower);
    text += "\n  way:";
    for (std::size_t i = 0; i < follower.visits().size() - 1; ++i)
      if (i + 40 > taken && i <= taken + other_state)
        text += (i == taken ? "\n    --" : "\n    ") + std::string(program.description(i));
  }
  program.record_descriptions(false);
  return text;
}

using Ways = std::unordered_map<model::Fingerprint, Decisions, Hash>;

/// Where a walk comes to a state that another way has led to, and did not follow that way before.
std::vector<std::pair<Decisions, Decisions>> meetings(const Follower& walk, Ways& known) {
  std::vector<std::pair<Decisions, Decisions>> pairs;
  bool apart = false;
  for (const Follower::Visit& visit : walk.visits()) {
    const auto& all = walk.decisions();
    Decisions way(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(visit.decisions));
    const auto [place, is_new] = known.emplace(visit.state, way);
    const bool meets = !is_new && place->second != way;
    if (meets && apart) pairs.emplace_back(place->second, std::move(way));
    apart = !meets;
  }
  return pairs;
}

/// Walks, and where a walk meets another takes both ways again and goes on alike.
Comparison compare_futures(ScenarioProgram& program, std::uint64_t count) {
  constexpr std::size_t kPairsOfWalk = 8;
  Comparison comparison;
  Ways known;
  for (std::uint64_t walk = 0; walk < count; ++walk) {
    const Decisions none;
    Follower walker(none, walk);
    program.run(walker);
    const auto pairs = meetings(walker, known);
    const std::size_t stride = std::max<std::size_t>(1, pairs.size() / kPairsOfWalk);
    for (std::size_t i = walk % stride; i < pairs.size(); i += stride) {
      ++comparison.pairs;
      const auto& [one, other] = pairs[i];
      if (future_of(program, one, walk) == future_of(program, other, walk)) continue;
      if (comparison.differences++ == 0)
        comparison.first = where_they_part(program, one, other, walk);
    }
  }
  return comparison;
}

constexpr const char* kScenarios[] = {"scenarios/race/move-next-to-gc.toml",
                                      "scenarios/race/there-and-back.toml",
                                      "scenarios/race/two-groups.toml",
                                      "scenarios/race/merge.toml",
                                      "scenarios/race/move-out-of-nested.toml",
                                      "scenarios/race/two-jobs-next-to-a-move.toml",
                                      "scenarios/lifecycle/backup-and-prune-next-to-gc.toml",
                                      "scenarios/lifecycle/forget-next-to-gc.toml",
                                      "scenarios/namespace/move-namespace-next-to-gc.toml",
                                      "scenarios/journal/two-collectors-one-daemon.toml",
                                      "bench/scenarios/two-hops-three-namespaces.toml"};

/// A store in which a collection may deal with much, and nothing but what it knows shows how far it
/// is: snapshots without indexes, and indexes that are gone when it comes to them.
Scenario with_no_traces() {
  std::string snapshots;
  for (const char* group : {"1", "2", "3", "4"})
    for (const char* day : {"1", "2", "3"})
      snapshots +=
          fmt::format(R"({{ at = "a:vm/{}/2026-01-0{}T00:00:00Z", archives = {{ {} }} }},)", group,
                      day, group[0] == '4' ? R"("x.fidx" = ["c1"])" : "");
  auto scenario = parse_scenario(
      fmt::format("format = 1\nname = \"no-traces\"\nabout = \"nothing to mark\"\n"
                  "[store]\nnamespaces = [\"a\"]\nsnapshots = [{}]\n"
                  "[[actor]]\nname = \"gc\"\ndo = [\"gc\"]\n"
                  "[[actor]]\nname = \"remover\"\ndo = [\"remove-group vm/4 --ns a\"]\n"
                  "[explore]\nmode = \"pinned\"\nreaddir = \"all\"\n"
                  "order = [\"gc until gc.mark.walked\", \"remover until done\"]\n",
                  snapshots),
      "no-traces.toml");
  REQUIRE(scenario.has_value());
  return *scenario;
}

}  // namespace

TEST_CASE("knowledge: histories that meet have one future", "[knowledge][stateful]") {
  std::vector<Scenario> scenarios{with_no_traces()};
  for (const char* file : kScenarios) scenarios.push_back(in_every_order(file));
  for (const Scenario& scenario : scenarios)
    for (const char* protocol : {"none", "v8"}) {
      INFO(scenario.name << " under " << protocol);
      const auto program = ScenarioProgram::make(scenario, *find_protocol(protocol));
      REQUIRE(program);
      const Comparison comparison = compare_futures(**program, walks());
      INFO(comparison.first);
      CHECK(comparison.pairs > walks() / 4);
      CHECK(comparison.differences == 0);
      WARN(scenario.name << " " << protocol << ": " << comparison.pairs << " pairs");
    }
}

// The comparison above is only worth something if it would notice.  What the other parts tell shows
// in these stores in something else as well: a count, the detail of a point.
TEST_CASE("knowledge: a part that is left out is noticed", "[knowledge][stateful]") {
  std::vector<Scenario> scenarios{with_no_traces()};
  for (const char* file : kScenarios) scenarios.push_back(in_every_order(file));
  for (const char* part : {"gc", "gc.marker", "gc.mark", "walk", "gc.mark.namespaces",
                           "gc.mark.groups", "gc.mark.leftovers"}) {
    INFO(part);
    std::uint64_t differences = 0;
    for (const Scenario& scenario : scenarios) {
      const auto program = ScenarioProgram::make(scenario, *find_protocol("v8"));
      REQUIRE(program);
      (*program)->world().leave_out_of_knowledge(part);
      differences += compare_futures(**program, walks()).differences;
      if (differences != 0) break;
    }
    CHECK(differences != 0);
  }
}

}  // namespace unswept::scenarios
