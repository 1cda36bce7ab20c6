// model/explore/mazurkiewicz.h: which executions are the same up to commuting steps.
//
// Written for being obviously right, not for speed: it is what reductions are
// measured against, and shares no code with them but the table of conflicts.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

/// A growing and shrinking execution, and a name for its Mazurkiewicz trace.
class TraceIdentity {
 public:
  explicit TraceIdentity(const Dependence& dependence) : dependence_(dependence) {}

  /// Appends a step.
  void push(const Step& step);
  /// Keeps the first `count` steps.
  void truncate(std::size_t count) { steps_.resize(count); }
  std::size_t size() const { return steps_.size(); }

  /// Equal for two executions that order their dependent steps alike; different
  /// for others, as far as 128 bits go.
  Fingerprint identity() const;

 private:
  struct Entry {
    ActorId actor;
    std::uint32_t ordinal;
    std::uint64_t digest;  // of what it was and what came back
    std::vector<Access> footprint;
    std::vector<std::uint32_t>
        seen;  // seen[a]: how many steps of actor a happen before (or are) this
  };
  Dependence dependence_;
  std::vector<Entry> steps_;
};

}  // namespace unswept::model
