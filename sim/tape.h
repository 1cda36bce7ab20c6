// sim/tape.h: the steps of a run, so that the first of them can be repeated to its actors.
//
// Entry n holds who took step n, what the call answered, and how the state before it
// is restored.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <vector>

#include "model/program.h"
#include "sim/answers.h"
#include "sim/history.h"
#include "sim/state_log.h"

namespace unswept::sim {

class Tape {
 public:
  struct Entry {
    model::ActorId actor;
    model::OpCode code;
    History learnt;  // by the actor until its next step
    StateLog::Mark before;
    Answers::Mark answers_before;
  };

  std::size_t size() const { return entries_.size(); }
  const Entry& operator[](std::size_t step) const { return entries_[step]; }
  Answers& answers() { return answers_; }

  /// A step begins.
  void record(model::ActorId actor, model::OpCode code, StateLog::Mark before) {
    entries_.push_back({actor, code, {}, before, answers_.mark()});
  }
  /// What the actor of a step has learnt with it, and what it has forgotten since.
  void set_learnt(std::size_t step, const History& learnt) { entries_[step].learnt = learnt; }

  /// Keeps the first `steps`, fewer than there are.
  void truncate(std::size_t steps) {
    answers_.truncate(entries_[steps].answers_before);
    entries_.resize(steps);
  }
  void clear() {
    answers_.truncate({});
    entries_.clear();
  }

 private:
  std::vector<Entry> entries_;
  Answers answers_;
};

}  // namespace unswept::sim
