// Reductions against brute force: on thousands of generated programs they reach the same final
// states, break the same promises and find the same deadlocks; dpor and optimal run exactly one
// execution per Mazurkiewicz trace, as counted independently from the executions of brute force.
//
// UNSWEPT_CROSSCHECK_PROGRAMS=n compares n programs in place of 24 000: a million takes a good hour
// of one core.
#include <string>

#include "tests/catch.h"
#include "tests/property/brute_force.h"
#include "tests/property/small_programs.h"

namespace unswept::tests {
namespace {

using model::Dependence;
using model::Strategy;

/// A sentence if the reduction is wrong.  `exact`: one execution per trace.
std::string objection(Strategy strategy, const Exploration& truth, const Exploration& reduced,
                      bool exact) {
  const std::string name{to_string(strategy)};
  if (!agrees(truth, reduced)) return name + ": other findings";
  if (strategy == Strategy::stateful) return {};
  const std::uint64_t traces = truth.result.traces.value_or(0);
  const std::uint64_t executions = reduced.result.executions;
  const bool in_vain =
      strategy == Strategy::optimal && !reduced.result.gave_way && reduced.result.blocked != 0;
  if (in_vain) return name + ": executions in vain";
  if (exact ? executions == traces : executions >= traces) return {};
  return name + ": " + std::to_string(executions) + " executions, " + std::to_string(traces) +
         " traces";
}

Exploration explore_by(Strategy strategy, const ToyProgram& program,
                       const Dependence& dependence = {}) {
  if (strategy == Strategy::stateful)
    return explore_stateful(program, {}, kPlentyOfMemory, dependence);
  return explore_reduced(program, strategy, dependence);
}

/// What the programs of a kind came to.
struct Tally {
  std::uint64_t tried = 0;
  std::uint64_t compared = 0;
  std::uint64_t executions = 0;  // by brute force
  std::uint64_t gave_way = 0;    // optimal, to dpor
  std::uint64_t hits = 0;        // known states
};

void compare(const ToyText& text, const Exploration& truth, bool exact, Tally& tally) {
  for (const Strategy strategy : {Strategy::dpor, Strategy::optimal, Strategy::stateful}) {
    const Exploration reduced = explore_by(strategy, ToyProgram(text));
    tally.gave_way += reduced.result.gave_way ? 1 : 0;
    if (reduced.result.state_cache) tally.hits += reduced.result.state_cache->hits;
    const std::string wrong = objection(strategy, truth, reduced, exact);
    if (wrong.empty()) continue;
    FAIL("program " << tally.tried << ": " << wrong << "\n"
                    << smallest(text, [&](const ToyText& candidate) {
                         const Exploration real = enumerate(ToyProgram(candidate));
                         return real.result.complete &&
                                !objection(strategy, real,
                                           explore_by(strategy, ToyProgram(candidate)), exact)
                                     .empty();
                       }));
  }
}

void cross_check(const ProgramKind& kind) {
  const std::uint64_t wanted = programs_per_kind();
  // Where an outcome decides what a step touches, an actor sleeps with all its outcomes or with
  // none, and some traces are run more than once.
  const bool exact = !kind.profile.scattered;
  Tally tally;
  while (tally.compared < wanted && tally.tried < 2 * wanted) {
    const ToyText text = small_program(kind, ++tally.tried);
    const Exploration truth = enumerate(ToyProgram(text));
    if (!truth.result.complete) continue;
    ++tally.compared;
    tally.executions += truth.result.executions;
    compare(text, truth, exact, tally);
  }
  CHECK(tally.compared == wanted);
  CHECK(tally.hits > wanted / 20);
  // What has no choices and no locks that several hold is explored optimally to the end; where
  // outcomes touch different things, optimal gives way wherever it meets them.
  const ToyProfile& profile = kind.profile;
  const bool always = !profile.choices && !profile.locks && !profile.waits;
  CHECK(tally.gave_way <= (always ? 0 : profile.scattered ? wanted : wanted / 20));
  WARN(kind.name << ": " << tally.compared << " programs with " << tally.executions
                 << " executions compared, " << tally.tried - tally.compared << " too large, "
                 << tally.gave_way << " not optimal to the end");
}

void cross_check_every_second_from(std::size_t first) {
  for (std::size_t i = first; i < std::size(kKinds); i += 2) {
    DYNAMIC_SECTION(kKinds[i].name) { cross_check(kKinds[i]); }
  }
}

/// Whether the cross-check would notice.  `explore` is the mutant.
template <class Explore>
bool is_noticed(Strategy strategy, Explore explore) {
  for (std::uint64_t number = 1; number <= kProgramsPerKind; ++number)
    for (const ProgramKind& kind : kKinds) {
      if (kind.profile.scattered) continue;
      const ToyText text = small_program(kind, number);
      const Exploration truth = enumerate(ToyProgram(text));
      if (truth.result.complete && !objection(strategy, truth, explore(text), true).empty())
        return true;
    }
  return false;
}

}  // namespace

// In two parts, for two cores.
TEST_CASE("reductions agree with brute force: every second kind of programs",
          "[crosscheck][crosscheck-1]") {
  cross_check_every_second_from(0);
}
TEST_CASE("reductions agree with brute force: the kinds in between", "[crosscheck][crosscheck-2]") {
  cross_check_every_second_from(1);
}

// The cross-check is only worth something if it would notice, on the same programs.
TEST_CASE("a forgotten dependence is noticed", "[crosscheck]") {
  for (const Strategy strategy : {Strategy::dpor, Strategy::optimal}) {
    const auto without = [&](Mode a, Mode b) {
      Dependence spoilt;
      spoilt.forget(a, b);
      return is_noticed(strategy, [&](const ToyText& text) {
        return explore_by(strategy, ToyProgram(text), spoilt);
      });
    };
    INFO(to_string(strategy));
    CHECK(without(Mode::read, Mode::write));
    CHECK(without(Mode::write, Mode::write));
    CHECK(without(Mode::add, Mode::read));
    CHECK(without(Mode::add, Mode::write));
    CHECK(without(Mode::acquire, Mode::acquire));
    CHECK(without(Mode::acquire, Mode::acquire_shared));
    CHECK(without(Mode::acquire, Mode::read));   // a try that fails
    CHECK(without(Mode::acquire, Mode::write));  // a try that succeeds
  }
}

TEST_CASE("an access left out of the footprints is noticed", "[crosscheck]") {
  for (const Strategy strategy : {Strategy::dpor, Strategy::optimal, Strategy::stateful})
    for (const Access access :
         {Access{0, Mode::write}, Access{1, Mode::read}, Access{2, Mode::add}}) {
      INFO(to_string(strategy) << ", object " << access.object);
      CHECK(is_noticed(strategy, [&](const ToyText& text) {
        ToyProgram blind(text);
        blind.forget(access);
        return explore_by(strategy, blind);
      }));
    }
}

}  // namespace unswept::tests
