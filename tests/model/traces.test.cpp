// Traces: written, read, replayed, and made shorter to read.
#include "model/explore/explore.h"
#include "model/explore/minimize.h"
#include "tests/catch.h"
#include "tests/property/toy_generator.h"

namespace unswept::tests {
namespace {

using model::Decision;
using model::Trace;

Trace example() {
  Trace trace;
  for (int i = 0; i < 12; ++i) trace.decisions.push_back(Decision::pick(0));
  trace.decisions.push_back(Decision::pick(1));
  trace.decisions.push_back(Decision::pick(1));
  trace.decisions.push_back(Decision::choose(1, model::ChoiceKind::directory_order, 2, 6));
  trace.decisions.push_back(Decision::choose(1, model::ChoiceKind::crash, 0, 2));
  trace.decisions.push_back(Decision::pick(0));
  return trace;
}

/// A program whose promise breaks if actor 0's two writes are seen apart.
ToyText torn_write() {
  ToyText text;
  text.variables = 3;
  text.actors.push_back({{Op::bump, 2, 1}, {Op::store, 0, 1}, {Op::bump, 2, 1}, {Op::store, 1, 1}});
  text.actors.push_back({{Op::bump, 2, 1},
                         {Op::load, 0, 0},
                         {Op::bump, 2, 1},
                         {Op::load, 1, 1},
                         {Op::jump_unless, 6, 0, 1},
                         {Op::check, 1, 1}});
  return text;
}

}  // namespace

TEST_CASE("trace: text is run-length coded and names its choices", "[trace]") {
  CHECK(to_text(example()) == "0*12 1*2 1:directory_order=2/6 1:crash=0/2 0");
  CHECK(to_text(Trace{}).empty());
  CHECK(step_count(example()) == 15);
}

TEST_CASE("trace: text and JSON read back as they were written", "[trace]") {
  CHECK(model::parse_trace(to_text(example())) == example());
  CHECK(model::parse_trace_json(to_json(example())) == example());
  CHECK(model::parse_trace("") == Trace{});
  CHECK(model::parse_trace(" 0*2\n 1 ") == model::parse_trace("0 0 1"));
}

TEST_CASE("trace: what is no trace is refused, with the word", "[trace]") {
  for (const char* bad : {"x", "0*", "0*0", "64", "0:data=2/2", "0:data=1", "0:unknown=0/2", "-1",
                          "0:data=0/2x", "0*2y"}) {
    const auto result = model::parse_trace(std::string("0 ") + bad);
    REQUIRE_FALSE(result);
    CHECK(result.error() == "\"" + std::string(bad) + "\" is not a step of a trace");
  }
  for (const char* bad : {"{}", "[", "[64]", "[-1]", R"(["0"])", R"([{"actor":0,"kind":"data"}])",
                          R"([{"actor":0,"kind":"data","answer":3,"of":2}])"})
    CHECK_FALSE(model::parse_trace_json(bad));
}

TEST_CASE("trace: every execution of generated programs replays exactly", "[trace]") {
  const ToyProfile everything{
      .indirect = true, .locks = true, .choices = true, .scattered = true, .waits = true};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    ToyProgram program(ToyGenerator(seed, everything).text());
    const auto first = model::replay(program, {}, {});
    REQUIRE_FALSE(first.divergence);
    const auto again = model::replay(program, *model::parse_trace(to_text(first.trace)), {});
    REQUIRE_FALSE(again.divergence);
    CHECK_FALSE(model::first_difference(first, again));
    CHECK(first.trace == again.trace);
  }
}

TEST_CASE("trace: a trace that does not fit ends in a divergence", "[trace]") {
  ToyProgram program(torn_write());
  const auto what = [&](const char* text) {
    const auto run = model::replay(program, *model::parse_trace(text), {});
    return run.divergence ? run.divergence->what : "";
  };
  CHECK(what("0*4 1*4").empty());
  CHECK(what("0*4 1*3").empty());  // the end is filled in
  CHECK(what("0*4 1*5") == "question");
  CHECK(what("0*5") == "enabled actors");
  CHECK(what("0 0:data=1/2") == "question");
}

TEST_CASE("trace: a replay that stops at the end of its trace says so", "[trace]") {
  ToyProgram program(torn_write());
  const auto run = model::replay(program, *model::parse_trace("0 1"),
                                 {.describe = true, .afterwards = model::Afterwards::stop});
  CHECK(run.ending.outcome == model::Outcome::stopped);
  CHECK(run.steps.size() == 2);
  CHECK(run.steps[1].description == "bump -> 0");
  CHECK(run.actor_names == std::vector<std::string>{"actor0", "actor1"});
}

TEST_CASE("minimise: the fewest preemptions are found and proven", "[minimize]") {
  ToyProgram program(torn_write());
  const Trace busy = *model::parse_trace("0 1 0 1 1 0 1 0");
  const auto before = model::replay(program, busy, {});
  REQUIRE(model::breaks("check")(before.ending));
  CHECK(model::preemptions(before) == 5);
  const auto least = model::minimize_preemptions(program, busy, model::breaks("check"));
  CHECK(least.preemptions_before == 5);
  CHECK(least.preemptions == 1);
  CHECK(least.proven);
  CHECK(model::breaks("check")(model::replay(program, least.trace, {}).ending));
}

TEST_CASE("minimise: the search for less is given up when it is asked to", "[minimize]") {
  ToyProgram program(torn_write());
  const Trace busy = *model::parse_trace("0 1 0 1 1 0 1 0");
  model::MinimizeOptions options;
  for (const std::uint64_t patience : {0U, 1U}) {
    std::uint64_t asked = 0;
    options.go_on = [&] { return asked++ < patience; };
    const auto least = model::minimize_preemptions(program, busy, model::breaks("check"), options);
    CHECK(asked == patience + 1);
    CHECK_FALSE(least.proven);
    CHECK(model::breaks("check")(model::replay(program, least.trace, {}).ending));
  }
}

TEST_CASE("minimise: reordering alone keeps the trace equivalent", "[minimize]") {
  ToyProgram program(torn_write());
  const Trace busy = *model::parse_trace("0 1 0 1 1 0 1 0");
  model::MinimizeOptions options;
  options.executions_max = 0;
  const auto least = model::minimize_preemptions(program, busy, model::breaks("check"), options);
  CHECK(least.preemptions == 1);
  CHECK_FALSE(least.proven);
  CHECK(model::replay(program, least.trace, {}).final_fingerprint ==
        model::replay(program, busy, {}).final_fingerprint);
}

TEST_CASE("minimise: a deadlock is kept too", "[minimize]") {
  ToyText text;
  text.locks = 2;
  text.actors.push_back(
      {{Op::bump, 0, 1}, {Op::lock, 0}, {Op::lock, 1}, {Op::unlock, 1}, {Op::unlock, 0}});
  text.actors.push_back(
      {{Op::bump, 0, 1}, {Op::lock, 1}, {Op::lock, 0}, {Op::unlock, 0}, {Op::unlock, 1}});
  ToyProgram program(std::move(text));
  const Trace busy = *model::parse_trace("0 1 0 1");
  const auto least = model::minimize_preemptions(program, busy, model::breaks("no-deadlock"));
  CHECK(least.preemptions == 1);
  CHECK(least.proven);
}

}  // namespace unswept::tests
