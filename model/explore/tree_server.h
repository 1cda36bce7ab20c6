// model/explore/tree_server.h: lets the guests of a host explore its search tree (internal).
//
// Does for each guest what it tells, in its order, and answers.  A guest is one worker
// more; the last message of each holds its report.
//
// A budget of executions is kept to the last one: guests are granted executions in
// portions, smaller ones towards the end, and it has run out only when all that were
// granted are used up.
//
// Thread safety: none; on the thread of the host's own worker.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/explore/explore.h"
#include "model/explore/link.h"
#include "model/explore/session.h"
#include "model/explore/shared_tree.h"

namespace unswept::model {

class TreeServer {
 public:
  /// Row n of `budget` is that of guest n.  All must outlive the server.
  TreeServer(SharedTree& tree, SharedBudget& budget, const ExploreOptions& options);

  /// Asks the guests to come, if they have not been asked.
  void invite();
  /// Does what the guests have told meanwhile.
  void serve();
  /// As SharedTree::next(), for the host's own worker.
  std::optional<Subtree> next(const std::function<void()>& meanwhile);
  /// Whether the host's own worker is to leave everything to the guests.
  bool only_deals_out() const { return !options_.peers.host_explores && somebody_is_here(); }
  /// Whether the host's worker may begin another execution.  Waits where that is not certain.
  bool has_room(std::uint64_t executions);
  /// The tree is paused.  Waits until nobody explores, and everybody has reported.  False: stopped.
  bool wait_for_reports();
  /// Waits until all guests have left.  REQUIRES: the tree is stopped or finished.
  void dismiss();

  /// What the guests have reported so far, added up.
  std::vector<const ExploreResult*> reports() const;
  /// What some guest explored was not given back.
  bool lost() const;

 private:
  enum class Presence : std::uint8_t { absent, exploring, waiting, gone };
  struct Guest {
    Presence presence = Presence::absent;
    bool asks = false;         // for executions
    bool told_wanted = false;  // that somebody waits
    bool told_stop = false;
    bool report_due = false;
    bool lost = false;
    std::uint64_t used = 0;     // executions
    std::uint64_t granted = 0;  // ... in all
    std::vector<NodeId> names;  // of the nodes that it published since it last asked
    std::optional<ExploreResult> report;
  };

  void receive(std::uint32_t number, const nlohmann::json& message);
  void carry_out(std::uint32_t number, const nlohmann::json& told);
  void take_report(std::uint32_t number, const nlohmann::json& report);
  void answer_those_who_wait();
  void grant();
  void tell_news();
  void say(std::uint32_t number, const nlohmann::json& what);
  bool is_here(const Guest& guest) const;
  bool somebody_is_here() const;
  std::uint64_t unused_grants() const;
  static NodeId resolve(const Guest& guest, NodeId node);

  SharedTree& tree_;
  SharedBudget& budget_;
  const ExploreOptions& options_;
  Link& link_;
  std::vector<Guest> guests_;  // by number; number 0, the host, is never here
  bool invited_ = false;
};

}  // namespace unswept::model
