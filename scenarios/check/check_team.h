// scenarios/check/check_team.h: all who explore one scenario.
//
// Every worker has a program of its own, and keeps books of its own.  gather() brings them
// together in those of the first.  Workers are threads of this process, on cores that are
// free, or other processes: its guests, which scenarios/check/guest.h is about.
//
// Thread safety: the team belongs to the thread that made it; what team() hands out is
// called on the threads of the workers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/protocol/protocol.h"
#include "model/explore/explore.h"
#include "model/explore/link.h"
#include "scenarios/check/cores.h"
#include "scenarios/check/failures.h"
#include "scenarios/check/saved_check.h"
#include "scenarios/scenario.h"
#include "scenarios/workload/program.h"

namespace unswept::scenarios {

/// What counts the failed operations of a search's executions, as ExploreOptions::executed.
std::function<void(const model::Program&, const model::Ending&)> counts_failures(
    FailureTally& failures);

/// Who may help.
struct Helpers {
  Cores* cores = nullptr;       // threads of this process
  model::Link* link = nullptr;  // the guests of this process, instead of threads
  bool only_deal_out = false;   // to the guests, once they have come
  /// What guests must know to do as this process does.
  std::optional<std::uint64_t> verify_every = {};
};

class CheckTeam {
 public:
  /// All must outlive the team.  Without helpers the first works alone.
  CheckTeam(const Scenario& scenario, const engine::Protocol& protocol, ScenarioProgram& first,
            const Helpers& helpers);
  ~CheckTeam();

  /// Lets the team explore, with interchangeable actors in one order, and keep its books.
  void employ(model::ExploreOptions& options);
  /// While nobody explores.
  void gather();

  void forget_failures() { failures_ = {}; }

  ScenarioProgram& first() { return first_; }
  /// Of all, after gather().
  const FailureTally& failures() const { return failures_; }
  /// A sentence for each guest that did not come.
  std::vector<std::string> absences() const;

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
  std::string invitation() const;
  void hear(const std::string& books);
  void add(const Books& books);

  const Scenario& scenario_;
  const engine::Protocol& protocol_;
  ScenarioProgram& first_;
  const Helpers helpers_;
  FailureTally failures_;
  std::vector<Member> members_;                  // by worker; number 0 is the first and has none
  std::map<std::uint32_t, std::string> absent_;  // why, by guest
};

}  // namespace unswept::scenarios
