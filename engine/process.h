// engine/process.h: what outlives an operation, but not its process.
//
// A daemon that works on a datastore keeps a little state in memory: who writes
// since when, whether a collection runs, a mutex over chunk files.  All of it
// hangs on a Process, which whoever starts the process makes (the tool's main, a
// simulated world) and hands to each Datastore.  Two Processes know nothing of
// each other, except through the files they lock.
//
// Thread safety: store() is not safe against itself: open all stores before
// tasks start.  What it returns may be used by all tasks of the process.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/os/system.h"
#include "engine/store/process_lock.h"

namespace unswept::engine {

/// What one process keeps of one store.
struct ProcessStore {
  ProcessStore(os::System& system, std::string base_directory);

  std::string base;
  ProcessLock lock;
  std::unique_ptr<os::Mutex> gc_mutex;     // held while a collection starts
  std::unique_ptr<os::Mutex> chunk_mutex;  // serialises touches, inserts and sweep steps
};

class Process {
 public:
  /// `system` must outlive the process.  Makes no system call.
  explicit Process(os::System& system) : system_(system) {}

  /// The state for the store at `base`; made at the first call.  Makes no
  /// system call other than for mutexes.
  ProcessStore& store(std::string_view base);
  const std::vector<std::unique_ptr<ProcessStore>>& stores() const { return stores_; }

 private:
  os::System& system_;
  std::vector<std::unique_ptr<ProcessStore>> stores_;
};

}  // namespace unswept::engine
