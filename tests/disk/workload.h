// tests/disk/workload.h: what is done to a store while it is killed and interrupted, and what must
// hold afterwards.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "tests/disk/disk_store.h"

namespace unswept::test {

/// A snapshot by what tells it from others, wherever it is: "vm/1/2026-01-01T00:00:00Z".
using Letters = std::map<std::string, std::string>;

/// What every snapshot of the workload holds.
const Letters& images();

struct Step {
  std::vector<std::string> words;
  std::vector<std::string> may_go = {};  // snapshots that it is asked to remove
  bool age = false;                      // as if nothing had been marked for days
  int again = 0;  // what the same command says once more, after it was killed
};

/// Backups, notes, moves, removals and collections, one after the other.
std::vector<Step> workload(const DiskStore& store);

struct Found {
  std::string ns;
  std::string snapshot;
};

/// All snapshots with a manifest.
std::vector<Found> finished_snapshots(const DiskStore& store);

/// Every finished snapshot holds what it was made of.
void check_restores(const DiskStore& store);

/// Each snapshot is at one place, and those that nobody asked to remove are there.
void check_all_there(const DiskStore& store, const std::vector<Found>& before, const Step& step);

/// The snapshots that can be read, still can when everything unmarked is swept.
void check_collection(const DiskStore& store);

void check_fsck(const DiskStore& store);

/// Replaces the store `to`, its locks too.
void copy_store(const DiskStore& from, const DiskStore& to);

/// The same words for another store.
std::vector<std::string> words_for(const DiskStore& store, const Step& step);

/// How many calls lie between two that a command is killed at: UNSWEPT_KILL_STEP, or 11.
std::size_t kill_step();

}  // namespace unswept::test
