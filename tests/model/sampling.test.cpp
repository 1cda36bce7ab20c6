// What the samplers promise, on programs small enough to know the chances.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "model/explore/explore.h"
#include "model/explore/pct.h"
#include "model/explore/pos.h"
#include "model/explore/random_walk.h"
#include "model/explore/sampled_walks.h"
#include "model/explore/surw.h"
#include "tests/catch.h"
#include "tests/model/literature.h"

namespace unswept::tests {
namespace {

using model::Strategy;
using model::Verdict;

constexpr std::array kSamplers{Strategy::random, Strategy::pct, Strategy::pos, Strategy::surw};

/// Steps on a variable that nobody else uses.
void add_private_steps(std::vector<Instruction>& actor, std::int32_t variable, int count) {
  for (int i = 0; i < count; ++i) actor.push_back({Op::fetch_add, 5, variable, 1});
}

/// The promise breaks if actor 1's store comes before actor 0's load: depth 1.
ToyText one_constraint(int private_steps) {
  ToyText text;
  text.variables = 3;
  text.actors.resize(2);
  add_private_steps(text.actors[0], 1, private_steps);
  text.actors[0].push_back({Op::load, 0, 0});
  text.actors[0].push_back({Op::check, 0, 0});
  add_private_steps(text.actors[1], 2, private_steps);
  text.actors[1].push_back({Op::store, 0, 1});
  return text;
}

/// It breaks if the store comes between two loads: depth 2.
ToyText two_constraints(int private_steps) {
  ToyText text;
  text.variables = 3;
  text.actors.resize(2);
  text.actors[0] = {{Op::load, 0, 0}};
  add_private_steps(text.actors[0], 1, private_steps);
  text.actors[0].push_back({Op::load, 1, 0});
  text.actors[0].push_back({Op::jump_unless, private_steps + 4, 0, 0});
  text.actors[0].push_back({Op::check, 1, 0});
  text.actors[1] = {{Op::store, 0, 1}};
  return text;
}

model::ExploreResult sample(ToyText text, const model::ExploreOptions& options) {
  ToyProgram program(std::move(text));
  return model::explore(program, options);
}

model::ExploreOptions walks(Strategy strategy, std::uint64_t count) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.walks = count;
  options.stop_at_first_violation = false;
  return options;
}

/// Writes down who took each step.
class OrderProgram final : public model::Program {
 public:
  explicit OrderProgram(ToyText text) : inner_(std::move(text)) {}

  /// Of the last run; only steps that touched `object`, if one is given.
  std::string order;
  std::optional<ObjectId> object;

  model::Ending run(model::Chooser& chooser) override {
    order.clear();
    Listener listener{*this, chooser};
    return inner_.run(listener);
  }
  model::Fingerprint final_fingerprint() const override { return inner_.final_fingerprint(); }
  std::string actor_name(ActorId actor) const override { return inner_.actor_name(actor); }
  std::string_view op_name(model::OpCode op) const override { return inner_.op_name(op); }
  void record_descriptions(bool on) override { inner_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return inner_.description(step); }

 private:
  struct Listener final : model::Chooser {
    Listener(OrderProgram& owner, model::Chooser& inner) : program(owner), chooser(inner) {}
    ActorId pick(const model::Situation& situation) override { return chooser.pick(situation); }
    std::uint32_t choose(ActorId actor, model::ChoiceKind kind, std::uint32_t count) override {
      return chooser.choose(actor, kind, count);
    }
    void taken(const model::Step& step) override {
      const bool counts = !program.object || std::ranges::any_of(step.footprint, [&](auto access) {
        return access.object == *program.object;
      });
      if (counts) program.order += static_cast<char>('0' + step.actor);
      chooser.taken(step);
    }
    OrderProgram& program;
    model::Chooser& chooser;
  };

  ToyProgram inner_;
};

/// How often each order was drawn.
std::map<std::string, std::uint64_t> orders(ToyText text, const model::ExploreOptions& options,
                                            std::optional<ObjectId> object = std::nullopt) {
  OrderProgram program(std::move(text));
  program.object = object;
  std::map<std::string, std::uint64_t> counts;
  auto counting = options;
  counting.executed = [&](const model::Program&, const model::Ending&) { ++counts[program.order]; };
  model::explore(program, counting);
  return counts;
}

/// Pearson's statistic against `cells` equally likely ones.
double chi_square(const std::map<std::string, std::uint64_t>& counts, std::size_t cells) {
  double total = 0;
  for (const auto& [order, count] : counts) total += static_cast<double>(count);
  const double expected = total / static_cast<double>(cells);
  double sum = static_cast<double>(cells - counts.size()) * expected;
  for (const auto& [order, count] : counts)
    sum += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected) /
           expected;
  return sum;
}

double share(const model::ExploreResult& result) {
  return static_cast<double>(result.violations) / static_cast<double>(result.executions);
}

}  // namespace

