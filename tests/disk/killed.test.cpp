// Killed at any system call, the store is in order, what was finished restores, and work goes on.
//
// Each command of a workload is run again and again on copies of the same store, and killed one
// system call later each time.  A step of UNSWEPT_KILL_STEP calls (11 by default, from another
// start for every command) keeps this short; UNSWEPT_KILL_STEP=1 kills at every one.
#include <iostream>

#include "tests/disk/killer.h"
#include "tests/disk/workload.h"

namespace unswept::test {
namespace {

/// What must hold of a store in which `step` was killed.
void check_after_kill(const DiskStore& store, const std::vector<Found>& before, const Step& step) {
  check_fsck(store);
  check_all_there(store, before, step);
  check_restores(store);
  const auto again = store(step.words);
  INFO("again: " << again.err);
  CHECK((again.exit_code == 0 || again.exit_code == step.again));
  check_collection(store);
  store.backup("vm/1", 9, images().at(snapshot_name("vm/1", 9)));
  check_restores(store);
  check_fsck(store);
}

/// Kills `step` at one call after the other on copies of `master`.  Returns how often.
std::size_t kill_everywhere(const DiskStore& master, const Step& step, std::size_t first) {
  const DiskStore copy;
  const auto before = finished_snapshots(master);
  std::size_t kills = 0;
  for (std::size_t number = first;; number += kill_step()) {
    copy_store(master, copy);
    if (step.age) copy.age_chunks();
    int exit_code = 0;
    const auto killed =
        kill_before_call("unswept-store", words_for(copy, step), number, &exit_code);
    INFO(step.words.front() << " killed before call " << number << ", "
                            << killed.value_or("which there is not"));
    if (!killed) {
      CHECK(exit_code == 0);
      return kills;
    }
    ++kills;
    check_after_kill(copy, before, step);
  }
}

TEST_CASE("disk: killed at any system call, a store stays in order and work goes on",
          "[disk][kill]") {
  if (!can_trace()) {
    return not_tested("this system does not let a process trace its children");
  }
  const DiskStore master;
  std::size_t kills = 0;
  std::size_t start = 0;
  for (const Step& step : workload(master)) {
    if (step.age) master.age_chunks();
    kills += kill_everywhere(master, step, 1 + start++ % kill_step());
    master.must(step.words);
    check_restores(master);
  }
  std::cout << "killed " << kills << " times\n";
  CHECK(kills > 0);
}

TEST_CASE("disk: a create that was killed leaves nothing that is taken for a store and is none",
          "[disk][kill]") {
  if (!can_trace()) {
    return not_tested("this system does not let a process trace its children");
  }
  for (const unsigned number : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 12U, 100U}) {
    const TemporaryDirectory directory;
    const std::vector<std::string> options = {"--store", directory / "store", "--lock-dir",
                                              directory / "locks"};
    const auto with = [&](const char* command) {
      auto words = options;
      words.emplace_back(command);
      return words;
    };
    int exit_code = 0;
    REQUIRE(kill_before_call("unswept-store", with("create"), number, &exit_code));
    const auto check = run_program("unswept-store", with("check"));
    INFO("killed before call " << number << ": " << check.out << check.err);
    const bool no_store = check.exit_code == 2 && contains(check.err, "is not a datastore");
    CHECK((no_store || check.exit_code == 0));
  }
}

}  // namespace
}  // namespace unswept::test
