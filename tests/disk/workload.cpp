#include "tests/disk/workload.h"

#include <cstdlib>

namespace unswept::test {

const Letters& images() {
  static const Letters letters = {
      {snapshot_name("vm/1", 1), "abc"}, {snapshot_name("vm/1", 2), "abd"},
      {snapshot_name("vm/1", 3), "ade"}, {snapshot_name("vm/2", 1), "axy"},
      {snapshot_name("vm/3", 1), "pq"},  {snapshot_name("vm/1", 9), "abcdz"},
  };
  return letters;
}

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

void check_restores(const DiskStore& store) {
  for (const Found& found : finished_snapshots(store)) {
    std::vector<std::string> words = {"restore", found.snapshot, "disk.img.fidx"};
    if (!found.ns.empty()) words.insert(words.end(), {"--ns", found.ns});
    const auto restored = store(words);
    INFO(found.ns << ':' << found.snapshot << ": " << restored.err);
    CHECK(restored.exit_code == 0);
    CHECK((restored.out == image_of(images().at(found.snapshot))));  // too long to be shown
  }
}

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

void copy_store(const DiskStore& from, const DiskStore& to) {
  for (const char* part : {"store", "locks"}) {
    fs::remove_all(to.root() + '/' + part);
    if (fs::exists(from.root() + '/' + part)) {
      fs::copy(from.root() + '/' + part, to.root() + '/' + part, fs::copy_options::recursive);
    }
  }
}

std::vector<std::string> words_for(const DiskStore& store, const Step& step) {
  return store.words(step.words);
}

std::size_t kill_step() {
  const char* const text = std::getenv("UNSWEPT_KILL_STEP");
  const long step = text == nullptr ? 11 : std::atol(text);
  return static_cast<std::size_t>(std::max(step, 1L));
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
      {{"change-owner", "vm/3", "root@pam!move", "--ns", "a"}},
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

}  // namespace unswept::test
