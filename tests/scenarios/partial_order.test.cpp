#include "scenarios/parse/words.h"
#include "scenarios/workload/happens_before.h"
#include "scenarios/workload/pinned_order.h"
#include "scenarios/workload/sometimes.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

using model::Access;
using model::Mode;

void step(StepLog& log, model::ActorId actor, std::vector<Access> footprint) {
  log.add(actor, footprint);
}

constexpr model::ObjectId kX = 1;
constexpr model::ObjectId kY = 2;

TEST_CASE("happens-before: steps of one actor are ordered, independent ones of two are not",
          "[order]") {
  StepLog log(2);
  step(log, 0, {{kX, Mode::write}});
  step(log, 1, {{kY, Mode::write}});
  const HappensBefore order(log);
  CHECK(order.precedes({0, 0}, {0, 1}));
  CHECK_FALSE(order.precedes({0, 0}, {1, 1}));
  CHECK_FALSE(order.precedes({1, 0}, {0, 1}));
}

TEST_CASE("happens-before: a conflict orders what lies before it and behind it", "[order]") {
  StepLog log(3);
  step(log, 0, {{kX, Mode::write}});
  step(log, 1, {{kX, Mode::read}});
  step(log, 1, {{kY, Mode::write}});
  step(log, 2, {{kY, Mode::read}});
  const HappensBefore order(log);
  CHECK(order.precedes({0, 0}, {1, 1}));
  CHECK(order.precedes({0, 0}, {2, 1}));  // through actor 1
  CHECK_FALSE(order.precedes({0, 1}, {2, 0}));
  CHECK_FALSE(order.precedes({0, 1}, {2, 1}));  // nothing of actor 0 follows that moment
}

TEST_CASE("happens-before: additions to one object are not ordered", "[order]") {
  StepLog log(2);
  step(log, 0, {{kX, Mode::add}});
  step(log, 1, {{kX, Mode::add}});
  CHECK_FALSE(HappensBefore(log).precedes({0, 0}, {1, 1}));
}

// The executed order never matters: P passes after R here, but could have come in between.
TEST_CASE("sometimes: a condition is met by a run when any order of its trace meets it",
          "[order]") {
  const std::vector<SometimesSpec> conditions{
      *parse_sometimes("move.renamed between gc.mark.started and gc.mark.done")};
  const auto met = [&](bool ordered) {
    SometimesJudge judge(conditions);
    StepLog log(2);
    judge.begin_run();
    judge.point(log.now(0), "gc.mark.started", "1");
    step(log, 0, {{kX, Mode::write}});
    judge.point(log.now(0), "gc.mark.done", "1");
    step(log, 0, {{kY, Mode::write}});
    step(log, 1, {{ordered ? kY : kX + kY + 1, Mode::write}});
    judge.point(log.now(1), "move.renamed", "");
    judge.end_run(log);
    return judge.unmet().empty();
  };
  CHECK(met(false));
  CHECK_FALSE(met(true));
}

TEST_CASE("sometimes: the second hit of a point is another than the first", "[order]") {
  SometimesJudge judge({*parse_sometimes("gc.mark.done#2")});
  StepLog log(1);
  judge.begin_run();
  judge.point(log.now(0), "gc.mark.done", "");
  judge.end_run(log);
  CHECK(judge.unmet().size() == 1);
  judge.begin_run();  // hits count from the start of each run
  judge.point(log.now(0), "gc.mark.done", "");
  judge.end_run(log);
  CHECK(judge.unmet().size() == 1);
  judge.begin_run();
  judge.point(log.now(0), "gc.mark.done", "");
  judge.point(log.now(0), "gc.mark.done", "");
  judge.end_run(log);
  CHECK(judge.unmet().empty());
}

TEST_CASE("pinned order: one actor is allowed until it has passed its point", "[order]") {
  PinnedOrder pinned(
      {*parse_pinned_run("gc until gc.mark.namespace(b)"), *parse_pinned_run("mover until done")},
      {"gc", "mover"});
  pinned.begin_run();
  CHECK(pinned.allowed(0b11, 0b11) == 0b01);
  pinned.point(0, "gc.mark.namespace", "a");
  CHECK(pinned.allowed(0b11, 0b11) == 0b01);
  pinned.point(1, "gc.mark.namespace", "b");  // somebody else's
  CHECK(pinned.allowed(0b11, 0b11) == 0b01);
  pinned.point(0, "gc.mark.namespace", "b");
  CHECK(pinned.allowed(0b11, 0b11) == 0b10);
  CHECK(pinned.allowed(0b01, 0b01) == 0b01);  // the mover has ended; the rest is free
  CHECK(pinned.failure().empty());
}

TEST_CASE("pinned order: an order that cannot be followed is told, and dropped", "[order]") {
  PinnedOrder pinned({*parse_pinned_run("gc until gc.done"), *parse_pinned_run("mover until done")},
                     {"gc", "mover"});
  pinned.begin_run();
  CHECK(pinned.allowed(0b10, 0b11) == 0b10);  // gc waits for the mover
  CHECK(pinned.failure() == "the order could not be followed: gc was blocked before gc.done");
}

}  // namespace
}  // namespace unswept::scenarios
