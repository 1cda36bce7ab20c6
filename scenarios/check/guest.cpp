#include "scenarios/check/guest.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/explore/peers.h"
#include "scenarios/check/books.h"
#include "scenarios/check/check.h"
#include "scenarios/check/check_team.h"
#include "scenarios/check/saved_check.h"
#include "scenarios/check/search_options.h"
#include "scenarios/parse/parse.h"
#include "scenarios/parse/write.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"

namespace unswept::scenarios {
namespace {

using Json = nlohmann::json;

/// One search after the other; rounds of one search use one program.
class Guest {
 public:
  explicit Guest(std::function<double()> clock) { options_.clock = std::move(clock); }

  std::expected<model::GuestWork, std::string> prepare(const std::string& text) {
    auto invitation = parse_invitation(text);
    if (!invitation) return std::unexpected(invitation.error());
    if (auto ready = make_program(*invitation); !ready) return std::unexpected(ready.error());
    program_->entry_contention().begin_round(invitation->all_vary, invitation->contended);
    failures_ = {};
    options_.verify_every = invitation->verify_every;
    model::GuestWork work{.program = program_.get(),
                          .options = explore_options(scenario_, options_),
                          .books = [this] { return books(); }};
    work.options.executed = counts_failures(failures_);
    work.options.pruned = work.options.executed;
    return work;
  }

 private:
  std::expected<void, std::string> make_program(Invitation& invitation) {
    const std::string what = invitation.protocol + '\n' + write_scenario(invitation.scenario);
    if (program_ && what == made_for_) return {};
    program_.reset();
    scenario_ = std::move(invitation.scenario);
    auto made = ScenarioProgram::make(scenario_, *find_protocol(invitation.protocol));
    if (!made) return std::unexpected(made.error());
    program_ = std::move(*made);
    program_->keep_turns(true);
    made_for_ = what;
    return {};
  }

  std::string books() {
    const Books books{.entries = program_->entry_contention().record(),
                      .failures = std::exchange(failures_, {}).rows(),
                      .unmet = program_->sometimes().unmet()};
    return from_books(books).dump();
  }

  CheckOptions options_;
  Scenario scenario_;
  std::unique_ptr<ScenarioProgram> program_;
  std::string made_for_;
  FailureTally failures_;
};

}  // namespace

std::string to_text(const Invitation& invitation) {
  Json json = {{"build", invitation.build},
               {"name", invitation.scenario.name},
               {"scenario", write_scenario(invitation.scenario)},
               {"memory", invitation.scenario.explore.memory},
               {"protocol", invitation.protocol},
               {"verify_every", nullptr},
               {"all_vary", invitation.all_vary},
               {"contended", invitation.contended}};
  if (invitation.verify_every) json["verify_every"] = *invitation.verify_every;
  return json.dump();
}

std::expected<Invitation, std::string> parse_invitation(const std::string& text) {
  const Json json = Json::parse(text);
  Invitation invitation;
  json.at("build").get_to(invitation.build);
  if (invitation.build != digest_of_this_program())
    return std::unexpected("it runs another build of unswept; all must run the same one");
  auto scenario = parse_scenario(json.at("scenario").get_ref<const std::string&>(),
                                 json.at("name").get<std::string>() + ".toml");
  if (!scenario) return std::unexpected(to_string(scenario.error()));
  invitation.scenario = std::move(*scenario);
  json.at("memory").get_to(invitation.scenario.explore.memory);
  json.at("protocol").get_to(invitation.protocol);
  if (!json.at("verify_every").is_null())
    invitation.verify_every = json.at("verify_every").get<std::uint64_t>();
  json.at("all_vary").get_to(invitation.all_vary);
  json.at("contended").get_to(invitation.contended);
  return invitation;
}

void help_checking(model::Link& link, const std::function<double()>& clock) {
  Guest guest(clock);
  model::be_guest(link, [&](const std::string& invitation) { return guest.prepare(invitation); });
}

}  // namespace unswept::scenarios
