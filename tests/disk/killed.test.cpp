// Killed at any system call, the store is in order, what was finished restores, and work goes on.
//
// Each command of a workload is run again and again on copies of the same store, and killed one
// system call later each time.  A step of UNSWEPT_KILL_STEP calls (11 by default, from another
// start for every command) keeps this short; UNSWEPT_KILL_STEP=1 kills at every one.
#include <cstdlib>
#include <iostream>

#include "tests/disk/disk_store.h"
#include "tests/disk/killer.h"

namespace unswept::test {
namespace {

/// A snapshot by what tells it from others, wherever it is: "vm/1/2026-01-01T00:00:00Z".
using Letters = std::map<std::string, std::string>;

/// What every snapshot of the workload holds.
const Letters& images() {
  static const Letters letters = {
      {snapshot_name("vm/1", 1), "abc"}, {snapshot_name("vm/1", 2), "abd"},
      {snapshot_name("vm/1", 3), "ade"}, {snapshot_name("vm/2", 1), "axy"},
      {snapshot_name("vm/3", 1), "pq"},  {snapshot_name("vm/1", 9), "abcdz"},
  };
  return letters;
}

struct Step {
  std::vector<std::string> words;
  std::vector<std::string> may_go = {};  // snapshots that it is asked to remove
  bool age = false;                      // as if nothing had been marked for days
  int again = 0;  // what the same command says once more, after it was killed
};

struct Found {
  std::string ns;
  std::string snapshot;
};

/// All snapshots with a manifest.
std::vector<Found> finished_snapshots(const DiskStore& store) {
  std::vector<Found> found;
  for (const auto& entry : fs::recursive_directory_iterator(store.base())) {
    if (entry.path().filename() != "index.json.blob") continue;
    Found one;
    std::string rest = entry.path().parent_path().lexically_relative(store.base()).string();
    while (rest.starts_with("ns/")) {
      rest.erase(0, 3);
      const auto slash = rest.find('/');
      one.ns += (one.ns.empty() ? "" : "/") + rest.substr(0, slash);
      rest.erase(0, slash + 1);
    }
    one.snapshot = rest;
    found.push_back(std::move(one));
  }
  return found;
}

/// Every finished snapshot holds what it was made of.
void check_restores(const DiskStore& store) {
  for (const Found& found : finished_snapshots(store)) {
    std::vector<std::string> words = {"restore", found.snapshot, "disk.img.fidx"};
    if (!found.ns.empty()) words.insert(words.end(), {"--ns", found.ns});
    const auto restored = store(words);
    INFO(found.ns << ':' << found.snapshot << ": " << restored.err);
    CHECK(restored.exit_code == 0);
    CHECK(restored.out == image_of(images().at(found.snapshot)));
  }
}

/// Each snapshot is at one place, and those that nobody asked to remove are there.
void check_all_there(const DiskStore& store, const std::vector<Found>& before, const Step& step) {
  std::map<std::string, int> places;
  for (const Found& found : finished_snapshots(store)) ++places[found.snapshot];
  for (const auto& [snapshot, count] : places) {
    INFO(snapshot);
    CHECK(count == 1);
  }
  for (const Found& found : before) {
    INFO(found.snapshot);
    const bool may_go = std::ranges::find(step.may_go, found.snapshot) != step.may_go.end();
    CHECK((may_go || places.contains(found.snapshot)));
  }
}

/// The snapshots that can be read, still can when everything unmarked is swept.
void check_collection(const DiskStore& store) {
  store.age_chunks();
  const auto gc = store.gc();
  INFO(gc.err);
  CHECK(gc.exit_code == 0);
  check_restores(store);
}

void check_fsck(const DiskStore& store) {
  const auto check = store({"check"});
  INFO(check.out << check.err);
  CHECK(check.exit_code == 0);
}

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

void copy_store(const DiskStore& from, const DiskStore& to) {
  for (const char* part : {"store", "locks"}) {
    fs::remove_all(to.root() + '/' + part);
    if (fs::exists(from.root() + '/' + part)) {
      fs::copy(from.root() + '/' + part, to.root() + '/' + part, fs::copy_options::recursive);
    }
  }
}

/// The same words for another store.
std::vector<std::string> words_for(const DiskStore& store, const Step& step) {
  return store.words(step.words);
}

std::size_t kill_step() {
  const char* const text = std::getenv("UNSWEPT_KILL_STEP");
  const long step = text == nullptr ? 11 : std::atol(text);
  return static_cast<std::size_t>(std::max(step, 1L));
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

std::vector<Step> workload(const DiskStore& store) {
  const auto backup = [&](const std::string& group, int number, const std::string& ns = {}) {
    return Step{store.backup_words(group, number, images().at(snapshot_name(group, number)), ns),
                {},
                false,
                1};
  };
  return {
      {{"ns", "create", "a"}},
      backup("vm/1", 1),
      backup("vm/1", 2),
      backup("vm/2", 1),
      backup("vm/3", 1, "a"),
      {{"notes", snapshot_name("vm/1", 1), "--text", "a note"}},
      {{"protect", snapshot_name("vm/1", 2)}},
      {{"gc", "--no-atime-check"}, {}, true},
      {{"ns", "create", "b"}},
      {{"move-group", "vm/1", "--to", "b"}, {}, false, 1},
      {{"move-namespace", "a", "--to", "b/a"}, {}, false, 1},
      {{"move-group", "vm/1", "--ns", "b", "--to", "/"}, {}, false, 1},
      backup("vm/1", 3),
      {{"protect", snapshot_name("vm/1", 2), "--off"}},
      {{"prune", "vm/1", "--keep-last", "1"}, {snapshot_name("vm/1", 1), snapshot_name("vm/1", 2)}},
      {{"forget", snapshot_name("vm/2", 1)}, {snapshot_name("vm/2", 1)}, false, 1},
      {{"gc", "--no-atime-check"}, {}, true},
      {{"ns", "remove", "b", "--delete-groups"}, {snapshot_name("vm/3", 1)}, false, 1},
  };
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
