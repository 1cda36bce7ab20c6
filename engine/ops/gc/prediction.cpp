// What a collection would remove: the same look at indexes and chunks, without a touch.
#include <string>
#include <unordered_set>

#include "engine/format/chunk_names.h"
#include "engine/ops/garbage_collection.h"
#include "engine/ops/gc/atime_check.h"
#include "engine/ops/gc/limits.h"
#include "engine/ops/gc/marker.h"
#include "engine/ops/journal_list.h"
#include "engine/store/directory.h"
#include "engine/store/index_file.h"
#include "engine/store/walk.h"

namespace unswept::engine {

namespace {

class Prediction {
 public:
  Prediction(const Datastore& store, const GcOptions& options)
      : store_(store), system_(store.system()), limits_(sample_limits(store, options)) {
    result_.predicted = true;
    result_.min_access_time = limits_.min_access_time;
    // A collection touches the chunk with which it tries out access times.
    if (options.atime_safety_check) referenced_.insert(access_time_chunk());
  }

  Result<GcResult> run() {
    if (auto found = find_references(); !found) return forward_error(found);
    if (auto found = find_announced(); !found) return forward_error(found);
    if (auto judged = judge_chunks(); !judged) return forward_error(judged);
    return std::move(result_);
  }

 private:
  Result<> find_references() {
    return walk_tree(system_, store_.base(), [this](const std::string& path) -> Result<> {
      if (!index_kind(path.substr(path.rfind('/') + 1))) return {};
      return refer(path);
    });
  }

  Result<> find_announced() {
    const auto moves = pending_moves(store_);
    if (!moves) return std::unexpected(moves.error());
    for (const PendingMove& move : *moves) {
      if (!move.problem.empty()) {
        return fail(ErrorKind::invalid,
                    "the move journal has '" + move.path + "', which " + move.problem);
      }
      if (auto found = refer(move.path); !found) return found;
    }
    return {};
  }

  Result<> refer(const std::string& path) {
    if (auto going = check_interrupted(system_); !going) return going;
    const auto index = IndexFile::open(system_, path);
    if (!index) return std::unexpected(index.error());
    if (!*index) return {};
    const IndexView& view = (*index)->view();
    ++result_.status.index_file_count;
    result_.status.index_data_bytes += view.data_size();
    for (std::size_t i = 0; i < view.chunk_count(); ++i) refer(view.digest(i));
    system_.progress({"find references", result_.status.index_file_count, 0});
    return {};
  }

  void refer(const Digest& digest) {
    if (!referenced_.insert(digest).second) return;
    if (store_.exists(store_.chunks().path(digest))) return;
    missing_.insert(digest);
    result_.missing_chunks += !is_set_aside(digest);
  }

  bool is_set_aside(const Digest& digest) const {
    for (unsigned number = 0; number < kBadChunkNames; ++number) {
      if (store_.exists(store_.base() + '/' + bad_chunk_path(digest, number))) return true;
    }
    return false;
  }

  Result<> judge_chunks() {
    for (unsigned number = 0; number < kChunkDirectories; ++number) {
      if (auto going = check_interrupted(system_); !going) return going;
      const std::string path = store_.chunks().directory() + '/' +
                               chunk_directory_name(static_cast<std::uint16_t>(number));
      if (auto judged = judge_directory(path); !judged) return judged;
      system_.progress({"look at chunks", number + 1, kChunkDirectories});
    }
    return {};
  }

  Result<> judge_directory(const std::string& path) {
    auto directory = Directory::open(system_, path);
    if (!directory && directory.error() == os::Errno::no_such_file_or_directory) return {};
    if (!directory) return os_failure(directory.error(), "open", path);
    while (true) {
      const auto entry = directory->next();
      if (!entry) return os_failure(entry.error(), "read", path);
      if (*entry == nullptr) return {};
      const auto name = parse_chunk_file_name((*entry)->name);
      if (!name || name->kind == ChunkFileKind::used_marker) continue;
      const auto stat = system_.stat({directory->fd(), (*entry)->name}, os::Follow::no);
      if (stat && stat->type == os::FileType::regular) judge(*name, *stat);
    }
  }

  /// Set aside, a damaged chunk is touched only where there is no other of its digest.
  bool would_be_touched(const ChunkFileName& name) const {
    return name.kind == ChunkFileKind::bad ? missing_.contains(name.digest)
                                           : referenced_.contains(name.digest);
  }

  void judge(const ChunkFileName& name, const os::Stat& stat) {
    GcStatus& status = result_.status;
    const bool bad = name.kind == ChunkFileKind::bad;
    const bool touched = would_be_touched(name);
    if (!touched && stat.atime.seconds < limits_.min_access_time) {
      ++(bad ? status.removed_bad : status.removed_chunks);
      status.removed_bytes += stat.size;
      return;
    }
    const bool pending = !touched && stat.atime.seconds < limits_.oldest_writer;
    (pending ? status.pending_bytes : status.disk_bytes) += stat.size;
    if (!bad) ++(pending ? status.pending_chunks : status.disk_chunks);
    if (bad && pending) ++status.still_bad;
  }

  const Datastore& store_;
  os::System& system_;
  SweepLimits limits_;
  // Asked for membership only.
  std::unordered_set<Digest, DigestHash> referenced_;
  std::unordered_set<Digest, DigestHash> missing_;
  GcResult result_;
};

}  // namespace

Result<GcResult> predict_garbage(const Datastore& store, const GcOptions& options) {
  return Prediction(store, options).run();
}

}  // namespace unswept::engine
