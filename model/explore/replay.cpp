#include "model/explore/replay.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

namespace unswept::model {
namespace {

std::string actor_list(ActorSet set) {
  std::string text;
  for (; set != 0; set &= set - 1)
    text += fmt::format("{}{}", text.empty() ? "" : ",", std::countr_zero(set));
  return "{" + text + "}";
}

std::string footprint_text(const std::vector<Access>& footprint) {
  std::string text;
  for (const Access& access : footprint)
    text += fmt::format(" {:x}:{}", access.object, static_cast<int>(access.mode));
  return text;
}

/// Answers from a trace, then as `afterwards` says; keeps what it sees.
class Player : public Chooser {
 public:
  Player(const Program& program, const Trace& trace, Afterwards afterwards, RecordedRun& run)
      : program_(program), trace_(trace), afterwards_(afterwards), run_(run) {}

  ActorId pick(const Situation& situation) override {
    const ActorSet enabled = situation.enabled();
    const ActorId actor = next_actor(enabled);
    if (actor == kNoActor) return kNoActor;
    enabled_ = enabled;
    last_ = actor;
    run_.trace.decisions.push_back(Decision::pick(actor));
    return actor;
  }

  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override {
    const Decision decision = next_choice(actor, kind, count);
    run_.trace.decisions.push_back(decision);
    return decision.answer;
  }

  void taken(const Step& step) override {
    run_.steps.push_back({step.actor,
                          step.ordinal,
                          step.op,
                          step.result,
                          enabled_,
                          {step.footprint.begin(), step.footprint.end()},
                          std::string(program_.op_name(step.op)),
                          {}});
  }

  /// After run(): answers that nobody asked for are a divergence too.
  void finish() {
    if (at_ < trace_.decisions.size())
      diverge("question", "the trace goes on", "the run is at its end");
  }

 private:
  ActorId next_actor(ActorSet enabled) {
    if (run_.divergence) return kNoActor;
    if (at_ == trace_.decisions.size()) {
      if (afterwards_ == Afterwards::stop) return kNoActor;
      return last_ != kNoActor && contains(enabled, last_)
                 ? last_
                 : static_cast<ActorId>(std::countr_zero(enabled));
    }
    const Decision& decision = trace_.decisions[at_];
    if (decision.what != Decision::What::pick)
      return diverge("question", to_string(decision.kind), "who takes the next step");
    if (!contains(enabled, decision.actor))
      return diverge("enabled actors", fmt::format("{} among them", decision.actor),
                     actor_list(enabled));
    ++at_;
    return decision.actor;
  }

  Decision next_choice(ActorId actor, ChoiceKind kind, std::uint32_t count) {
    if (run_.divergence || at_ == trace_.decisions.size())
      return Decision::choose(actor, kind, 0, count);
    const Decision& wanted = trace_.decisions[at_];
    const Decision answer = Decision::choose(actor, kind, wanted.answer, count);
    if (wanted != answer) {
      diverge("question", to_text({{wanted}}),
              fmt::format("{}:{} of {}", actor, to_string(kind), count));
      return Decision::choose(actor, kind, 0, count);
    }
    ++at_;
    return answer;
  }

  ActorId diverge(std::string what, std::string_view expected, std::string_view found) {
    if (!run_.divergence)
      run_.divergence =
          Divergence{run_.steps.size(), std::move(what), std::string(expected), std::string(found)};
    return kNoActor;
  }

