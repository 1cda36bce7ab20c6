#include "scenarios/check/check_team.h"

#include <utility>

namespace unswept::scenarios {

namespace {

/// A search that is over by then is not worth another program.
constexpr std::uint64_t kExecutionsAlone = 2'000;

auto counts_failures(FailureTally& failures) {
  return [&failures](const model::Program& program, const model::Ending&) {
    failures.add(static_cast<const ScenarioProgram&>(program).operations());
  };
}

}  // namespace

CheckTeam::CheckTeam(const Scenario& scenario, const engine::Protocol& protocol,
                     ScenarioProgram& first, Cores* cores)
    : scenario_(scenario),
      protocol_(protocol),
      first_(first),
      cores_(cores),
      members_(cores == nullptr ? 1 : cores->count()) {}

CheckTeam::~CheckTeam() = default;

void CheckTeam::employ(model::ExploreOptions& options) {
  first_.keep_turns(true);
  options.executed = counts_failures(failures_);
  options.pruned = options.executed;
  if (cores_ == nullptr || cores_->count() < 2) return;
  options.team.size = cores_->count();
  options.team.alone = kExecutionsAlone;
  options.team.join = [this](std::uint32_t worker, const std::function<bool()>& needed) {
    return join(worker, needed);
  };
}

std::optional<model::Colleague> CheckTeam::join(std::uint32_t worker,
                                                const std::function<bool()>& needed) {
  if (!cores_->wait_for_one(needed)) return std::nullopt;
  Member& member = members_[worker];
  if (!member.program) {
    auto made = ScenarioProgram::make(scenario_, protocol_);
    // The first one could be made; where another cannot (no memory is left), the first works alone.
    if (!made) {
      cores_->give_back();
      return std::nullopt;
    }
    member.program = std::move(*made);
    member.program->keep_turns(true);
  }
  member.program->entry_contention().vary_as(first_.entry_contention());
  const auto counts = counts_failures(member.failures);
  return model::Colleague{
      .program = {member.program.get(), [cores = cores_](model::Program*) { cores->give_back(); }},
      .executed = counts,
      .pruned = counts};
}

void CheckTeam::gather() {
  for (Member& member : members_) {
    if (!member.program) continue;
    first_.entry_contention().take_round_of(member.program->entry_contention());
    first_.sometimes().meet_all_but(member.program->sometimes().unmet());
    failures_.add(std::exchange(member.failures, {}));
  }
}

SavedCheck CheckTeam::save(const model::Checkpoint& search) {
  gather();
  SavedCheck saved;
  saved.search = search;
  saved.entries = first_.entry_contention().record();
  saved.failures = failures_.rows();
  saved.unmet = first_.sometimes().unmet();
  return saved;
}

void CheckTeam::go_on_from(const SavedCheck& saved) {
  first_.entry_contention().add(saved.entries);
  for (const FailureTally::Row& row : saved.failures) failures_.add(row);
  first_.sometimes().meet_all_but(saved.unmet);
}

}  // namespace unswept::scenarios
