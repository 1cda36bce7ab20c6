// scenarios/check/failures.h: which operations were refused or failed, over all runs of a search.
//
// An operation that never gets anywhere races with nobody: a pass says nothing of it, and the
// reader must be told.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/workload/operations.h"

namespace unswept::scenarios {

class FailureTally {
 public:
  /// What is counted of one operation.
  struct Row {
    model::ActorId actor = 0;
    std::uint32_t operation = 0;
    std::uint64_t ended = 0;  // runs in which it came to its end
    std::uint64_t runs = 0;   // of those, in which it failed
    std::string example;      // of their messages: the first in the alphabet, whoever counted it
  };

  /// Counts a run that came to its end, or to a state that is known.
  void add(const OperationLog& run);

  /// Counts runs that were counted elsewhere.
  void add(const FailureTally& other);
  void add(const Row& row);
  std::vector<Row> rows() const;

  /// Over all operations and runs.
  std::uint64_t failures() const { return failures_; }

  /// A sentence for each operation that failed in some run; those that failed in every run first.
  std::vector<std::string> remarks(const Scenario& scenario) const;

 private:
  struct Failed {
    std::uint64_t ended = 0;  // runs in which it came to its end
    std::uint64_t runs = 0;   // of those, in which it failed
    std::string example;
    void count(std::uint64_t more, const std::string& message);
  };

  std::uint64_t failures_ = 0;
  std::map<std::pair<model::ActorId, std::uint32_t>, Failed> failed_;  // by actor and operation
};

}  // namespace unswept::scenarios
