// model/explore/remote_tree.h: a search tree that another process holds (internal).
//
// What a search does to the tree is told to the host in its order, between executions, and only
// next() waits for an answer: the host may be busy, or have to wait for a core.  Nodes that are
// published get names of this process, which the host knows until the next subtree is asked for.
//
// Thread safety: none; for the one worker of a guest.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "model/explore/link.h"
#include "model/explore/search_tree.h"
#include "model/explore/session.h"

namespace unswept::model {

class RemoteTree final : public SearchTree {
 public:
  /// `budget`: what the worker has used up.  Both must outlive the tree.
  RemoteTree(Link& link, const SharedBudget& budget) : link_(link), budget_(budget) {}

  /// Tells the host what is to be told, and hears what it has to say.
  void exchange();
  /// Whether the worker may begin another execution, as far as their number goes.
  bool has_room();
  /// What the host asks for when it writes the exploration down: everything since the last time.
  void report_with(std::function<nlohmann::json()> report) { report_ = std::move(report); }
  /// The last message.
  void leave(nlohmann::json report);

  std::optional<Subtree> next(const std::function<void()>& meanwhile) override;
  NodeId publish(PublishedNode node) override;
  void leave_outcomes(NodeId node, ActorId actor, std::span<const Access> footprint,
                      std::vector<Choice> rest) override;
  void give_back(NodeId node, std::span<const Access> footprint, std::vector<Choice> rest) override;
  void finish(NodeId node, ActorId actor, std::span<const Access> footprint) override;
  void give_all_back() override;
  void finish_all() override;
  ActorSet extend(NodeId node, ActorSet unless, ActorSet added) override;
  void note_share(NodeId node, const PartShare& share) override;
  void stop() override;

 private:
  void tell(std::string_view what, nlohmann::json more);
  void flush();
  void hear();
  void hear(const nlohmann::json& said);
  std::uint64_t answer();

  /// What was asked for; once carried out it is so for good.
  struct Extension {
    NodeId node;
    ActorSet unless;
    ActorSet added;
    auto operator<=>(const Extension&) const = default;
  };

  Link& link_;
  const SharedBudget& budget_;
  std::uint64_t told_ = 0;          // of what the worker has used up
  std::uint64_t granted_ = 0;       // executions in all, as far as the budget goes
  NodeId named_ = 0;                // nodes published since the last next()
  std::set<Extension> extensions_;  // told since the last next()
  nlohmann::json turn_ = nlohmann::json::array();
  std::function<nlohmann::json()> report_;
  bool report_due_ = false;
  std::optional<Subtree> subtree_;
  std::optional<std::uint64_t> answer_;
};

/// The name that a guest gives to the n-th node that it published since it last asked for a
/// subtree.  Names of the host's are smaller.
inline constexpr NodeId kGuestsOwn = NodeId{1} << 63;

}  // namespace unswept::model
