// Processes that only exchange messages explore together what one explores alone.
#include "model/explore/peers.h"

#include <algorithm>
#include <atomic>
#include <expected>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/explore/checkpoint.h"
#include "tests/catch.h"
#include "tests/property/explored_alone.h"
#include "tests/property/local_link.h"

namespace unswept::tests {
namespace {

/// The guests' side: each has a program of its own, and counts the executions that it ends.
class Guests {
 public:
  Guests(const ToyProgram& toy, ExploreOptions options) : toy_(toy), options_(std::move(options)) {
    options_.clock = {};
  }

  model::Prepare prepare() {
    return [this](const std::string&) -> std::expected<model::GuestWork, std::string> {
      const std::scoped_lock lock(mutex_);
      Guest& guest = guests_.emplace_back(toy_);
      model::GuestWork work{.program = &guest.program, .options = options_};
      work.options.executed = [this, &guest](const model::Program& program,
                                             const model::Ending& ending) {
        options_.executed(program, ending);
        ++guest.executions;
      };
      work.books = [&guest] { return std::to_string(std::exchange(guest.executions, 0)); };
      return work;
    };
  }

 private:
  struct Guest {
    explicit Guest(const ToyProgram& toy) : program(toy) {}
    ToyProgram program;
    std::uint64_t executions = 0;
  };

