// engine/ops/garbage_collection.h: removing chunks that nothing refers to.
//
// Phase 1 finds the indexes of all snapshots and marks every chunk they refer to
// by touching it.  Phase 2 removes chunk files that were touched before a minimum
// access time.  Other operations go on meanwhile; backups are the only ones whose
// start bounds what may go.
//
// Left out: a look at the configuration of other stores (this engine knows one
// store per configuration) and object-store-backed stores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/error.h"
#include "engine/format/gc_status.h"
#include "engine/os/task_runner.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

inline constexpr unsigned kGcJobsMax = 64;

struct GcOptions {
  /// Chunks touched since so long before the start are kept.
  std::int64_t cutoff_seconds = 86'700;  // 24 h 5 min
  /// The minimum access time lies so far before an older writer's start.
  std::int64_t writer_margin_seconds = 300;
  /// Make sure that the file system keeps access times.
  bool atime_safety_check = true;
  /// Digests remembered as marked; 0 for none.
  std::size_t cache_capacity = 1'048'576;
  /// So many tasks mark chunks at the same time.  At least 1, at most kGcJobsMax.
  unsigned jobs = 1;
  /// What they are; one after the other where there is nothing.  Outlives the collection.
  os::TaskRunner* tasks = nullptr;
  /// Names the task in the status.
  std::string upid = {};
};

struct GcResult {
  GcStatus status;
  std::int64_t min_access_time = 0;  // seconds
  std::uint64_t missing_chunks = 0;  // references to chunks that are not there
  bool predicted = false;            // by predict_garbage(): nothing was removed
};

/// lock_conflict if a collection runs already, or another process works on the store.
Result<GcResult> collect_garbage(const Datastore& store, const GcOptions& options = {});

/// What a collection would come to, were it to start now and meet nobody: the same figures, but
/// those of the cache.  Touches, removes and locks nothing; the journal stays as it is.
Result<GcResult> predict_garbage(const Datastore& store, const GcOptions& options = {});

}  // namespace unswept::engine
