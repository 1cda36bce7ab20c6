// Several workers explore what one explores, and so does one that is interrupted again
// and again and goes on from what was written down.
#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "model/explore/checkpoint.h"
#include "model/explore/explore.h"
#include "model/explore/tree_share.h"
#include "tests/catch.h"
#include "tests/property/explored_alone.h"
#include "tests/property/shares.h"

namespace unswept::tests {
namespace {

ExploreOptions with_workers(ExploreOptions options, std::uint32_t workers, const ToyProgram& toy,
                            Finals& finals) {
  options.team.size = workers;
  options.team.alone = 1;
  options.team.join = [&](std::uint32_t, const std::function<bool()>&) {
    return std::optional(model::Colleague{.program = std::make_shared<ToyProgram>(toy),
                                          .executed = finals.collector()});
  };
  return options;
}

void change_nothing(ExploreOptions&) {}

ExploreResult explore_together(const ToyProgram& toy, Strategy strategy, std::uint32_t workers,
                               Finals& finals, const Change& change = change_nothing) {
  ToyProgram program = toy;
  ExploreOptions options = with_workers(everything(strategy, finals), workers, toy, finals);
  change(options);
  return model::explore(program, options);
}

/// Ends after a few executions, again and again, and each time goes on from the text that it left.
ExploreResult explore_in_pieces(const ToyProgram& toy, Strategy strategy, std::uint32_t workers,
                                std::uint64_t piece, Finals& finals, std::size_t& pieces,
                                const Change& change = change_nothing) {
  std::optional<model::Checkpoint> last;
  for (pieces = 1;; ++pieces) {
    ToyProgram program = toy;
    std::string written;
    ExploreOptions options = with_workers(everything(strategy, finals), workers, toy, finals);
    change(options);
    const auto from = last;
    options.checkpoint.resume = from ? &*from : nullptr;
    options.checkpoint.write = [&](const model::Checkpoint& checkpoint) {
      written = model::to_json(checkpoint);
    };
    options.progress_every = piece;
    options.progress = [](const model::Progress&) { return false; };
    ExploreResult result = model::explore(program, options);
    if (result.complete) return result;
    REQUIRE(result.verdict != model::Verdict::pass);
    REQUIRE_FALSE(written.empty());
    const auto read = model::parse_checkpoint(written);
    REQUIRE(read);
    last = *read;
  }
}

/// Of searches without reduction, which have nothing to do in vain.
void require_same_schedules(const ExploreResult& found, const ExploreResult& alone) {
  REQUIRE(found.complete == alone.complete);
  REQUIRE(found.verdict == alone.verdict);
  REQUIRE(found.bounds_hit == alone.bounds_hit);
  REQUIRE(found.executions == alone.executions);
  REQUIRE(found.cut == alone.cut);
  REQUIRE(found.steps == alone.steps);
  REQUIRE(found.deadlocks == alone.deadlocks);
  REQUIRE(found.violations == alone.violations);
  REQUIRE(found.depth_max == alone.depth_max);
}

/// As explore_in_pieces() by one worker has them, and as they are told by what is written down.
Shares shares_in_pieces(const ToyProgram& toy, std::uint64_t piece) {
  Shares shares;
  std::optional<model::Checkpoint> last;
  for (;;) {
    ToyProgram program = toy;
    Finals finals;
    ExploreOptions options = everything(Strategy::dpor, finals);
    const auto from = last;
    options.checkpoint.resume = from ? &*from : nullptr;
    options.checkpoint.write = [&](const model::Checkpoint& checkpoint) {
      last = model::parse_checkpoint(model::to_json(checkpoint)).value();
    };
    options.progress_every = piece;
    std::optional<double> share;
    options.progress = [&](const model::Progress& progress) {
      share = shares[progress.searched] = progress.share.value();
      return false;
    };
    if (model::explore(program, options).complete) return shares;
    REQUIRE(share);
    REQUIRE(std::abs(model::explored_share(last->nodes) - *share) < kSameShare);
  }
}

}  // namespace

TEST_CASE("workers together run the executions that one runs alone") {
  for_each_program(60, [](const ToyProgram& toy, const Expected& expected) {
    for (const std::uint32_t workers : {2U, 4U}) {
      Finals finals;
      const ExploreResult together = explore_together(toy, Strategy::dpor, workers, finals);
      REQUIRE(together.complete);
      REQUIRE(together.verdict == expected.alone.verdict);
      if (expected.exact) REQUIRE(together.executions == expected.alone.executions);
      if (expected.exact) REQUIRE(together.deadlocks == expected.alone.deadlocks);
      if (expected.exact) REQUIRE(together.violations == expected.alone.violations);
      require_finals(finals, expected);
    }
  });
}

TEST_CASE("workers that remember states together reach the states that one reaches alone") {
  for_each_program(60, [](const ToyProgram& toy, const Expected& expected) {
    Finals finals;
    const ExploreResult together = explore_together(toy, Strategy::stateful, 3, finals);
    REQUIRE(together.complete);
    REQUIRE(together.verdict == expected.alone.verdict);
    REQUIRE(finals.distinct() == expected.finals.distinct());
  });
}

TEST_CASE("an exploration in pieces has the figures of an unbroken one") {
  std::size_t in_pieces = 0;
  for_each_program(40, [&](const ToyProgram& toy, const Expected& expected) {
    for (const std::uint64_t piece : {1U, 7U}) {
      if (expected.alone.executions + expected.alone.blocked > 200 * piece) continue;
      Finals finals;
      std::size_t pieces = 0;
      const ExploreResult broken = explore_in_pieces(toy, Strategy::dpor, 1, piece, finals, pieces);
      in_pieces += pieces > 2 ? 1 : 0;
      REQUIRE(broken.verdict == expected.alone.verdict);
      REQUIRE(broken.executions == expected.alone.executions);
      REQUIRE(broken.blocked == expected.alone.blocked);
      REQUIRE(broken.steps == expected.alone.steps);
      REQUIRE(broken.races == expected.alone.races);
      REQUIRE(broken.violations == expected.alone.violations);
      require_finals(finals, expected);
    }
  });
  CHECK(in_pieces > 100);
}

TEST_CASE("workers together run every schedule that one runs alone, within the same bounds") {
  std::size_t bounded = 0;
  for (const auto& [strategy, change] : unreduced_searches())
    for_each_program_of(strategy, change, 12, [&](const ToyProgram& toy, const Expected& expected) {
      for (const std::uint32_t workers : {2U, 4U}) {
        Finals finals;
        const ExploreResult together = explore_together(toy, strategy, workers, finals, change);
        require_same_schedules(together, expected.alone);
        REQUIRE(finals.seen() == expected.finals.seen());
        bounded += together.bounds_hit.empty() ? 0U : 1U;
      }
    });
  CHECK(bounded > 100);
}

TEST_CASE("every schedule in pieces has the figures of an unbroken exploration") {
  std::size_t in_pieces = 0;
  for (const auto& [strategy, change] : unreduced_searches())
    for_each_program_of(strategy, change, 6, [&](const ToyProgram& toy, const Expected& expected) {
      for (const std::uint32_t workers : {1U, 3U}) {
        const std::uint64_t piece = 1 + (expected.alone.executions + expected.alone.cut) / 20;
        Finals finals;
        std::size_t pieces = 0;
        const ExploreResult broken =
            explore_in_pieces(toy, strategy, workers, piece, finals, pieces, change);
        in_pieces += pieces > 2 ? 1 : 0;
        require_same_schedules(broken, expected.alone);
        REQUIRE(finals.seen() == expected.finals.seen());
      }
    });
  CHECK(in_pieces > 100);
}

TEST_CASE("workers raise a bound to where one worker does, with the figures of each level") {
  std::size_t levels = 0;
  for (const model::Raised raised : {model::Raised::preemptions, model::Raised::delays}) {
    const auto change = [raised](ExploreOptions& options) {
      options.raised = raised;
      options.bounds.executions = 5 * kExecutionsMax;
    };
    for_each_program_of(
        Strategy::dpor, change, 4, [&](const ToyProgram& toy, const Expected& expected) {
          Finals finals;
          const ExploreResult together = explore_together(toy, Strategy::dpor, 3, finals, change);
          require_same_schedules(together, expected.alone);
          REQUIRE(together.parts.size() == expected.alone.parts.size());
          for (std::size_t i = 0; i < together.parts.size(); ++i) {
            const model::Part& part = together.parts[i];
            const model::Part& alone = expected.alone.parts[i];
            REQUIRE(part.name == alone.name);
            REQUIRE(part.executions == alone.executions);
            REQUIRE(part.violations == alone.violations);
            REQUIRE(part.cut == alone.cut);
          }
          REQUIRE(finals.seen() == expected.finals.seen());
          levels += together.parts.size();
        });
  }
  CHECK(levels > 100);
}

TEST_CASE("what is explored of a tree is the same share in one piece and in several") {
  std::size_t compared = 0;
  for_each_program(20, [&](const ToyProgram& toy, const Expected& expected) {
    for (const std::uint64_t piece : {1U, 5U}) {
      if (expected.alone.executions + expected.alone.blocked > 100 * piece) continue;
      const Shares alone = shares_alone(toy, Strategy::dpor, piece);
      const Shares in_pieces = shares_in_pieces(toy, piece);
      REQUIRE(in_pieces.size() == alone.size());
      for (const auto& [executions, share] : in_pieces) {
        INFO(executions << " executions");
        REQUIRE(std::abs(share - alone.at(executions)) < kSameShare);
      }
      if (alone.size() > 2) ++compared;
    }
  });
  CHECK(compared > 50);
}

TEST_CASE("what several workers have explored is a share, and the tree when they are done") {
  std::size_t asked = 0;
  for_each_program(20, [&](const ToyProgram& toy, const Expected&) {
    for (const Strategy strategy : {Strategy::dpor, Strategy::stateful}) {
      ToyProgram program = toy;
      Finals finals;
      ExploreOptions options = with_workers(everything(strategy, finals), 3, toy, finals);
      options.progress_every = 3;
      options.progress = [&](const model::Progress& progress) {
        ++asked;
        REQUIRE(progress.share.value() >= 0);
        REQUIRE(*progress.share <= 1);
        REQUIRE(progress.states.has_value() == (strategy == Strategy::stateful));
        return true;
      };
      REQUIRE(model::explore(program, options).complete);
    }
  });
  CHECK(asked > 1'000);
}

TEST_CASE("workers that are interrupted and remember states miss no final state") {
  for_each_program(20, [](const ToyProgram& toy, const Expected& expected) {
    for (const Strategy strategy : {Strategy::dpor, Strategy::stateful}) {
      Finals finals;
      std::size_t pieces = 0;
      const ExploreResult broken = explore_in_pieces(toy, strategy, 3, 10, finals, pieces);
      REQUIRE(broken.verdict == expected.alone.verdict);
      REQUIRE(finals.distinct() == expected.finals.distinct());
      if (strategy == Strategy::dpor && expected.exact)
        REQUIRE(broken.executions == expected.alone.executions);
    }
  });
}

TEST_CASE("shards together run the executions that one exploration runs, each once") {
  std::size_t divided = 0;
  for_each_program(60, [&](const ToyProgram& toy, const Expected& expected) {
    for (const std::uint64_t shards : {1U, 3U}) {
      Finals finals;
      std::uint64_t executions = 0;
      std::uint64_t busy = 0;
      for (std::uint64_t k = 0; k < shards; ++k) {
        ToyProgram program = toy;
        ExploreOptions options = everything(Strategy::dpor, finals);
        options.bounds.executions.reset();
        options.shard.claim = [&](std::uint64_t unit) { return unit % shards == k; };
        options.shard.units = 4 * shards;
        const ExploreResult result = model::explore(program, options);
        REQUIRE(result.complete);
        executions += result.executions;
        busy += result.executions > 0 ? 1 : 0;
      }
      divided += busy > 1 ? 1 : 0;
      if (expected.exact) REQUIRE(executions == expected.alone.executions);
      require_finals(finals, expected);
    }
  });
  CHECK(divided > 100);
}

}  // namespace unswept::tests