  const ToyProgram& toy_;
  ExploreOptions options_;
  std::mutex mutex_;
  std::list<Guest> guests_;
};

/// Explores with so many processes.  `heard`: the executions that the guests say they ended.
ExploreResult explore_with(const ToyProgram& toy, const ExploreOptions& options,
                           std::uint32_t processes, std::uint64_t& heard,
                           bool host_explores = true) {
  Guests guests(toy, options);
  LocalPeers peers(processes, guests.prepare());
  ToyProgram program = toy;
  ExploreOptions with_peers = options;
  with_peers.peers.link = &peers.link();
  with_peers.peers.alone = 1;
  with_peers.peers.host_explores = host_explores;
  with_peers.peers.invitation = [] { return "please"; };
  with_peers.peers.heard = [&](const std::string& books) { heard += std::stoull(books); };
  return model::explore(program, with_peers);
}

}  // namespace

TEST_CASE("processes together run the executions that one runs alone") {
  std::uint64_t by_guests = 0;
  for_each_program(30, [&](const ToyProgram& toy, const Expected& expected) {
    for (const std::uint32_t processes : {2U, 4U}) {
      Finals finals;
      std::uint64_t heard = 0;
      const ExploreResult together =
          explore_with(toy, everything(Strategy::dpor, finals), processes, heard);
      by_guests += heard;
      REQUIRE(together.complete);
      REQUIRE(together.verdict == expected.alone.verdict);
      REQUIRE(heard <= together.executions);
      if (expected.exact) REQUIRE(together.executions == expected.alone.executions);
      if (expected.exact) REQUIRE(together.deadlocks == expected.alone.deadlocks);
      if (expected.exact) REQUIRE(together.violations == expected.alone.violations);
      require_finals(finals, expected);
    }
  });
  CHECK(by_guests > 0);  // how many is a matter of what else the machine does
}

TEST_CASE("processes together run every schedule that one runs alone, within the same bounds") {
  std::uint64_t by_guests = 0;
  auto searches = unreduced_searches();
  searches.push_back({Strategy::dpor, [](ExploreOptions& options) {
                        options.raised = model::Raised::delays;
                        options.bounds.executions = 5 * kExecutionsMax;
                      }});
  for (const auto& [strategy, change] : searches)
    for_each_program_of(strategy, change, 5, [&](const ToyProgram& toy, const Expected& expected) {
      Finals finals;
      ExploreOptions options = everything(strategy, finals);
      change(options);
      std::uint64_t heard = 0;
      const ExploreResult together = explore_with(toy, options, 3, heard);
      by_guests += heard;
      REQUIRE(together.complete);
      REQUIRE(together.verdict == expected.alone.verdict);
      REQUIRE(together.executions == expected.alone.executions);
      REQUIRE(together.bounds_hit == expected.alone.bounds_hit);
      REQUIRE(together.parts.size() == expected.alone.parts.size());
      REQUIRE(finals.seen() == expected.finals.seen());
    });
  CHECK(by_guests > 0);
}

TEST_CASE("a host that only deals out leaves all but what it has begun with to the others") {
  for_each_program(20, [](const ToyProgram& toy, const Expected& expected) {
    if (expected.alone.executions + expected.alone.blocked < 4) return;
    Finals finals;
    std::uint64_t heard = 0;
    const ExploreResult together =
        explore_with(toy, everything(Strategy::dpor, finals), 3, heard, /*host_explores=*/false);
    REQUIRE(together.complete);
    REQUIRE(together.verdict == expected.alone.verdict);
    if (expected.exact) REQUIRE(together.executions == expected.alone.executions);
    require_finals(finals, expected);
    // Alone it looks at its first execution, and no more.
    REQUIRE(together.executions - heard <= 1);
  });
}

TEST_CASE("what a process finds that the host cannot find ends the exploration of all") {
  std::size_t found = 0;
  for_each_program(300, [&](const ToyProgram& toy, const Expected& expected) {
    if (expected.alone.verdict == model::Verdict::pass) return;
    Finals finals;
    ExploreOptions options = everything(Strategy::dpor, finals);
    options.stop_at_first_violation = true;
    std::uint64_t heard = 0;
    const ExploreResult together = explore_with(toy, options, 3, heard, /*host_explores=*/false);
    REQUIRE(together.counterexample);
    REQUIRE(together.found_by_peer == (heard > 0));
    found += heard > 0 ? 1 : 0;
  });
  CHECK(found > 20);
}

TEST_CASE("processes that remember states reach the states that one reaches alone") {
  for_each_program(30, [](const ToyProgram& toy, const Expected& expected) {
    Finals finals;
    std::uint64_t heard = 0;
    const ExploreResult together =
        explore_with(toy, everything(Strategy::stateful, finals), 3, heard);
    REQUIRE(together.complete);
    REQUIRE(together.verdict == expected.alone.verdict);
    REQUIRE(finals.distinct() == expected.finals.distinct());
  });
}

TEST_CASE("processes keep a budget of executions to the last one") {
  std::size_t cut_short = 0;
  for_each_program(30, [&](const ToyProgram& toy, const Expected& expected) {
    const std::uint64_t all = expected.alone.executions + expected.alone.blocked;
    Finals finals;
    ExploreOptions options = everything(Strategy::dpor, finals);
    options.bounds.executions = std::max<std::uint64_t>(1, all / 2);
    std::uint64_t heard = 0;
    const ExploreResult together = explore_with(toy, options, 3, heard);
    const std::uint64_t run = together.executions + together.blocked;
    REQUIRE(run <= *options.bounds.executions);
    if (together.complete) return;
    ++cut_short;
    REQUIRE(run == *options.bounds.executions);
    REQUIRE(together.bounds_hit == std::vector<std::string>{std::string(model::bound::executions)});
  });
  CHECK(cut_short > 100);
}

TEST_CASE("a violation that one process finds ends the exploration of all") {
  std::size_t found = 0;
  std::size_t early = 0;
  for_each_program(60, [&](const ToyProgram& toy, const Expected& expected) {
    if (expected.alone.verdict == model::Verdict::pass) return;
    Finals finals;
    ExploreOptions options = everything(Strategy::dpor, finals);
    options.stop_at_first_violation = true;
    std::uint64_t heard = 0;
    const ExploreResult together = explore_with(toy, options, 3, heard);
    REQUIRE(together.counterexample);
    ToyProgram program = toy;
    const model::RecordedRun again = model::replay(program, together.counterexample->trace);
    REQUIRE_FALSE(again.divergence);
    const bool deadlock = together.counterexample->violation.promise == model::kNoDeadlock;
    REQUIRE((deadlock ? again.ending.outcome == model::Outcome::deadlock
                      : !again.ending.violations.empty()));
    ++found;
    early += together.executions < expected.alone.executions ? 1 : 0;
  });
  CHECK(found > 20);
  CHECK(early > found / 2);
}

TEST_CASE("a guest that cannot come is missed by nobody") {
  for_each_program(5, [](const ToyProgram& toy, const Expected& expected) {
    Finals finals;
    const ExploreOptions options = everything(Strategy::dpor, finals);
    Guests guests(toy, options);
    std::atomic<int> asked = 0;
    const model::Prepare willing = guests.prepare();
    LocalPeers peers(3, [&](const std::string& invitation) {
      if (asked++ % 2 == 0) return decltype(willing(invitation))(std::unexpect, "no room");
      return willing(invitation);
    });
    for (int time = 0; time < 2; ++time) {
      Finals of_this_time;
      ToyProgram program = toy;
      ExploreOptions with_peers = everything(Strategy::dpor, of_this_time);
      int declined = 0;
      with_peers.peers = {.link = &peers.link(),
                          .alone = 1,
                          .invitation = [] { return "please"; },
                          .declined =
                              [&](std::uint32_t, const std::string& why) {
                                REQUIRE(why == "no room");
                                ++declined;
                              }};
      const ExploreResult together = model::explore(program, with_peers);
      REQUIRE(together.verdict == expected.alone.verdict);
      if (expected.exact) REQUIRE(together.executions == expected.alone.executions);
      // An exploration that is over at once asks nobody.
      REQUIRE(declined == (expected.alone.executions + expected.alone.blocked > 1 ? 1 : 0));
    }
  });
}

TEST_CASE("processes that are interrupted go on, in any number, from what was written down") {
  for_each_program(20, [](const ToyProgram& toy, const Expected& expected) {
    Finals finals;
    std::optional<model::Checkpoint> last;
    double now = 0;
    for (std::uint32_t piece = 0;; ++piece) {
      ExploreOptions options = everything(Strategy::dpor, finals);
      std::string written;
      const auto from = last;
      options.checkpoint.resume = from ? &*from : nullptr;
      options.checkpoint.every = 3;  // looks at the clock
      options.checkpoint.write = [&](const model::Checkpoint& checkpoint) {
        written = model::to_json(checkpoint);
      };
      if (piece % 4 == 0) options.clock = [&now] { return now += 1; };
      options.progress_every = 5;
      options.progress = [](const model::Progress&) { return false; };
      Guests guests(toy, options);
      std::uint64_t heard = 0;
      const ExploreResult broken = explore_with(toy, options, 1 + piece % 3, heard);
      if (broken.complete) {
        REQUIRE(broken.verdict == expected.alone.verdict);
        if (expected.exact) REQUIRE(broken.executions == expected.alone.executions);
        REQUIRE(finals.distinct() == expected.finals.distinct());
        return;
      }
      const auto read = model::parse_checkpoint(written);
      REQUIRE(read);
      last = *read;
    }
  });
}

}  // namespace unswept::tests
