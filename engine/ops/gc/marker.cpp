#include "engine/ops/gc/marker.h"

#include <numeric>
#include <utility>

#include "engine/points.h"

namespace unswept::engine {

namespace {

/// A batch ends when it has so many digests or indexes: enough that starting tasks for it costs
/// nothing beside, few enough that not too much is mapped.
constexpr std::size_t kBatchDigests = 1 << 17;
constexpr std::size_t kBatchIndexes = 512;

}  // namespace

Marker::Marker(const Datastore& store, std::size_t cache_capacity) : store_(store) {
  markers_.push_back(std::make_unique<ChunkMarker>(store, cache_capacity));
}

Marker::Marker(const Datastore& store, std::size_t cache_capacity, unsigned jobs,
               os::TaskRunner& tasks)
    : store_(store), tasks_(jobs > 1 ? &tasks : nullptr) {
  const std::size_t capacity = (cache_capacity + jobs - 1) / jobs;
  for (unsigned number = 0; number < jobs; ++number)
    markers_.push_back(std::make_unique<ChunkMarker>(store, capacity, DigestShare{number, jobs}));
}

Result<std::optional<IndexFile>> Marker::open(std::string_view path) {
  os::System& system = store_.system();
  if (auto going = check_interrupted(system); !going) return forward_error(going);
  auto index = IndexFile::open(system, path);
  if (!index) return index;
  if (!*index) {
    system.point(points::gc_mark_vanished, store_.below_base(path));
    return index;
  }
  ++index_files_;
  index_bytes_ += (*index)->view().data_size();
  return index;
}

Result<Found> Marker::mark_index(std::string_view path) {
  auto index = open(path);
  if (!index) return forward_error(index);
  if (!*index) return Found::vanished;
  Result<> marked;
  for (const auto& marker : markers_)
    if (marked = marker->mark((*index)->view(), path); !marked) break;
  warn_missing();
  if (!marked) return forward_error(marked);
  store_.system().point(points::gc_mark_index, store_.below_base(path));
  return Found::marked;
}

Result<Found> Marker::take_index(std::string_view path) {
  if (tasks_ == nullptr) return mark_index(path);
  auto index = open(path);
  if (!index) return forward_error(index);
  if (!*index) return Found::vanished;
  taken_digests_ += (*index)->view().chunk_count();
  taken_.push_back({std::string(path), *std::move(*index)});
  if (taken_digests_ >= kBatchDigests || taken_.size() >= kBatchIndexes)
    if (auto marked = catch_up(); !marked) return forward_error(marked);
  return Found::marked;
}

Result<> Marker::catch_up() {
  if (taken_.empty()) return {};
  std::vector<Result<>> results(markers_.size());
  std::vector<os::Task> tasks;
  for (std::size_t i = 0; i < markers_.size(); ++i)
    tasks.emplace_back([this, &results, i] { results[i] = mark_taken(*markers_[i]); });
  tasks_->run(tasks);
  warn_missing();
  for (Result<>& result : results)
    if (!result) return std::move(result);
  for (const TakenIndex& index : taken_)
    store_.system().point(points::gc_mark_index, store_.below_base(index.path));
  taken_.clear();
  taken_digests_ = 0;
  return {};
}

Result<> Marker::mark_taken(ChunkMarker& marker) const {
  for (const TakenIndex& index : taken_)
    if (auto marked = marker.mark(index.file.view(), index.path); !marked) return marked;
  return {};
}

/// By the task that collects: nobody else tells what happens.
void Marker::warn_missing() {
  for (const auto& marker : markers_) {
    for (const MissingChunk& missing : marker->take_missing()) {
      std::string message = "chunk ";
      missing.digest.append_hex(message);
      message += " is missing; it is needed by ";
      message += missing.index_path;
      store_.system().log(os::LogLevel::warning, message);
    }
  }
}

void Marker::tell(os::Gist& gist) const {
  for (const auto& marker : markers_) gist << *marker;
  gist << taken_ << index_files_ << index_bytes_;
}

void Marker::TakenIndex::tell(os::Gist& gist) const {
  const IndexView& index = file.view();
  gist << path << index.chunk_count();
  for (std::size_t i = 0; i < index.chunk_count(); ++i) gist << index.digest(i).hex();
}

std::uint64_t Marker::cache_hits() const {
  return std::accumulate(markers_.begin(), markers_.end(), std::uint64_t{0},
                         [](auto sum, const auto& marker) { return sum + marker->cache().hits(); });
}

std::uint64_t Marker::cache_misses() const {
  return std::accumulate(
      markers_.begin(), markers_.end(), std::uint64_t{0},
      [](auto sum, const auto& marker) { return sum + marker->cache().misses(); });
}

std::uint64_t Marker::missing_chunks() const {
  return std::accumulate(
      markers_.begin(), markers_.end(), std::uint64_t{0},
      [](auto sum, const auto& marker) { return sum + marker->missing_chunks(); });
}

}  // namespace unswept::engine
