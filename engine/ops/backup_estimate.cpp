#include "engine/ops/backup_estimate.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "engine/store/group.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {
namespace {

Result<> check_group(const Datastore& store, const BackupTarget& target) {
  const GroupId& group = target.snapshot.group;
  if (!store.exists(target.ns, group)) return {};
  const auto owner = read_owner(store, target.ns, group);
  if (!owner) return std::unexpected(owner.error());
  if (!owns(*owner, target.caller)) {
    return fail(ErrorKind::refused, target.caller.text() + " does not own " +
                                        display_name(target.ns, group) + "; its owner is " +
                                        owner->text());
  }
  const auto snapshots = list_snapshots(store, target.ns, group);
  if (!snapshots) return std::unexpected(snapshots.error());
  const bool newest = std::ranges::all_of(*snapshots, [&](const SnapshotFiles& snapshot) {
    return !snapshot.finished() || snapshot.time.seconds() < target.snapshot.time.seconds();
  });
  if (newest) return {};
  return fail(ErrorKind::refused, display_name(target.ns, target.snapshot) +
                                      " would not be newer than the last backup");
}

Result<> check_target(const Datastore& store, const BackupTarget& target) {
  if (store.exists(target.ns)) return check_group(store, target);
  return fail(ErrorKind::not_found,
              "namespace " + std::string(target.ns.display_name()) + " does not exist");
}

class Estimation {
 public:
  Estimation(const Datastore& store, BackupEstimate& estimate)
      : store_(store), estimate_(estimate) {}

  Result<> add(BackupArchive& archive) {
    ++estimate_.archives;
    if (!archive.chunks) {
      estimate_.bytes += archive.data.size();
      return {};
    }
    std::uint64_t done = 0;
    while (true) {
      if (store_.system().interrupted()) {
        return fail(ErrorKind::aborted, "the dry run was interrupted");
      }
      const auto chunk = archive.chunks->next();
      if (!chunk) return std::unexpected(chunk.error());
      if (!*chunk) return {};
      add(**chunk);
      done += (*chunk)->length;
      store_.system().progress(
          {archive.name, done, archive.size.value_or(0), os::Progress::Unit::bytes});
    }
  }

 private:
  void add(const SourceChunk& chunk) {
    estimate_.bytes += chunk.length;
    if (!seen_.insert(chunk.digest).second) return;
    ++estimate_.chunks;
    if (store_.exists(store_.chunks().path(chunk.digest))) return;
    ++estimate_.new_chunks;
    estimate_.new_bytes += chunk.length;
  }

  const Datastore& store_;
  BackupEstimate& estimate_;
  std::unordered_set<Digest, DigestHash> seen_;  // asked for membership only
};

}  // namespace

Result<BackupEstimate> estimate_backup(const Datastore& store, const BackupTarget& target,
                                       std::size_t archive_count, OpenArchive open_archive) {
  if (auto allowed = check_target(store, target); !allowed) return forward_error(allowed);
  BackupEstimate estimate{.ns = target.ns, .snapshot = target.snapshot};
  Estimation estimation(store, estimate);
  for (std::size_t i = 0; i < archive_count; ++i) {
    auto archive = open_archive(i);
    if (!archive) return forward_error(archive);
    if (auto added = estimation.add(*archive); !added) return forward_error(added);
  }
  return estimate;
}

}  // namespace unswept::engine
