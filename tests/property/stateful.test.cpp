// Exploration that remembers states, against brute force: it does not find the same when what its
// soundness rests on is taken away, and it does when the memory runs out.  That it does on
// thousands of generated programs is in reductions.test.cpp.
#include "model/explore/stateful.h"

#include "tests/catch.h"
#include "tests/model/literature.h"
#include "tests/property/brute_force.h"
#include "tests/property/small_programs.h"

namespace unswept::tests {

// The cross-check is only worth something if it would notice.
/// Whether the cross-check of reductions.test.cpp would notice.
bool is_noticed(const model::StatefulFaults& faults) {
  for (const ProgramKind& kind : kKinds)
    for (std::uint64_t number = 1; number <= kProgramsPerKind; ++number) {
      const ToyProgram program(small_program(kind, number));
      const Exploration mutant = explore_stateful(program, faults);
      // Brute force is slow, and says nothing new where the two are the same.
      if (mutant.findings == explore_stateful(program).findings) continue;
      const Exploration truth = enumerate(program);
      if (truth.result.complete && !agrees(truth, mutant)) return true;
    }
  return false;
}

TEST_CASE("stateful: what makes it sound is needed", "[crosscheck][stateful]") {
  CHECK(is_noticed({.no_summaries = true}));
  CHECK(is_noticed({.sleep_ignored = true}));
  // Who waits and gets what he waits for races then as well: only deadlocks tell.
  CHECK(is_noticed({.no_waiters = true}));
}

TEST_CASE("stateful: agrees with brute force when memory runs out", "[crosscheck][stateful]") {
  std::uint64_t full = 0;
  for (std::uint64_t number = 1; number <= kProgramsPerKind / 10; ++number)
    for (const ProgramKind& kind : kKinds) {
      const ToyProgram program(small_program(kind, number));
      const Exploration truth = enumerate(program);
      if (!truth.result.complete) continue;
      const Exploration stateful = explore_stateful(program, {}, 1 << 12);
      INFO(kind.name << ", program " << number);
      CHECK(agrees(truth, stateful));
      full += stateful.result.state_cache->full ? 1U : 0U;
    }
  CHECK(full > kProgramsPerKind / 10);
}

TEST_CASE("stateful: shared(2,9) with results that nobody looks at has few states",
          "[stateful][literature]") {
  ToyText text = shared(2, 9);
  text.registers_dead = true;
  const Exploration seen = explore_stateful(ToyProgram(text));
  CHECK(seen.result.complete);
  CHECK(seen.result.state_cache->states < 500);
  CHECK(seen.result.executions + seen.result.pruned < 500);
  CHECK(seen.findings.final_states.size() == 1);
  WARN(seen.result.state_cache->states << " states, " << seen.result.executions << " executions, "
                                       << seen.result.pruned << " given up");
}

}  // namespace unswept::tests
