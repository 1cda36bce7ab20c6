// Steps whose footprints are independent commute.
//
// Generated actors run for a while; then each pair of next steps that is called
// independent is taken in both orders: same answers, same state, and neither
// switches another on or off.  UNSWEPT_COMMUTATION_RUNS: how many runs (default 1000).
#include <cstdlib>
#include <map>
#include <optional>

#include "tests/catch.h"
#include "tests/sim/random_actor.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;

namespace {

constexpr std::size_t kActors = 3;
constexpr std::size_t kCallsPerActor = 8;

/// Outcomes depend on who asks for the how-manieth time, so they are the same in both orders.
std::uint32_t outcome(ActorId actor, std::uint32_t& asked, std::uint32_t count) {
  return static_cast<std::uint32_t>(mix(actor * 1000 + ++asked) % count);
}

struct Pair {
  std::size_t at;  // after so many steps
  ActorId first;
  ActorId second;
  bool independent;
  bool second_enabled;
};

/// A random run; collects the pairs of steps that it meets.
class Collector final : public RandomChooser {
 public:
  using RandomChooser::RandomChooser;

  ActorId pick(const model::Situation& situation) override {
    model::Footprint footprints[kActors];
    for (ActorId actor = 0; actor < kActors; ++actor)
      if (model::contains(situation.pending(), actor)) situation.predict(actor, footprints[actor]);
    for (ActorId a = 0; a < kActors; ++a)
      for (ActorId b = 0; b < kActors; ++b) {
        if (a == b || !model::contains(situation.enabled(), a)) continue;
        if (!model::contains(situation.pending(), b)) continue;
        const bool enabled = model::contains(situation.enabled(), b);
        if (enabled && b < a) continue;
        pairs.push_back({order.size(), a, b,
                         !model::dependent(footprints[a].accesses(), footprints[b].accesses()),
                         enabled});
      }
    order.push_back(RandomChooser::pick(situation));
    return order.back();
  }
  std::uint32_t choose(ActorId actor, model::ChoiceKind, std::uint32_t count) override {
    return outcome(actor, asked_[actor], count);
  }

  std::vector<Pair> pairs;
  std::vector<ActorId> order;

 private:
  std::uint32_t asked_[kActors] = {};
};

/// Takes the steps of `order` and no more; says what the world is like then.
class Follower final : public RecordingChooser {
 public:
  explicit Follower(std::vector<ActorId> order) : order_(std::move(order)) {}

  ActorId pick(const model::Situation& situation) override {
    if (steps.size() == order_.size()) {
      fingerprint = situation.fingerprint();
      enabled = situation.enabled();
      return model::kNoActor;
    }
    const ActorId next = order_[steps.size()];
    return model::contains(situation.enabled(), next) ? next : model::kNoActor;
  }
  std::uint32_t choose(ActorId actor, model::ChoiceKind, std::uint32_t count) override {
    return outcome(actor, asked_[actor], count);
  }

  bool stuck() const { return steps.size() < order_.size(); }

  model::Fingerprint fingerprint;
  model::ActorSet enabled = 0;

 private:
  std::vector<ActorId> order_;
  std::uint32_t asked_[kActors] = {};
};

struct Subject {
  Subject() : playground(world) {
    world.set_checked(true);
    world.record_descriptions(true);
    world.set_directory_policy([](std::string_view path) -> DirectoryPolicy {
      if (path == "/a") return {.order = DirectoryOrder::permuted, .races = true, .batch = 1};
      if (path == "/b") return {.order = DirectoryOrder::permuted};
      return {.order = DirectoryOrder::reversed, .batch = 1};
    });
    for (std::size_t i = 0; i < kActors; ++i)
      world.add_actor({.name = "actor", .process = playground.processes[i == 2 ? 1 : 0]},
                      [this, i] {
                        RandomActor actor(playground, i == 2 ? 1 : 0, seed * kActors + i);
                        actor.make_calls(kCallsPerActor);
                      });
    world.seal();
  }

  Follower follow(std::vector<ActorId> order) {
    Follower follower(std::move(order));
    world.run(follower);
    if (follower.enabled == 0) follower.fingerprint = world.final_fingerprint();
    return follower;
  }
  std::string last_two() const {
    const std::size_t count = follow_count;
    return std::string(world.description(count - 2)) + "  |  " +
           std::string(world.description(count - 1));
  }

  World world;
  Playground playground;
  std::uint64_t seed = 0;
  std::size_t follow_count = 0;
};

/// Empty if swapping makes no difference.
std::string difference(Subject& subject, const std::vector<ActorId>& run, const Pair& pair) {
  std::vector<ActorId> order(run.begin(), run.begin() + static_cast<std::ptrdiff_t>(pair.at));
  order.insert(order.end(), {pair.first, pair.second});
  const Follower one = subject.follow(order);
  subject.follow_count = one.steps.size();
  if (!pair.second_enabled) return one.stuck() ? "" : "a step that waited can be taken";
  if (one.stuck()) return "a step can no longer be taken";
  std::swap(order[pair.at], order[pair.at + 1]);
  const Follower other = subject.follow(order);
  if (other.stuck()) return "a step can no longer be taken";
  const auto& first_result = one.steps[pair.at];
  const auto& second_result = one.steps[pair.at + 1];
  if (first_result.result != other.steps[pair.at + 1].result ||
      second_result.result != other.steps[pair.at].result)
    return "different answers";
  if (one.fingerprint != other.fingerprint) return "different states";
  if (one.enabled != other.enabled) return "different steps can be taken";
  return "";
}

}  // namespace

TEST_CASE("commutation: steps with independent footprints commute", "[sim][commutation]") {
  const char* setting = std::getenv("UNSWEPT_COMMUTATION_RUNS");
  const std::uint64_t runs = setting == nullptr ? 1000 : std::strtoull(setting, nullptr, 10);
  Subject subject;
  std::size_t independent = 0;
  std::size_t dependent = 0;
  std::size_t needlessly = 0;  // dependent pairs that commute here
  for (subject.seed = 1; subject.seed <= runs; ++subject.seed) {
    Collector collector(subject.seed);
    subject.world.run(collector);
    for (const Pair& pair : collector.pairs) {
      const bool sampled = mix(subject.seed ^ (pair.at << 8) ^ pair.first) % 4 == 0;
      if (!sampled) continue;
      const std::string problem = difference(subject, collector.order, pair);
      if (!pair.independent) {
        ++dependent;
        if (problem.empty() && pair.second_enabled) ++needlessly;
        continue;
      }
      ++independent;
      if (problem.empty()) continue;
      INFO("seed " << subject.seed << " after " << pair.at << " steps, actors " << pair.first
                   << " and " << pair.second << ": " << subject.last_two());
      REQUIRE(problem == "");
    }
  }
  CHECK(independent > runs);
  CHECK(dependent > 0);
  WARN("independent pairs: " << independent << ", dependent: " << dependent
                             << ", of which commute all the same: " << needlessly);
}
