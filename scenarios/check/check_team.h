// scenarios/check/check_team.h: all who explore one scenario.
//
// Every worker has a program of its own, and keeps books of its own: failed operations,
// conditions that were met, entries whose place matters.  gather() brings them together
// in those of the first.
//
// Thread safety: the team belongs to the thread that made it; what team() hands out is
// called on the threads of the workers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/protocol/protocol.h"
#include "model/explore/explore.h"
#include "scenarios/check/cores.h"
#include "scenarios/check/failures.h"
#include "scenarios/check/saved_check.h"
#include "scenarios/scenario.h"
#include "scenarios/workload/program.h"

namespace unswept::scenarios {

class CheckTeam {
 public:
  /// All must outlive the team.  Without `cores` the first works alone.
  CheckTeam(const Scenario& scenario, const engine::Protocol& protocol, ScenarioProgram& first,
            Cores* cores);
  ~CheckTeam();

  /// Lets the team explore, with interchangeable actors in one order, and keep its books.
  void employ(model::ExploreOptions& options);
  /// While nobody explores.
  void gather();

  void forget_failures() { failures_ = {}; }

  ScenarioProgram& first() { return first_; }
  /// Of all, after gather().
  const FailureTally& failures() const { return failures_; }

  /// The books of all, and what the search has to go on from.
  SavedCheck save(const model::Checkpoint& search);
  /// The books as they were.
  void go_on_from(const SavedCheck& saved);

 private:
  struct Member {
    std::unique_ptr<ScenarioProgram> program;
    FailureTally failures;
  };

  std::optional<model::Colleague> join(std::uint32_t worker, const std::function<bool()>& needed);

  const Scenario& scenario_;
  const engine::Protocol& protocol_;
  ScenarioProgram& first_;
  Cores* const cores_;
  FailureTally failures_;
  std::vector<Member> members_;  // by worker; number 0 is the first and has none
};

}  // namespace unswept::scenarios
