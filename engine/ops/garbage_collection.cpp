#include "engine/ops/garbage_collection.h"

#include <array>
#include <charconv>

#include "engine/counted.h"
#include "engine/format/bytes.h"
#include "engine/ops/gc/atime_check.h"
#include "engine/ops/gc/limits.h"
#include "engine/ops/gc/mark.h"
#include "engine/ops/gc/marker.h"
#include "engine/ops/gc/sweep.h"
#include "engine/os/knowledge.h"
#include "engine/points.h"
#include "engine/store/atomic_file.h"

namespace unswept::engine {

namespace {

/// The process lock, taken by one collection at a time.  The mutex is given back
/// at once: from then on the lock itself keeps a second collection out.
Result<ProcessLock::Exclusive> become_collector(const Datastore& store) {
  ProcessStore& process = store.process_store();
  if (!process.gc_mutex->try_lock())
    return fail(ErrorKind::lock_conflict, "a garbage collection of this store is starting already");
  struct Unlock {
    os::Mutex& mutex;
    ~Unlock() { mutex.unlock(); }
  } unlock{*process.gc_mutex};
  return process.lock.try_exclusive();
}

void point_with_time(os::System& system, const os::Point& point, std::int64_t seconds) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), seconds).ptr;
  system.point(point, {text.data(), end});
}

Result<> mark(const Datastore& store, const GcOptions& options, GcResult& result,
              const os::Knows& caller) {
  os::System& system = store.system();
  os::TasksInTurn in_turn;
  os::TaskRunner& tasks = options.tasks == nullptr ? in_turn : *options.tasks;
  Marker marker(store, options.cache_capacity, options.jobs, tasks);
  point_with_time(system, points::gc_mark_started, result.min_access_time);
  const os::Known known(caller, "gc.marker", [&](os::Gist& gist) { gist << marker; });
  if (auto marked = MarkPhase(store, marker).run(known); !marked) return marked;
  point_with_time(system, points::gc_mark_done, result.min_access_time);
  result.status.index_file_count = marker.index_files();
  result.status.index_data_bytes = marker.index_bytes();
  result.status.cache = GcStatus::CacheStatistics{marker.cache_hits(), marker.cache_misses()};
  result.missing_chunks = marker.missing_chunks();
  return {};
}

void log_status(os::System& system, const GcStatus& status) {
  if (!system.log_wanted(os::LogLevel::info)) return;
  const double factor = status.disk_bytes == 0 ? 1.0
                                               : static_cast<double>(status.index_data_bytes) /
                                                     static_cast<double>(status.disk_bytes);
  auto line = [&](std::string_view what, std::uint64_t value) {
    system.log(os::LogLevel::info, std::string(what) + std::to_string(value));
  };
  line("indexes: ", status.index_file_count);
  line("bytes referred to: ", status.index_data_bytes);
  line("bytes on disk: ", status.disk_bytes);
  line("chunks on disk: ", status.disk_chunks);
  line("removed bytes: ", status.removed_bytes);
  line("removed chunks: ", status.removed_chunks);
  line("pending bytes: ", status.pending_bytes);
  line("pending chunks: ", status.pending_chunks);
  line("removed bad chunks: ", status.removed_bad);
  line("bad chunks left: ", status.still_bad);
  system.log(os::LogLevel::info, "deduplication factor: " + std::to_string(factor));
}

/// What a collection found is nice to know; not being able to write it down is no failure.
void store_status(const Datastore& store, const GcStatus& status) {
  const std::string text = status.print();
  const std::string path = store.base() + '/' + std::string(kGcStatusName);
  (void)replace_file(store.system(), path, as_bytes(text));
}

/// Whoever stops a collection wants to know what has happened so far.
Error with_progress(Error error, const GcStatus& status) {
  if (error.kind != ErrorKind::aborted) return error;
  const std::uint64_t removed = status.removed_chunks + status.removed_bad;
  error.message += removed == 0
                       ? "; nothing was removed"
                       : "; " + counted(removed, "chunk") + " that nothing needs (" +
                             std::to_string(status.removed_bytes) + " bytes) had been removed";
  return error;
}

}  // namespace

Result<GcResult> collect_garbage(const Datastore& store, const GcOptions& options) {
  os::System& system = store.system();
  auto taken = become_collector(store);
  if (!taken) return forward_error(taken);
  ProcessLock::Exclusive collector = std::move(*taken);
  system.point(points::gc_started);

  GcResult result;
  const SweepLimits limits = sample_limits(store, options);
  result.min_access_time = limits.min_access_time;
  const os::Known known(system, "gc", [&](os::Gist& gist) {
    gist << limits.min_access_time << limits.oldest_writer << result.status
         << result.missing_chunks;
  });
  if (options.atime_safety_check)
    if (auto kept = check_access_times(store); !kept) return forward_error(kept);
  if (auto marked = mark(store, options, result, known); !marked)
    return std::unexpected(with_progress(std::move(marked.error()), result.status));

  known.forget_rest("gc.marked");
  system.point(points::gc_sweep_started);
  if (auto swept = sweep(store, limits, result.status, known); !swept)
    return std::unexpected(with_progress(std::move(swept.error()), result.status));
  known.forget_rest("gc.swept");
  system.point(points::gc_sweep_done);

  if (!options.upid.empty()) result.status.upid = options.upid;
  log_status(system, result.status);
  store_status(store, result.status);
  collector.release();
  system.point(points::gc_done);
  return result;
}

}  // namespace unswept::engine
