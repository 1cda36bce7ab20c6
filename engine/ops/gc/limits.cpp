#include "engine/ops/gc/limits.h"

namespace unswept::engine {

SweepLimits sample_limits(const Datastore& store, const GcOptions& options) {
  const std::int64_t start = store.system().now().seconds;
  const std::int64_t oldest_writer = store.process_store().lock.oldest_writer().value_or(start);
  SweepLimits limits{start - options.cutoff_seconds, oldest_writer};
  if (oldest_writer < limits.min_access_time)
    limits.min_access_time = oldest_writer - options.writer_margin_seconds;
  return limits;
}

}  // namespace unswept::engine
