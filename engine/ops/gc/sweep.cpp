#include "engine/ops/gc/sweep.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/format/chunk_names.h"
#include "engine/ops/gc/chunk_marker.h"
#include "engine/points.h"
#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

/// Chunks have no extension.  Temporary files have one of their own, and are left alone.
constexpr std::string_view kChunkExtensions[] = {"", "bad", "using"};
constexpr os::Interest kChunkFiles{false, kChunkExtensions};

class Sweep {
 public:
  Sweep(const Datastore& store, const SweepLimits& limits, GcStatus& status)
      : system_(store.system()), chunks_(store.chunks()), limits_(limits), status_(status) {}

  Result<> run(const os::Knows& caller);

 private:
  Result<std::vector<std::uint16_t>> list_subdirectories(Directory& chunks);
  Result<> sweep_subdirectory(Directory& chunks, std::uint16_t number);
  Result<> sweep_entry(const Directory& directory, const std::string& name);
  Result<> judge(os::Where where, ChunkFileKind kind, const os::Stat& stat);
  Result<> remove(os::Where where);
  Error error_at(os::Errno code, std::string_view what, std::string_view below_chunks) const;

  os::System& system_;
  const ChunkStore& chunks_;
  SweepLimits limits_;
  GcStatus& status_;
};

Result<> Sweep::run(const os::Knows& caller) {
  auto chunks = Directory::open(system_, chunks_.directory());
  if (!chunks) return std::unexpected(error_at(chunks.error(), "open", ""));
  auto subdirectories = list_subdirectories(*chunks);
  if (!subdirectories) return forward_error(subdirectories);
  std::uint64_t done = 0;
  const os::Known known(caller, "gc.sweep", [&](os::Gist& gist) {
    gist << *chunks;
    for (std::size_t i = done; i < subdirectories->size(); ++i) gist << (*subdirectories)[i];
  });
  for (std::uint16_t number : *subdirectories) {
    system_.progress({"sweep", done++, subdirectories->size()});
    if (auto swept = sweep_subdirectory(*chunks, number); !swept) return swept;
    known.forget_rest("gc.sweep.subdirectory");
  }
  system_.progress({"sweep", done, subdirectories->size()});
  return {};
}

Result<std::vector<std::uint16_t>> Sweep::list_subdirectories(Directory& chunks) {
  std::vector<std::uint16_t> numbers;
  while (true) {
    auto entry = chunks.next();
    if (!entry) return std::unexpected(error_at(entry.error(), "read", ""));
    if (*entry == nullptr) break;
    if (const auto number = parse_chunk_directory_name((*entry)->name)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

Result<> Sweep::sweep_subdirectory(Directory& chunks, std::uint16_t number) {
  const std::string name = chunk_directory_name(number);
  auto directory = Directory::open(system_, {chunks.fd(), name}, kChunkFiles);
  if (!directory && directory.error() == os::Errno::no_such_file_or_directory) return {};
  if (!directory) return std::unexpected(error_at(directory.error(), "open", name));
  while (true) {
    auto entry = directory->next();
    if (!entry) return std::unexpected(error_at(entry.error(), "read", name));
    if (*entry == nullptr) return {};
    if (auto swept = sweep_entry(*directory, (*entry)->name); !swept) return swept;
  }
}

/// One entry under the chunk mutex: its access time cannot change between the look and the unlink,
/// as far as this process goes.
Result<> Sweep::sweep_entry(const Directory& directory, const std::string& name) {
  const auto chunk = parse_chunk_file_name(name);
  if (!chunk) return {};
  if (auto going = check_interrupted(system_); !going) return going;
  os::MutexGuard guard(chunks_.mutex());
  const os::Where where(directory.fd(), name);
  auto stat = system_.stat(where, os::Follow::no);
  if (!stat || stat->type != os::FileType::regular) return {};
  if (chunk->kind == ChunkFileKind::used_marker) return remove(where);
  return judge(where, chunk->kind, *stat);
}

Result<> Sweep::judge(os::Where where, ChunkFileKind kind, const os::Stat& stat) {
  const bool bad = kind == ChunkFileKind::bad;
  if (stat.atime.seconds < limits_.min_access_time) {
    if (auto removed = remove(where); !removed) return removed;
    ++(bad ? status_.removed_bad : status_.removed_chunks);
    status_.removed_bytes += stat.size;
    system_.point(points::gc_sweep_removed, where.path.substr(0, Digest::kHexSize));
    return {};
  }
  const bool pending = stat.atime.seconds < limits_.oldest_writer;
  (pending ? status_.pending_bytes : status_.disk_bytes) += stat.size;
  if (!bad) ++(pending ? status_.pending_chunks : status_.disk_chunks);
  if (bad && pending) ++status_.still_bad;
  return {};
}

Result<> Sweep::remove(os::Where where) {
  auto removed = system_.unlink(where);
  if (!removed) return std::unexpected(error_at(removed.error(), "remove chunk", where.path));
  return {};
}

Error Sweep::error_at(os::Errno code, std::string_view what, std::string_view below_chunks) const {
  std::string path = chunks_.directory();
  path += '/';
  path += below_chunks;
  return os_error(code, what, path);
}

}  // namespace

Result<> sweep(const Datastore& store, const SweepLimits& limits, GcStatus& status,
               const os::Knows& caller) {
  return Sweep(store, limits, status).run(caller);
}

}  // namespace unswept::engine
