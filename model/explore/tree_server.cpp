#include "model/explore/tree_server.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/explore/remote_tree.h"
#include "model/explore/tree_json.h"

namespace unswept::model {

using Json = nlohmann::json;

TreeServer::TreeServer(SharedTree& tree, SharedBudget& budget, const ExploreOptions& options)
    : tree_(tree),
      budget_(budget),
      options_(options),
      link_(*options.peers.link),
      guests_(link_.size()) {}

void TreeServer::invite() {
  if (std::exchange(invited_, true)) return;
  Json invitation = {{"say", "come"}, {"invitation", options_.peers.invitation()}};
  // These change from one exploration to the next where a bound is raised.
  if (const auto& most = options_.bounds.preemptions) invitation["preemptions"] = *most;
  if (const auto& most = options_.bounds.delays) invitation["delays"] = *most;
  for (std::uint32_t number = 1; number < guests_.size(); ++number) {
    guests_[number].presence = Presence::exploring;
    say(number, invitation);
  }
}

void TreeServer::serve() {
  while (const auto message = link_.poll()) receive(message->from, Json::from_cbor(message->bytes));
  if (!invited_) return;
  answer_those_who_wait();
  grant();
  tell_news();
}

std::optional<Subtree> TreeServer::next(const std::function<void()>& meanwhile) {
  constexpr std::uint64_t kMeanwhileEvery = 64;
  for (std::uint64_t waits = 1;; ++waits) {
    const bool explores = !only_deals_out();
    if (explores)
      if (auto subtree = tree_.take_now()) return subtree;
    if (tree_.stopped() || tree_.finished()) return std::nullopt;
    if (explores) tree_.begin_waiting();
    serve();
    link_.wait();
    if (explores) tree_.end_waiting();
    if (meanwhile && waits % kMeanwhileEvery == 0) meanwhile();
  }
}

bool TreeServer::has_room(std::uint64_t executions) {
  for (;; serve(), link_.wait()) {
    const std::uint64_t used = budget_.used().attempts;
    if (used + unused_grants() < executions) return true;
    if (used >= executions) return false;
  }
}

bool TreeServer::wait_for_reports() {
  for (std::uint32_t number = 1; number < guests_.size(); ++number) {
    Guest& guest = guests_[number];
    if (!is_here(guest)) continue;
    guest.report_due = true;
    say(number, {{"say", "pause"}});
  }
  for (;; serve(), link_.wait()) {
    if (tree_.stopped()) return false;
    const bool due = std::ranges::any_of(
        guests_, [&](const Guest& guest) { return is_here(guest) && guest.report_due; });
    if (!due && tree_.nobody_explores()) return true;
  }
}

void TreeServer::dismiss() {
  for (serve(); somebody_is_here(); serve()) link_.wait();
}

std::vector<const ExploreResult*> TreeServer::reports() const {
  std::vector<const ExploreResult*> reports;
  for (const Guest& guest : guests_)
    if (guest.report) reports.push_back(&*guest.report);
  return reports;
}

bool TreeServer::lost() const {
  return std::ranges::any_of(guests_, [](const Guest& guest) { return guest.lost; });
}

void TreeServer::receive(std::uint32_t number, const Json& message) {
  Guest& guest = guests_[number];
  guest.used = message.at("attempts").get<std::uint64_t>();
  budget_.note(number, {guest.used, message.at("steps").get<std::uint64_t>(), 0});
  budget_.note_states(number, message.at("states").get<std::uint64_t>());
  for (const Json& told : message.at("turn")) carry_out(number, told);
}

void TreeServer::carry_out(std::uint32_t number, const Json& told) {
  Guest& guest = guests_[number];
  const auto node = [&] { return resolve(guest, told.at("node").get<NodeId>()); };
  const auto footprint = [&] { return to_footprint(told.at("footprint")); };
  const auto actor = [&] { return told.at("actor").get<ActorId>(); };
  const std::string& what = told.at("do").get_ref<const std::string&>();
  if (what == "publish") {
    PublishedNode published = to_published(told.at("node"));
    published.parent = resolve(guest, published.parent);
    guest.names.push_back(tree_.publish(std::move(published)));
  } else if (what == "leave outcomes") {
    tree_.leave_outcomes(node(), actor(), footprint(), to_choices(told.at("rest")));
  } else if (what == "give back") {
    tree_.give_back(node(), footprint(), to_choices(told.at("rest")));
  } else if (what == "finish") {
    tree_.finish(node(), actor(), footprint());
  } else if (what == "give all back") {
    tree_.give_all_back();
  } else if (what == "finish all") {
    tree_.finish_all();
  } else if (what == "extend") {
    (void)tree_.extend(node(), told.at("unless").get<ActorSet>(), told.at("added").get<ActorSet>());
  } else if (what == "note share") {
    tree_.note_share(node(),
                     {actor(), told.at("outcomes").get<double>(), told.at("below").get<double>()});
  } else if (what == "ask for executions") {
    guest.asks = true;
  } else if (what == "ask for a subtree") {
    guest.presence = Presence::waiting;
    guest.granted = guest.used;
    guest.names.clear();
    tree_.begin_waiting();
  } else if (what == "stop") {
    tree_.stop();
  } else if (what == "report" || what == "leave" || what == "decline") {
    take_report(number, told);
  }
}

void TreeServer::take_report(std::uint32_t number, const Json& report) {
  Guest& guest = guests_[number];
  guest.report_due = false;
  const std::string& what = report.at("do").get_ref<const std::string&>();
  if (what != "report") {
    if (guest.presence == Presence::waiting) tree_.end_waiting();
    guest.presence = Presence::gone;
    guest.granted = guest.used;
  }
  if (what == "decline") {
    if (options_.peers.declined)
      options_.peers.declined(number, report.at("why").get<std::string>());
    return;
  }
  guest.report = to_report(report.at("figures"));
  guest.lost = report.at("lost").get<bool>();
  if (options_.peers.heard) options_.peers.heard(report.at("books").get<std::string>());
}

void TreeServer::answer_those_who_wait() {
  for (std::uint32_t number = 1; number < guests_.size(); ++number) {
    Guest& guest = guests_[number];
    if (guest.presence != Presence::waiting) continue;
    const auto subtree = tree_.take_now();
    if (!subtree) return;
    tree_.end_waiting();
    guest.presence = Presence::exploring;
    guest.told_wanted = false;
    say(number, {{"say", "subtree"}, {"subtree", from_subtree(*subtree)}});
  }
}

/// Who asks waits until it is certain that there is nothing left.
void TreeServer::grant() {
  constexpr std::uint64_t kAtOnce = 256;
  for (std::uint32_t number = 1; number < guests_.size(); ++number) {
    Guest& guest = guests_[number];
    if (!guest.asks) continue;
    const std::uint64_t all = options_.bounds.executions.value_or(0);
    const std::uint64_t used = budget_.used().attempts;
    const std::uint64_t taken = used + unused_grants();
    if (taken >= all && used < all) return;
    const std::uint64_t room = all > taken ? all - taken : 0;
    const std::uint64_t fair = std::max<std::uint64_t>(1, room / (2 * guests_.size()));
    const std::uint64_t granted = std::min({room, fair, kAtOnce});
    guest.asks = false;
    guest.granted = guest.used + granted;
    say(number, {{"say", "answer"}, {"answer", granted}});
  }
}

/// What somebody should know who explores, or waits in vain.
void TreeServer::tell_news() {
  const bool over = tree_.stopped() || tree_.finished();
  const bool wanted = tree_.wanted();
  for (std::uint32_t number = 1; number < guests_.size(); ++number) {
    Guest& guest = guests_[number];
    if (!is_here(guest)) continue;
    if (over && !std::exchange(guest.told_stop, true)) say(number, {{"say", "stop"}});
    if (guest.presence != Presence::exploring || guest.told_wanted == wanted) continue;
    guest.told_wanted = wanted;
    say(number, {{"say", "wanted"}, {"wanted", wanted}});
  }
}

void TreeServer::say(std::uint32_t number, const Json& what) {
  link_.send(number, Json::to_cbor(what));
}

bool TreeServer::is_here(const Guest& guest) const {
  return guest.presence == Presence::exploring || guest.presence == Presence::waiting;
}

bool TreeServer::somebody_is_here() const {
  return std::ranges::any_of(guests_, [&](const Guest& guest) { return is_here(guest); });
}

std::uint64_t TreeServer::unused_grants() const {
  std::uint64_t unused = 0;
  for (const Guest& guest : guests_)
    if (guest.granted > guest.used) unused += guest.granted - guest.used;
  return unused;
}

NodeId TreeServer::resolve(const Guest& guest, NodeId node) {
  const bool is_own = node >= kGuestsOwn && node != kNoNode;
  return is_own ? guest.names.at(node - kGuestsOwn) : node;
}

}  // namespace unswept::model
