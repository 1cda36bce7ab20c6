// tests/property/witness.h: everything there is to see of a program's executions, to compare two
// ways of running it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/explore/mix.h"
#include "model/program.h"

namespace unswept::tests {

/// Runs another program, and keeps a digest of each execution: of every situation (who is pending
/// and enabled, their next operations, the fingerprint), question, step, and of the end.
class Witness final : public model::Program {
 public:
  enum class Rewinding : bool { no, yes };

  Witness(model::Program& inner, Rewinding rewinding) : inner_(inner), rewinding_(rewinding) {}

  /// One digest per execution.
  const std::vector<std::uint64_t>& executions() const { return executions_; }
  /// Steps that did not have to be taken.
  std::size_t kept() const { return kept_; }

  std::size_t rewind(std::size_t steps) override {
    const std::size_t kept = rewinding_ == Rewinding::yes ? inner_.rewind(steps) : 0;
    kept_ += kept;
    rewound_to_ = kept;
    return kept;
  }

  model::Ending run(model::Chooser& chooser) override {
    moments_.resize(std::exchange(rewound_to_, 0));
    Listener listener(*this, chooser);
    model::Ending ending = inner_.run(listener);
    std::uint64_t digest = static_cast<std::uint64_t>(ending.outcome) + ending.blocked;
    for (const std::uint64_t moment : moments_) digest = model::mix(digest ^ moment);
    digest = model::mix(digest ^ listener.last_situation);
    for (const model::Violation& violation : ending.violations)
      digest = model::mix(digest ^ of(violation.promise + '\n' + violation.explanation));
    digest = model::mix(digest ^ inner_.final_fingerprint().low);
    executions_.push_back(digest);
    return ending;
  }

  model::Fingerprint final_fingerprint() const override { return inner_.final_fingerprint(); }
  std::string actor_name(model::ActorId actor) const override { return inner_.actor_name(actor); }
  std::string_view op_name(model::OpCode op) const override { return inner_.op_name(op); }
  void record_descriptions(bool on) override { inner_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return inner_.description(step); }

 private:
  class Listener final : public model::Chooser {
   public:
    Listener(Witness& witness, model::Chooser& inner) : witness_(witness), inner_(inner) {}

    model::ActorId pick(const model::Situation& situation) override {
      last_situation = look_at(situation);
      asked_ = 0;
      return inner_.pick(situation);
    }
    std::uint32_t choose(model::ActorId actor, model::ChoiceKind kind,
                         std::uint32_t count) override {
      const std::uint32_t answer = inner_.choose(actor, kind, count);
      asked_ =
          model::mix(asked_ + static_cast<std::uint64_t>(kind) + (count << 8) + actor) + answer;
      return answer;
    }
    void taken(const model::Step& step) override {
      std::uint64_t digest = model::mix(last_situation ^ asked_);
      digest = model::mix(digest + step.actor + (std::uint64_t{step.ordinal} << 8)) ^ step.op;
      digest = model::mix(digest ^ step.result);
      for (const model::Access& access : step.footprint)
        digest = model::mix(digest ^ access.object) + static_cast<std::uint64_t>(access.mode);
      witness_.moments_.push_back(digest);
      inner_.taken(step);
    }
    void ended(const model::Situation& situation) override {
      last_situation = look_at(situation);
      inner_.ended(situation);
    }

    std::uint64_t last_situation = 0;

   private:
    static std::uint64_t look_at(const model::Situation& situation) {
      const model::Fingerprint state = situation.fingerprint();
      std::uint64_t digest = model::mix(state.high) ^ state.low;
      digest = model::mix(digest ^ situation.enabled());
      digest = model::mix(digest ^ situation.pending()) + situation.last();
      for (model::ActorId actor = 0; actor < model::kActorsMax; ++actor)
        if (model::contains(situation.pending(), actor))
          digest = model::mix(digest ^ actor) + situation.op(actor);
      return digest;
    }

    Witness& witness_;
    model::Chooser& inner_;
    std::uint64_t asked_ = 0;
  };

  static std::uint64_t of(const std::string& text) {
    std::uint64_t digest = text.size();
    for (const char c : text) digest = model::mix(digest ^ static_cast<unsigned char>(c));
    return digest;
  }

  model::Program& inner_;
  Rewinding rewinding_;
  std::vector<std::uint64_t> moments_;  // of the run, by step
  std::vector<std::uint64_t> executions_;
  std::size_t kept_ = 0;
  std::size_t rewound_to_ = 0;
};

}  // namespace unswept::tests
