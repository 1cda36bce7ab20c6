// scenarios/workload/happens_before.h: the partial order of a run.
//
// Two runs that differ in the order of independent steps are one Mazurkiewicz
// trace; questions such as "did A and B overlap" or "could P have come between Q
// and R" are answered for the trace, not for the order that happened to be
// executed.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/program.h"

namespace unswept::scenarios {

/// A moment of an actor: after so many of its steps, before its next.
struct Moment {
  model::ActorId actor = model::kNoActor;
  std::uint32_t steps = 0;
};

/// The steps of one run, with what they touched.
class StepLog {
 public:
  explicit StepLog(std::size_t actors) : counts_(actors) {}
  void clear();
  /// Keeps the first so many steps.
  void truncate(std::size_t steps);
  /// `result`: what the actor learnt.
  void add(model::ActorId actor, std::span<const model::Access> footprint,
           std::uint64_t result = 0);
  /// Now, for that actor.
  Moment now(model::ActorId actor) const { return {actor, counts_[actor]}; }

  struct Entry {
    model::ActorId actor;
    std::uint32_t first_access;
    std::uint32_t accesses;
    std::uint64_t result;
  };
  std::span<const Entry> entries() const { return entries_; }
  std::span<const model::Access> footprint(const Entry& entry) const {
    return std::span(accesses_).subspan(entry.first_access, entry.accesses);
  }
  std::size_t actors() const { return counts_.size(); }
  /// Of who took which step, and what came of it.
  model::Fingerprint fingerprint() const;
  /// How many steps of all actors there had been at that moment.
  std::size_t position(Moment moment) const;

 private:
  std::vector<std::uint32_t> counts_;  // steps so far, by actor
  std::vector<Entry> entries_;
  std::vector<model::Access> accesses_;
};

class HappensBefore {
 public:
  explicit HappensBefore(const StepLog& log);

  /// Whether every order of the trace has `a` before `b`.
  bool precedes(Moment a, Moment b) const;

 private:
  using Clock = std::vector<std::uint32_t>;  // by actor: how many of its steps come before

  struct Use {
    model::ActorId actor;
    model::Mode mode;
    std::uint32_t ordinal;
  };
  void join_conflicting(model::Access access, model::ActorId actor, Clock& clock);
  void remember(model::Access access, model::ActorId actor, std::uint32_t ordinal);

  std::vector<std::vector<Clock>> clocks_;  // by actor and ordinal; the step itself counts
  std::unordered_map<model::ObjectId, std::vector<Use>> uses_;  // the latest per actor and mode
};

}  // namespace unswept::scenarios
