// model/symmetry.h: actors that do the same, explored in one order.
//
// Two actors are interchangeable when exchanging them throughout an execution gives an
// execution again, with the same verdict: when they do the same, and nothing asks which
// of them is which.  Of executions that differ in that alone one is enough (Ip and Dill,
// Better Verification Through Symmetry, FMSD 1996): here, one in which interchangeable
// actors take a certain step of theirs, their *turn*, in the order of their numbers.
//
// Any step would do.  It is the first at which they get into each other's way: with an
// earlier one, that commutes, both of two mirrored orders would be left.
//
// An actor that is at its turn, before the one in front of it has taken that step, is not
// pending.  The steps of the two conflict on an object that stands for the turn.  So what
// is left is a program like any other, and explorers need no other theory.
//
// Thread safety: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/program.h"

namespace unswept::model {

struct Interchangeable {
  std::vector<ActorId> actors;  // two or more, by ascending number
  std::uint32_t turn = 0;       // the step that they take in that order, counted from 0
};

/// The first step at which two interchangeable actors conflict when each goes first from the
/// beginning; 0 if there is none.  Runs the program twice.
std::uint32_t first_rivalry(Program& program, ActorId one, ActorId other);

/// Whose turn it is, in the current run.
class Turns {
 public:
  Turns() = default;
  /// No actor is in two classes.
  explicit Turns(const std::vector<Interchangeable>& classes);

  /// Those of `actors` that need not wait for others to take their turn.
  ActorSet admitted(ActorSet actors) const { return actors & ~held_back_; }
  /// Adds the turn to what the next step of `actor` would touch.
  void extend(ActorId actor, Footprint& footprint) const {
    if (is_at_turn(actor)) add_turn(actor, footprint);
  }
  /// The fingerprint of a state, with what it depends on the turns who may go on from there.
  Fingerprint added_to(Fingerprint state) const;
  /// Each step of a run, in order; as explorers are to be told of it, until the next call.
  Step taken(const Step& step);
  /// The run goes on behind its first `steps` steps; 0: it begins.
  void rewind(std::size_t steps);

 private:
  struct Member {
    bool waits_for_turn = false;
    std::uint32_t turn = 0;
    ActorId before = kNoActor;
    ActorId behind = kNoActor;
    std::uint32_t ordinal = 0;  // of its next step
  };
  bool is_at_turn(ActorId actor) const {
    return members_[actor].waits_for_turn && members_[actor].ordinal == members_[actor].turn;
  }
  bool is_held_back(ActorId actor) const;
  void add_turn(ActorId actor, Footprint& footprint) const;
  void look_again(ActorId actor);

  std::array<Member, kActorsMax> members_{};
  ActorSet known_ = 0;  // who is in a class
  ActorSet held_back_ = 0;
  std::vector<ActorId> takers_;  // of the steps so far
  Footprint extended_;
};

/// What explorers see of a program whose interchangeable actors take their turns in order.
class TurnKeeper final : public Chooser, private Situation {
 public:
  TurnKeeper(Turns& turns, Chooser& explorer) : turns_(turns), explorer_(explorer) {}

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override {
    return explorer_.choose(actor, kind, count);
  }
  void taken(const Step& step) override { explorer_.taken(turns_.taken(step)); }
  void ended(const Situation& situation) override;

 private:
  ActorSet enabled() const override { return turns_.admitted(inner_->enabled()); }
  ActorSet pending() const override { return turns_.admitted(inner_->pending()); }
  ActorId last() const override { return inner_->last(); }
  OpCode op(ActorId actor) const override { return inner_->op(actor); }
  void predict(ActorId actor, Footprint& out) const override {
    inner_->predict(actor, out);
    turns_.extend(actor, out);
  }
  Fingerprint fingerprint() const override { return turns_.added_to(inner_->fingerprint()); }

  Turns& turns_;
  Chooser& explorer_;
  const Situation* inner_ = nullptr;
};

/// A program whose interchangeable actors take their turns in order.
class TakenInTurn final : public Program {
 public:
  /// `program` must outlive this.
  TakenInTurn(Program& program, const std::vector<Interchangeable>& classes)
      : program_(program), turns_(classes) {}

  Ending run(Chooser& chooser) override;
  std::size_t rewind(std::size_t steps) override;
  Fingerprint final_fingerprint() const override { return program_.final_fingerprint(); }
  std::string actor_name(ActorId actor) const override { return program_.actor_name(actor); }
  std::string_view op_name(OpCode op) const override { return program_.op_name(op); }
  void record_descriptions(bool on) override { program_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override {
    return program_.description(step);
  }

 private:
  Program& program_;
  Turns turns_;
  bool rewound_ = false;
};

}  // namespace unswept::model
