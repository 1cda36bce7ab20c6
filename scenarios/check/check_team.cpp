#include "scenarios/check/check_team.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "scenarios/check/guest.h"

namespace unswept::scenarios {

namespace {

/// A search that is over by then is not worth another program.
constexpr std::uint64_t kExecutionsAlone = 2'000;

}  // namespace

std::function<void(const model::Program&, const model::Ending&)> counts_failures(
    FailureTally& failures) {
  return [&failures](const model::Program& program, const model::Ending&) {
    failures.add(static_cast<const ScenarioProgram&>(program).operations());
  };
}

CheckTeam::CheckTeam(const Scenario& scenario, const engine::Protocol& protocol,
                     ScenarioProgram& first, const Helpers& helpers)
    : scenario_(scenario),
      protocol_(protocol),
      first_(first),
      helpers_(helpers),
      members_(helpers.cores == nullptr ? 1 : helpers.cores->count()) {}

CheckTeam::~CheckTeam() = default;

void CheckTeam::employ(model::ExploreOptions& options) {
  first_.keep_turns(true);
  options.executed = counts_failures(failures_);
  options.pruned = options.executed;
  if (helpers_.link != nullptr) {
    options.peers = {
        .link = helpers_.link,
        .alone = helpers_.only_deal_out ? 1 : kExecutionsAlone,
        .host_explores = !helpers_.only_deal_out,
        .invitation = [this] { return invitation(); },
        .heard = [this](const std::string& books) { hear(books); },
        .declined = [this](std::uint32_t guest, const std::string& why) { absent_[guest] = why; }};
    return;
  }
  if (helpers_.cores == nullptr || helpers_.cores->count() < 2) return;
  options.team.size = helpers_.cores->count();
  options.team.alone = kExecutionsAlone;
  options.team.join = [this](std::uint32_t worker, const std::function<bool()>& needed) {
    return join(worker, needed);
  };
}

std::optional<model::Colleague> CheckTeam::join(std::uint32_t worker,
                                                const std::function<bool()>& needed) {
  if (!helpers_.cores->wait_for_one(needed)) return std::nullopt;
  Member& member = members_[worker];
  if (!member.program) {
    auto made = ScenarioProgram::make(scenario_, protocol_);
    // The first one could be made; where another cannot (no memory is left), the first works alone.
    if (!made) {
      helpers_.cores->give_back();
      return std::nullopt;
    }
    member.program = std::move(*made);
    member.program->keep_turns(true);
  }
  member.program->entry_contention().vary_as(first_.entry_contention());
  const auto counts = counts_failures(member.failures);
  return model::Colleague{
      .program = {member.program.get(),
                  [cores = helpers_.cores](model::Program*) { cores->give_back(); }},
      .executed = counts,
      .pruned = counts};
}

std::string CheckTeam::invitation() const {
  const EntryContention& entries = first_.entry_contention();
  return to_text(Invitation{.build = digest_of_this_program(),
                            .scenario = scenario_,
                            .protocol = std::string(protocol_.name()),
                            .verify_every = helpers_.verify_every,
                            .all_vary = entries.varies_all(),
                            .contended = entries.record().contended});
}

void CheckTeam::hear(const std::string& text) {
  // It comes from this very program, or the guest would not be here.
  const auto books = to_books(nlohmann::json::parse(text));
  if (books) add(*books);
}

void CheckTeam::add(const Books& books) {
  first_.entry_contention().add(books.entries);
  for (const FailureTally::Row& row : books.failures) failures_.add(row);
  first_.sometimes().meet_all_but(books.unmet);
}

std::vector<std::string> CheckTeam::absences() const {
  std::vector<std::string> sentences;
  for (const auto& [guest, why] : absent_)
    sentences.push_back(fmt::format("process {} did not help: {}", guest, why));
  return sentences;
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
  saved.books = {.entries = first_.entry_contention().record(),
                 .failures = failures_.rows(),
                 .unmet = first_.sometimes().unmet()};
  return saved;
}

void CheckTeam::go_on_from(const SavedCheck& saved) { add(saved.books); }

}  // namespace unswept::scenarios
