// A host knows how much of the tree its guests have explored, from what they tell.
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "model/explore/remote_tree.h"
#include "model/explore/tree_server.h"
#include "model/explore/worker.h"
#include "tests/catch.h"
#include "tests/property/explored_alone.h"
#include "tests/property/local_link.h"
#include "tests/property/shares.h"

namespace unswept::tests {
namespace {

/// While one end waits the other one does its part: both are one thread.
class TurnTakingLink final : public model::Link {
 public:
  TurnTakingLink(std::uint32_t self, std::vector<Mailbox>& all) : link_(self, all) {}
  void meanwhile(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }

  std::uint32_t size() const override { return link_.size(); }
  void send(std::uint32_t to, std::vector<std::uint8_t> bytes) override {
    link_.send(to, std::move(bytes));
  }
  std::optional<model::Message> poll() override { return link_.poll(); }
  void wait() override { meanwhile_(); }

 private:
  LocalLink link_;
  std::function<void()> meanwhile_;
};

/// One guest explores everything, and gives the rest of it back after every `piece` executions.
/// What the host knows of its share is compared with `alone`.  Returns how often.
std::size_t compare_shares(const ToyProgram& toy, Strategy strategy, std::uint64_t piece,
                           const Shares& alone) {
  std::vector<Mailbox> mail(2);
  LocalLink host_link(0, mail);
  TurnTakingLink guest_link(1, mail);
  Finals finals;
  ExploreOptions options = everything(strategy, finals);
  options.peers = {.link = &host_link, .invitation = [] { return "please"; }};
  model::SharedTree tree;
  model::SharedBudget budget(2, {});
  model::TreeServer server(tree, budget, options);
  server.invite();
  guest_link.meanwhile([&] { server.serve(); });

  ToyProgram program = toy;
  const model::SharedBudget of_guest(1, {});
  model::RemoteTree remote(guest_link, of_guest);
  model::Worker guest(program, nullptr, everything(strategy, finals),
                      model::make_tree_search(options, 2), {});
  std::size_t compared = 0;
  while (const auto subtree = remote.next({}))
    (void)model::explore_subtree(guest, *subtree, remote, [&] {
      const std::uint64_t executions = guest.search->executions();
      const bool to_be_given_back = executions % piece == 0;
      if (to_be_given_back)
        guest.search->give_back();
      else
        guest.search->tell_share();
      remote.exchange();
      server.serve();
      INFO(executions << " executions");
      REQUIRE(std::abs(tree.explored_share() - alone.at(executions)) < kSameShare);
      ++compared;
      return to_be_given_back;
    });
  server.serve();
  REQUIRE(tree.finished());
  REQUIRE(tree.explored_share() == 1);
  return compared;
}

}  // namespace

TEST_CASE("what a guest has explored is known to the host as if it had explored it itself") {
  std::size_t compared = 0;
  for (const Strategy strategy : {Strategy::dpor, Strategy::naive})
    for_each_program_of(
        strategy, [](ExploreOptions&) {}, 8,
        [&](const ToyProgram& toy, const Expected&) {
          const Shares alone = shares_alone(toy, strategy, 1);
          for (const std::uint64_t piece : {3U, 1'000'000U})
            compared += compare_shares(toy, strategy, piece, alone);
        });
  CHECK(compared > 1'000);
}

}  // namespace unswept::tests
