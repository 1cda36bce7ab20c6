// Whether executions that are run again are the same.
#include "model/explore/determinism.h"

#include "model/explore/explore.h"
#include "tests/catch.h"
#include "tests/model/literature.h"

namespace unswept::tests {
namespace {

using model::Strategy;
using model::Verdict;

constexpr Strategy kAll[] = {Strategy::naive,    Strategy::dpor,   Strategy::optimal,
                             Strategy::stateful, Strategy::random, Strategy::pct,
                             Strategy::pos,      Strategy::surw,   Strategy::automatic};

model::ExploreOptions with(Strategy strategy, std::uint64_t verify_every) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.walks = 50;
  options.verify_every = verify_every;
  return options;
}

std::uint64_t attempts(const model::ExploreResult& result) {
  return result.executions + result.blocked + result.pruned + result.cut;
}

/// As a toy program, but something that no footprint shows changes from run to run.
class Moody final : public model::Program {
 public:
  explicit Moody(ToyText text) : toy_(std::move(text)) {}
  model::Ending run(model::Chooser& chooser) override {
    ++runs_;
    model::Ending ending = toy_.run(chooser);
    if (violates_ && runs_ % 2 == 0) ending.violations.push_back({"mood", ""});
    return ending;
  }
  model::Fingerprint final_fingerprint() const override {
    model::Fingerprint fingerprint = toy_.final_fingerprint();
    if (!violates_) fingerprint.low ^= runs_;
    return fingerprint;
  }
  std::string actor_name(model::ActorId actor) const override { return toy_.actor_name(actor); }
  std::string_view op_name(model::OpCode op) const override { return toy_.op_name(op); }
  void record_descriptions(bool on) override { toy_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return toy_.description(step); }

  void violate_now_and_then() { violates_ = true; }

 private:
  ToyProgram toy_;
  std::uint64_t runs_ = 0;
  bool violates_ = false;
};

}  // namespace

TEST_CASE("determinism: nothing is verified unless asked for", "[determinism]") {
  ToyProgram program(shared(2, 3));
  CHECK(model::explore(program, {}).verified == 0);
}

TEST_CASE("determinism: a deterministic program passes, and the search stays what it is",
          "[determinism]") {
  for (const Strategy strategy : kAll)
    for (const std::uint64_t every : {1U, 7U}) {
      INFO(to_string(strategy) << ", every " << every);
      for (const auto& text : {fib(3), readers(4), shared(2, 4)}) {
        ToyProgram program(text);
        auto options = with(strategy, every);
        const auto verified = model::explore(program, options);
        options.verify_every.reset();
        const auto plain = model::explore(program, options);
        CHECK(verified.verdict == plain.verdict);
        CHECK_FALSE(verified.divergence);
        CHECK(verified.executions == plain.executions);
        CHECK(verified.blocked == plain.blocked);
        CHECK(verified.steps == plain.steps);
        if (every == 1)
          CHECK(verified.verified == attempts(verified));
        else if (strategy != Strategy::automatic)  // whose every turn begins with one
          CHECK(verified.verified == (attempts(verified) + every - 1) / every);
      }
    }
}

TEST_CASE("determinism: the parts of a search that raises a bound add up", "[determinism]") {
  ToyProgram program(shared(2, 4));
  auto options = with(Strategy::dpor, 1);
  options.raised = model::Raised::preemptions;
  const auto result = model::explore(program, options);
  CHECK(result.verdict == Verdict::pass);
  CHECK(result.verified == attempts(result));
}

TEST_CASE("determinism: a value that survives from run to run is found by every strategy",
          "[determinism]") {
  for (const Strategy strategy : kAll) {
    INFO(to_string(strategy));
    ToyProgram program(shared(2, 3));
    program.leak_runs_into(0);
    const auto result = model::explore(program, with(strategy, 100));
    CHECK(result.verdict == Verdict::nondeterministic);
    CHECK_FALSE(result.complete);
    CHECK(result.verified == 0);
    REQUIRE(result.divergence);
    CHECK(result.divergence->step == 0);
    CHECK(result.divergence->what == "result");
    CHECK(result.divergence->expected != result.divergence->found);
  }
}

TEST_CASE("determinism: walks repeat nothing by themselves", "[determinism]") {
  ToyProgram program(shared(2, 3));
  program.leak_runs_into(0);
  auto options = with(Strategy::random, 1);
  options.verify_every.reset();
  CHECK(model::explore(program, options).verdict != Verdict::nondeterministic);
}

TEST_CASE("determinism: the first step that differs is the one that is named", "[determinism]") {
  // Three steps that do not look at variable 1, then one that does.
  ToyText text;
  text.variables = 2;
  text.actors.push_back(
      {{Op::bump, 0, 1}, {Op::bump, 0, 1}, {Op::bump, 0, 1}, {Op::load, 0, 1}, {Op::bump, 0, 1}});
  ToyProgram program(text);
  program.leak_runs_into(1);
  const auto result = model::explore(program, with(Strategy::dpor, 100));
  REQUIRE(result.divergence);
  CHECK(result.divergence->step == 3);
  CHECK(result.divergence->what == "result");
}

TEST_CASE("determinism: a final state or an ending that changes is found behind the same steps",
          "[determinism]") {
  Moody state(shared(2, 2));
  const auto changing_state = model::explore(state, with(Strategy::dpor, 100));
  CHECK(changing_state.verdict == Verdict::nondeterministic);
  REQUIRE(changing_state.divergence);
  CHECK(changing_state.divergence->what == "final state");
  CHECK(changing_state.divergence->step == 4);
  Moody ending(shared(2, 2));
  ending.violate_now_and_then();
  const auto changing_ending = model::explore(ending, with(Strategy::dpor, 100));
  CHECK(changing_ending.verdict == Verdict::nondeterministic);
  REQUIRE(changing_ending.divergence);
  CHECK(changing_ending.divergence->what == "ending");
}

}  // namespace unswept::tests
