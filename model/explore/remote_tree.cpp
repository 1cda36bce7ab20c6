#include "model/explore/remote_tree.h"

#include <utility>

#include "model/explore/tree_json.h"

namespace unswept::model {

using Json = nlohmann::json;

void RemoteTree::tell(std::string_view what, Json more) {
  more["do"] = what;
  turn_.push_back(std::move(more));
}

void RemoteTree::flush() {
  if (turn_.empty()) return;
  const SharedBudget::Used used = budget_.used();
  told_ = used.attempts;
  const Json message = {{"attempts", used.attempts},
                        {"steps", used.steps},
                        {"states", used.states},
                        {"turn", std::exchange(turn_, Json::array())}};
  link_.send(Link::kHost, Json::to_cbor(message));
}

void RemoteTree::exchange() {
  constexpr std::uint64_t kToldEvery = 256;
  if (budget_.used().attempts - told_ >= kToldEvery) tell("go on", Json::object());
  flush();
  hear();
}

void RemoteTree::hear() {
  while (const auto message = link_.poll()) hear(Json::from_cbor(message->bytes));
}

void RemoteTree::hear(const Json& said) {
  const std::string& what = said.at("say").get_ref<const std::string&>();
  if (what == "wanted") {
    wanted_ = said.at("wanted").get<bool>();
  } else if (what == "stop") {
    stopped_ = true;
  } else if (what == "pause") {
    paused_ = true;
    report_due_ = true;
  } else if (what == "subtree") {
    subtree_ = to_subtree(said.at("subtree"));
    wanted_ = false;
    paused_ = false;
  } else if (what == "answer") {
    answer_ = said.at("answer").get<std::uint64_t>();
  }
}

/// Of the host, to what was told last.
std::uint64_t RemoteTree::answer() {
  flush();
  for (hear(); !answer_; hear()) link_.wait();
  return *std::exchange(answer_, std::nullopt);
}

bool RemoteTree::has_room() {
  const std::uint64_t attempts = budget_.used().attempts;
  if (attempts < granted_) return true;
  tell("ask for executions", Json::object());
  granted_ = attempts + answer();
  return attempts < granted_;
}

std::optional<Subtree> RemoteTree::next(const std::function<void()>& meanwhile) {
  named_ = 0;
  granted_ = 0;
  extensions_.clear();
  tell("ask for a subtree", Json::object());
  for (;;) {
    flush();
    hear();
    if (subtree_) return std::exchange(subtree_, std::nullopt);
    if (stopped()) return std::nullopt;
    if (std::exchange(report_due_, false)) {
      tell("report", report_());
      continue;
    }
    if (meanwhile) meanwhile();
    link_.wait();
  }
}

NodeId RemoteTree::publish(PublishedNode node) {
  tell("publish", {{"node", from_published(node)}});
  return kGuestsOwn + named_++;
}

void RemoteTree::leave_outcomes(NodeId node, ActorId actor, std::span<const Access> footprint,
                                std::vector<Choice> rest) {
  tell("leave outcomes", {{"node", node},
                          {"actor", actor},
                          {"footprint", from_footprint(footprint)},
                          {"rest", from_choices(rest)}});
}

void RemoteTree::give_back(NodeId node, std::span<const Access> footprint,
                           std::vector<Choice> rest) {
  tell("give back",
       {{"node", node}, {"footprint", from_footprint(footprint)}, {"rest", from_choices(rest)}});
}

void RemoteTree::finish(NodeId node, ActorId actor, std::span<const Access> footprint) {
  tell("finish", {{"node", node}, {"actor", actor}, {"footprint", from_footprint(footprint)}});
}

void RemoteTree::give_all_back() { tell("give all back", Json::object()); }

void RemoteTree::finish_all() { tell("finish all", Json::object()); }

ActorSet RemoteTree::extend(NodeId node, ActorSet unless, ActorSet added) {
  if (extensions_.insert({node, unless, added}).second)
    tell("extend", {{"node", node}, {"unless", unless}, {"added", added}});
  return 0;
}

void RemoteTree::note_share(NodeId node, const PartShare& share) {
  tell("note share", {{"node", node},
                      {"actor", share.actor},
                      {"outcomes", share.outcomes},
                      {"below", share.below}});
}

void RemoteTree::stop() {
  stopped_ = true;
  tell("stop", Json::object());
  flush();
}

void RemoteTree::leave(Json report) {
  tell("leave", std::move(report));
  flush();
}

}  // namespace unswept::model
