#include "model/explore/peers.h"

#include <nlohmann/json.hpp>

#include "model/explore/remote_tree.h"
#include "model/explore/tree_json.h"
#include "model/explore/worker.h"

namespace unswept::model {
namespace {

using Json = nlohmann::json;

/// Without what is the host's alone.
ExploreOptions options_of_guest(ExploreOptions options) {
  options.team = {};
  options.peers = {};
  options.checkpoint = {};
  options.progress = {};
  return options;
}

class Guest {
 public:
  Guest(Link& link, const GuestWork& work)
      : work_(work),
        budget_(1, {}),
        tree_(link, budget_),
        worker_(*work.program, nullptr, options_of_guest(work.options),
                make_tree_search(work.options, link.size()), {&budget_, 0}) {
    budget_.ask([this](std::uint64_t) { return tree_.has_room(); });
    tree_.report_with([this] { return report(); });
  }

  void explore() {
    while (const auto subtree = tree_.next({})) {
      const SubtreeLeft left = explore_subtree(worker_, *subtree, tree_, [this] {
        tree_.exchange();
        return false;
      });
      lost_ = left == SubtreeLeft::lost;
      if (left != SubtreeLeft::lost && left != SubtreeLeft::over) continue;
      tree_.stop();
      break;
    }
    tree_.leave(report());
  }

 private:
  Json report() const {
    return {{"figures", from_report(worker_.session.report())},
            {"lost", lost_},
            {"books", work_.books ? work_.books() : std::string()}};
  }

  const GuestWork& work_;
  SharedBudget budget_;
  RemoteTree tree_;
  Worker worker_;
  bool lost_ = false;
};

void decline(Link& link, const std::string& why) {
  const Json declined = {{"do", "decline"}, {"why", why}};
  const Json message = {
      {"attempts", 0}, {"steps", 0}, {"states", 0}, {"turn", Json::array({declined})}};
  link.send(Link::kHost, Json::to_cbor(message));
}

std::optional<std::uint32_t> bound_in(const Json& said, const char* name) {
  if (!said.contains(name)) return std::nullopt;
  return said.at(name).get<std::uint32_t>();
}

/// The next message, however long it takes.
Message wait_for_message(Link& link) {
  for (;; link.wait())
    if (auto message = link.poll()) return std::move(*message);
}

}  // namespace

void be_guest(Link& link, const Prepare& prepare) {
  for (;;) {
    const Json said = Json::from_cbor(wait_for_message(link).bytes);
    const std::string& what = said.at("say").get_ref<const std::string&>();
    if (what == "goodbye") return;
    if (what != "come") continue;  // it was about an exploration that is over
    auto work = prepare(said.at("invitation").get<std::string>());
    if (!work) {
      decline(link, work.error());
      continue;
    }
    work->options.bounds.preemptions = bound_in(said, "preemptions");
    work->options.bounds.delays = bound_in(said, "delays");
    Guest(link, *work).explore();
  }
}

void say_goodbye(Link& link) {
  const Json goodbye = {{"say", "goodbye"}};
  for (std::uint32_t guest = 1; guest < link.size(); ++guest)
    link.send(guest, Json::to_cbor(goodbye));
}

}  // namespace unswept::model