TEST_CASE(
    "sampling: pct with depth 1 never finds a bug of depth 2, with depth 2 as often as it says",
    "[sampling]") {
  for (const int private_steps : {0, 10, 40}) {
    auto options = walks(Strategy::pct, 4'000);
    options.pct_depth = 1;
    // Walk 0, which makes the profile, is a random one.
    ToyProgram program(two_constraints(private_steps));
    const auto shallow = model::explore(program, options);
    const bool in_profile = shallow.parts.front().violations != 0;
    CHECK(shallow.violations == (in_profile ? 1U : 0U));
    REQUIRE(shallow.parts.size() == 2);
    CHECK(shallow.parts[1].name == "pct, depth 1");
    CHECK(shallow.parts[1].violations == 0);

    options.pct_depth = 2;
    const auto deep = sample(two_constraints(private_steps), options);
    const double steps = 3 + private_steps;
    INFO(private_steps << " private steps: " << deep.violations);
    CHECK(share(deep) >= 1 / (2 * steps));
    CHECK(deep.parts[1].guarantee.find("at least 1/(2*" + std::to_string(3 + private_steps) +
                                       "^1)") != std::string::npos);
  }
}

TEST_CASE("sampling: pct finds a bug of depth 1 in every other walk, however long they are",
          "[sampling]") {
  auto options = walks(Strategy::pct, 4'000);
  options.pct_depth = 1;
  for (const int private_steps : {0, 50})
    CHECK(std::abs(share(sample(one_constraint(private_steps), options)) - 0.5) < 0.03);
}

TEST_CASE(
    "sampling: pct that counts contended steps is as good in a long program as in a short one",
    "[sampling]") {
  model::SamplingPlan plan{1, 4'000, {}, {1}};
  plan.samplers.push_back(std::make_unique<model::RandomWalk>());
  plan.samplers.push_back(std::make_unique<model::Pct>(2, model::Pct::Steps::contended));
  model::SampledWalks search(std::move(plan), {}, {});
  ToyProgram program(two_constraints(200));
  std::uint64_t found = 0;
  do {
    search.begin(0);
    if (!program.run(search).violations.empty()) ++found;
  } while (search.advance());
  CHECK(static_cast<double>(found) / 4'000 >= 1.0 / (2 * 3));
}

TEST_CASE("sampling: pos draws all orders of conflicting steps equally often", "[sampling]") {
  const auto counts = orders(lastwrite(4), walks(Strategy::pos, 12'000));
  CHECK(counts.size() == 24);
  CHECK(chi_square(counts, 24) < 55);  // 23 degrees of freedom: one in 5 000 is above
}

TEST_CASE("sampling: steps that conflict with nothing do not keep pos from an order",
          "[sampling]") {
  // Actor 1 has nothing to do but the store.  A random walk holds it back through 30 steps of actor
  // 0 once in 2^30 walks; pos, whenever its priority is the lowest of 32.
  ToyText text;
  text.variables = 3;
  text.actors.resize(2);
  add_private_steps(text.actors[0], 1, 30);
  text.actors[0].push_back({Op::load, 0, 0});
  text.actors[1] = {{Op::store, 0, 1}};
  const auto late = [&](Strategy strategy) {
    const auto counts = orders(text, walks(strategy, 8'000), ObjectId{0});
    const auto found = counts.find("01");
    return found == counts.end() ? 0 : found->second;
  };
  CHECK(late(Strategy::random) == 0);
  const auto by_pos = static_cast<double>(late(Strategy::pos));
  CHECK(by_pos > 0.7 * 8'000 / 32);
  CHECK(by_pos < 1.3 * 8'000 / 32);
}

TEST_CASE("sampling: surw draws all orders of the steps on an object equally often", "[sampling]") {
  const auto equal = orders(shared(2, 3), walks(Strategy::surw, 20'000));
  CHECK(equal.size() == 20);
  CHECK(chi_square(equal, 20) < 49);  // 19 degrees of freedom: one in 5 000 is above

  // Actors of different lengths, with private steps in between that do not count.
  ToyText text;
  text.variables = 3;
  text.actors.resize(2);
  for (int i = 0; i < 5; ++i) {
    add_private_steps(text.actors[0], 1, i);
    text.actors[0].push_back({Op::fetch_add, 0, 0, 1});
  }
  text.actors[1].push_back({Op::fetch_add, 0, 0, 1});
  add_private_steps(text.actors[1], 2, 7);
  text.actors[1].push_back({Op::fetch_add, 0, 0, 1});
  const auto counts = orders(text, walks(Strategy::surw, 21'000), ObjectId{0});
  CHECK(counts.size() == 21);
  CHECK(chi_square(counts, 21) < 51);  // 20 degrees of freedom
  CHECK(chi_square(orders(text, walks(Strategy::random, 21'000), ObjectId{0}), 21) > 1'000);
}

TEST_CASE("sampling: a walk is the same whatever came before it", "[sampling]") {
  for (const Strategy strategy : kSamplers) {
    INFO(to_string(strategy));
    const auto list = [&](std::uint64_t seed, std::uint64_t count) {
      OrderProgram program(fib(3));
      std::vector<std::string> found;
      auto options = walks(strategy, count);
      options.seed = seed;
      options.executed = [&](const model::Program&, const model::Ending&) {
        found.push_back(program.order);
      };
      model::explore(program, options);
      return found;
    };
    const auto many = list(7, 40);
    CHECK(many == list(7, 40));
    CHECK(many != list(8, 40));
    auto few = list(7, 25);
    CHECK(std::equal(few.begin(), few.end(), many.begin()));
  }
}

TEST_CASE("sampling: no sampler takes an actor that cannot go on, or leaves an outcome out",
          "[sampling]") {
  ToyText text;
  text.variables = 4;
  text.locks = 1;
  for (int i = 0; i < 2; ++i)
    text.actors.push_back({{Op::lock, 0},
                           {Op::pick_store, 3, 1, 0},
                           {Op::fetch_add, 1, 3, 1},
                           {Op::unlock, 0},
                           {Op::fetch_add, 1, 3, 1}});
  auto naive = walks(Strategy::naive, 0);
  std::map<model::Fingerprint, int> known;
  naive.executed = [&](const model::Program& program, const model::Ending&) {
    ++known[program.final_fingerprint()];
  };
  sample(text, naive);
  for (const Strategy strategy : kSamplers) {
    INFO(to_string(strategy));
    std::map<model::Fingerprint, int> seen;
    auto options = walks(strategy, 5'000);
    options.executed = [&](const model::Program& program, const model::Ending& ending) {
      CHECK(ending.outcome == model::Outcome::finished);
      ++seen[program.final_fingerprint()];
    };
    sample(text, options);
    // All that there is, and nothing else.
    CHECK(seen.size() == known.size());
    CHECK(std::ranges::all_of(seen, [&](const auto& one) { return known.contains(one.first); }));
  }
}

TEST_CASE("sampling: samplers say what their walks are good for, and prove nothing", "[sampling]") {
  for (const Strategy strategy : kSamplers) {
    const auto result = sample(readers(3), walks(strategy, 50));
    CHECK(result.verdict == Verdict::inconclusive);
    CHECK_FALSE(result.complete);
    CHECK(result.executions == 50);
    REQUIRE_FALSE(result.parts.empty());
    std::uint64_t executions = 0;
    for (const model::Part& part : result.parts) {
      executions += part.executions;
      CHECK_FALSE(part.guarantee.empty());
      CHECK_FALSE(part.complete);
    }
    CHECK(executions == 50);
  }
}

TEST_CASE("sampling: auto ends a small program by search, and finds what there is", "[sampling]") {
  model::ExploreOptions options;
  options.strategy = Strategy::automatic;
  const auto small = sample(readers(3), options);
  CHECK(small.verdict == Verdict::pass);
  CHECK(small.complete);
  CHECK(small.bounds_hit.empty());
  REQUIRE_FALSE(small.parts.empty());
  CHECK(small.parts.back().name == "dpor");
  CHECK(small.parts.back().complete);
  CHECK(small.parts.back().executions == 8);  // 2^3

  // More traces than walks are taken.
  const auto large = sample(shared(2, 8), options);
  CHECK(large.verdict == Verdict::pass);
  CHECK(large.complete);
  CHECK(large.executions > 12'870 + 2'000);

  const auto found = sample(two_constraints(20), options);
  CHECK(found.verdict == Verdict::violation);
  REQUIRE(found.counterexample);
  CHECK(found.counterexample->execution <= found.executions);
  CHECK(found.counterexample->run.ending.violations.size() == 1);
  std::uint64_t violations = 0;
  for (const model::Part& part : found.parts) violations += part.violations;
  CHECK(violations == 1);
}

TEST_CASE("sampling: auto keeps to its budgets", "[sampling]") {
  model::ExploreOptions options;
  options.strategy = Strategy::automatic;
  for (const std::uint64_t budget : {1U, 8U, 9U, 100U, 5'000U}) {
    options.bounds.executions = budget;
    const auto result = sample(shared(2, 8), options);
    CHECK(result.executions + result.blocked == budget);
    CHECK(result.verdict == Verdict::inconclusive);
    CHECK(std::ranges::count(result.bounds_hit, "executions") == 1);
  }
  options.bounds.executions.reset();
  double now = 0;
  options.clock = [&] { return now += 1; };
  options.bounds.seconds = 40;
  const auto timed = sample(shared(2, 8), options);
  CHECK(timed.verdict == Verdict::inconclusive);
  CHECK(timed.bounds_hit == std::vector<std::string>{"seconds"});
}

}  // namespace unswept::tests
