// Ctrl-C at any system call: the command ends with code 130 and one line, the store is in order,
// and the command can be given again.
//
// Each command of a workload is run again and again on copies of the same store, and gets SIGINT
// one system call later each time.  UNSWEPT_KILL_STEP says how many calls later, as for kills.
#include <csignal>
#include <iostream>

#include "tests/disk/killer.h"
#include "tests/disk/workload.h"

namespace unswept::test {
namespace {

constexpr int kInterruptedCode = 130;

/// A command may also be past the last place where it looks whether to stop.
void check_how_it_ended(const SignalledRun& run) {
  CHECK((run.exit_code == kInterruptedCode || run.exit_code == 0));
  if (run.exit_code != kInterruptedCode) return;
  CHECK(is_one_error(run.err));
  CHECK(contains(run.err, "interrupt"));
}

void check_after_interrupt(const DiskStore& store, const std::vector<Found>& before,
                           const Step& step, bool interrupted) {
  check_fsck(store);
  check_all_there(store, before, step);
  const auto again = store(step.words);
  INFO("again: " << again.err);
  CHECK((again.exit_code == 0 || (!interrupted && again.exit_code == step.again)));
  check_collection(store);
}

struct Tally {
  std::size_t signals = 0;
  std::size_t interrupted = 0;
};

/// Interrupts `step` at one call after the other on copies of `master`.
void interrupt_everywhere(const DiskStore& master, const Step& step, std::size_t first,
                          Tally& tally) {
  const DiskStore copy;
  const auto before = finished_snapshots(master);
  for (std::size_t number = first;; number += kill_step()) {
    copy_store(master, copy);
    if (step.age) copy.age_chunks();
    const auto run = signal_before_call("unswept-store", words_for(copy, step), number, SIGINT);
    INFO(step.words.front() << " interrupted before call " << number << ", "
                            << run.call.value_or("which there is not") << ": " << run.err);
    check_how_it_ended(run);
    if (!run.call) return;
    const bool interrupted = run.exit_code == kInterruptedCode;
    ++tally.signals;
    tally.interrupted += interrupted;
    check_after_interrupt(copy, before, step, interrupted);
  }
}

TEST_CASE("disk: interrupted at any system call, a command ends in good order", "[disk][stop]") {
  if (!can_trace()) {
    return not_tested("this system does not let a process trace its children");
  }
  const DiskStore master;
  Tally tally;
  std::size_t start = 0;
  for (const Step& step : workload(master)) {
    if (step.age) master.age_chunks();
    interrupt_everywhere(master, step, 1 + start++ % kill_step(), tally);
    master.must(step.words);
  }
  std::cout << "sent SIGINT " << tally.signals << " times, " << tally.interrupted
            << " commands ended early\n";
  CHECK(tally.interrupted > 0);
}

/// "nothing was removed" or "3 chunks that nothing needs ... had been removed".
std::string removal_words(std::size_t removed) {
  if (removed == 0) return "nothing was removed";
  return std::to_string(removed) + (removed == 1 ? " chunk" : " chunks") + " that nothing needs";
}

TEST_CASE("disk: a collection that is interrupted tells what it has removed", "[disk][stop]") {
  if (!can_trace()) {
    return not_tested("this system does not let a process trace its children");
  }
  const DiskStore master;
  master.backup("vm/1", 1, "abcdefgh");
  master.backup("vm/2", 1, "mnopqrst");
  master.must({"forget", snapshot_name("vm/2", 1)});
  const std::size_t all = master.chunks().size();
  std::size_t in_mark = 0;
  std::size_t in_sweep = 0;
  for (std::size_t number = 1;; ++number) {
    const DiskStore copy;
    copy_store(master, copy);
    copy.age_chunks();
    const auto run =
        signal_before_call("unswept-store", copy.words(copy.gc_words()), number, SIGINT);
    INFO("before call " << number << ": " << run.err);
    check_how_it_ended(run);
    if (!run.call) break;
    if (run.exit_code != kInterruptedCode) continue;
    const std::size_t removed = all - copy.chunks().size();
    ++(removed == 0 ? in_mark : in_sweep);
    CHECK(contains(run.err, removal_words(removed)));
    check_fsck(copy);
    CHECK(copy.restore("vm/1", 1) == image_of("abcdefgh"));
    CHECK(copy.gc().exit_code == 0);
    CHECK(copy.chunks() == "abcdefgh");
  }
  CHECK(in_mark > 0);
  CHECK(in_sweep > 0);
}

TEST_CASE("disk: a create that is interrupted leaves nothing", "[disk][stop]") {
  if (!can_trace()) {
    return not_tested("this system does not let a process trace its children");
  }
  for (const bool base_is_there : {false, true}) {
    const TemporaryDirectory directory;
    const fs::path base = directory / "store";
    if (base_is_there) fs::create_directory(base);
    const auto run = signal_before_call("unswept-store", {"--store", base, "create"}, 100, SIGINT);
    INFO(run.err);
    REQUIRE(run.call);
    CHECK(run.exit_code == kInterruptedCode);
    CHECK(is_one_error(run.err));
    CHECK(contains(run.err, "removed again"));
    CHECK(fs::exists(base) == base_is_there);
    CHECK((!base_is_there || fs::is_empty(base)));
  }
}

}  // namespace
}  // namespace unswept::test