  const Program& program_;
  const Trace& trace_;
  const Afterwards afterwards_;
  RecordedRun& run_;
  std::size_t at_ = 0;  // the next decision of the trace
  ActorId last_ = kNoActor;
  ActorSet enabled_ = 0;
};

void name_actors(const Program& program, RecordedRun& run) {
  ActorSet all = run.ending.blocked;
  for (const RecordedStep& step : run.steps) all |= set_of(step.actor) | step.enabled;
  for (; all != 0; all &= all - 1) {
    const auto actor = static_cast<ActorId>(std::countr_zero(all));
    run.actor_names.resize(actor + 1);
    run.actor_names[actor] = program.actor_name(actor);
  }
}

std::optional<Divergence> step_difference(const RecordedStep& a, const RecordedStep& b) {
  if (a.enabled != b.enabled)
    return Divergence{0, "enabled actors", actor_list(a.enabled), actor_list(b.enabled)};
  if (a.actor != b.actor || a.ordinal != b.ordinal || a.op != b.op)
    return Divergence{0, "operation", fmt::format("{} {}", a.actor, a.op_name),
                      fmt::format("{} {}", b.actor, b.op_name)};
  if (a.footprint != b.footprint)
    return Divergence{0, "footprint", footprint_text(a.footprint), footprint_text(b.footprint)};
  if (a.result != b.result)
    return Divergence{0, "result", fmt::format("{:x}", a.result), fmt::format("{:x}", b.result)};
  return std::nullopt;
}

std::string ending_text(const Ending& ending) {
  std::string text = ending.outcome == Outcome::finished ? "finished"
                     : ending.outcome == Outcome::deadlock
                         ? "deadlock of " + actor_list(ending.blocked)
                         : "stopped";
  for (const Violation& violation : ending.violations) text += ", " + violation.promise;
  return text;
}

/// Runs of the same steps, answered differently.
std::optional<Divergence> answer_difference(const Trace& a, const Trace& b) {
  const auto [one, other] = std::ranges::mismatch(a.decisions, b.decisions);
  if (one == a.decisions.end() && other == b.decisions.end()) return std::nullopt;
  const auto picks = std::count_if(a.decisions.begin(), one, [](const Decision& decision) {
    return decision.what == Decision::What::pick;
  });
  const auto text = [](const Trace& trace, auto at) {
    return at == trace.decisions.end() ? "nothing" : to_text({{*at}});
  };
  // A step is picked before it asks.
  return Divergence{static_cast<std::size_t>(std::max<std::ptrdiff_t>(picks, 1) - 1), "question",
                    text(a, one), text(b, other)};
}

}  // namespace

RecordedRun replay(Program& program, const Trace& trace, const ReplayOptions& options) {
  RecordedRun run;
  Player player(program, trace, options.afterwards, run);
  program.record_descriptions(options.describe);
  run.ending = program.run(player);
  player.finish();
  run.final_fingerprint = program.final_fingerprint();
  if (options.describe)
    for (std::size_t i = 0; i < run.steps.size(); ++i)
      run.steps[i].description = program.description(i);
  program.record_descriptions(false);
  name_actors(program, run);
  return run;
}

std::optional<Divergence> first_difference(const RecordedRun& expected, const RecordedRun& found) {
  const std::size_t common = std::min(expected.steps.size(), found.steps.size());
  for (std::size_t i = 0; i < common; ++i)
    if (auto difference = step_difference(expected.steps[i], found.steps[i])) {
      difference->step = i;
      return difference;
    }
  if (expected.steps.size() != found.steps.size())
    return Divergence{common, "length", fmt::format("{} steps", expected.steps.size()),
                      fmt::format("{} steps", found.steps.size())};
  if (auto difference = answer_difference(expected.trace, found.trace)) return difference;
  if (const auto a = ending_text(expected.ending), b = ending_text(found.ending); a != b)
    return Divergence{common, "ending", a, b};
  if (expected.final_fingerprint != found.final_fingerprint)
    return Divergence{common, "final state", fmt::format("{:x}", expected.final_fingerprint.low),
                      fmt::format("{:x}", found.final_fingerprint.low)};
  return std::nullopt;
}

std::size_t preemptions(const RecordedRun& run) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < run.steps.size(); ++i) {
    const ActorId before = run.steps[i - 1].actor;
    if (run.steps[i].actor != before && contains(run.steps[i].enabled, before)) ++count;
  }
  return count;
}

std::size_t switches(const RecordedRun& run) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < run.steps.size(); ++i)
    if (run.steps[i].actor != run.steps[i - 1].actor) ++count;
  return count;
}

}  // namespace unswept::model
