// tests/property/rewinding.h: whether executions that go on in the middle of the last one are
// those that start over.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "model/explore/explore.h"
#include "model/explore/mix.h"
#include "sim/world.h"
#include "tests/catch.h"
#include "tests/property/witness.h"

namespace unswept::tests {

using model::ActorId;

/// A world as a program.
class WorldProgram : public model::Program {
 public:
  model::Ending run(model::Chooser& chooser) override { return world_.run(chooser); }
  std::size_t rewind(std::size_t steps) override { return world_.rewind(steps); }
  model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
  std::string actor_name(ActorId actor) const override {
    return std::string(world_.actor_name(actor));
  }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool on) override { world_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return world_.description(step); }

 protected:
  sim::World world_;
};

/// Explores in both ways.  Returns how many steps did not have to be taken.
inline std::size_t compare_rewinding(model::Program& program, model::Strategy strategy) {
  model::ExploreOptions options;
  options.strategy = strategy;
  options.stop_at_first_violation = false;
  options.deadlock_allowed = true;
  options.bounds.executions = 400;
  options.bounds.steps = 40;
  Witness from_start(program, Witness::Rewinding::no);
  const auto expected = model::explore(from_start, options);
  Witness rewinding(program, Witness::Rewinding::yes);
  const auto found = model::explore(rewinding, options);
  REQUIRE(rewinding.executions() == from_start.executions());
  CHECK(found.steps == expected.steps);
  CHECK(found.replayed_steps == expected.replayed_steps);
  CHECK(found.verdict == expected.verdict);
  CHECK(found.verdict != model::Verdict::nondeterministic);
  CHECK(found.violations == expected.violations);
  CHECK(found.deadlocks == expected.deadlocks);
  return rewinding.kept();
}

/// Gives the answers of an earlier run again, from some step on; then any.
class Repeater final : public model::Chooser {
 public:
  explicit Repeater(std::uint64_t seed) : random_(seed) {}

  /// The next run begins behind so many steps, and the answers up to `repeated` are given again.
  void begin(std::size_t kept, std::size_t repeated) {
    repeated = std::min(repeated, steps_.size());
    const std::size_t answers =
        repeated < steps_.size() ? steps_[repeated].answers : answers_.size();
    steps_.resize(repeated);
    answers_.resize(answers);
    step_ = kept;
    answer_ = kept < repeated ? steps_[kept].answers : answers;
  }
  std::size_t steps() const { return steps_.size(); }

  ActorId pick(const model::Situation& situation) override {
    if (step_ == steps_.size()) {
      if (step_ == 60) return model::kNoActor;
      model::ActorSet rest = situation.enabled();
      for (auto skip = random_.below(static_cast<std::uint32_t>(__builtin_popcountll(rest)));
           skip != 0; --skip)
        rest &= rest - 1;
      steps_.push_back({static_cast<ActorId>(__builtin_ctzll(rest)), answer_});
    }
    return steps_[step_].actor;
  }
  std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t count) override {
    if (answer_ == answers_.size()) answers_.push_back(random_.below(count));
    return answers_[answer_++];
  }
  void taken(const model::Step&) override { ++step_; }

 private:
  struct Answered {
    ActorId actor;
    std::size_t answers;  // before it
  };
  model::Random random_;
  std::vector<Answered> steps_;
  std::vector<std::uint32_t> answers_;
  std::size_t step_ = 0;
  std::size_t answer_ = 0;
};

/// Whether a program goes back to exactly the step that was asked for, or may go further.
enum class GoesBack : bool { exactly, at_least };

/// Rewinds to somewhere, goes on as before or elsewhere, and compares with starting over.
/// Returns how many steps did not have to be taken.
inline std::size_t rewind_anywhere(model::Program& program, std::uint64_t seed, GoesBack how) {
  Repeater repeater(seed);
  model::Random random(seed);
  Witness rewinding(program, Witness::Rewinding::yes);
  Witness from_start(program, Witness::Rewinding::no);
  (void)rewinding.rewind(1);  // from now on it may be asked for
  rewinding.run(repeater);
  for (int round = 0; round < 12 && repeater.steps() > 0; ++round) {
    const auto steps = static_cast<std::uint32_t>(repeater.steps());
    const std::size_t asked = random.below(steps);
    const std::size_t repeated =
        asked + random.below(steps - static_cast<std::uint32_t>(asked) + 1);
    const std::size_t kept = rewinding.rewind(asked);
    CHECK((how == GoesBack::exactly ? kept == asked : kept <= asked));
    repeater.begin(kept, repeated);
    rewinding.run(repeater);
    repeater.begin(0, repeater.steps());
    from_start.run(repeater);
    REQUIRE(rewinding.executions().back() == from_start.executions().back());
    rewinding.rewind(0);
    repeater.begin(0, repeater.steps());
    rewinding.run(repeater);
    REQUIRE(rewinding.executions().back() == from_start.executions().back());
  }
  return rewinding.kept();
}

}  // namespace unswept::tests
