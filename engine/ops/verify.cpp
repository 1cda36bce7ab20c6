#include "engine/ops/verify.h"

#include <algorithm>

#include "engine/counted.h"
#include "engine/ops/snapshot_check.h"
#include "engine/points.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {
namespace {

/// The group of benchmark runs, reserved in every namespace; what it holds is not worth reading.
bool is_benchmark(const GroupId& group) {
  return group.type == BackupType::host && group.id == "benchmark";
}

Result<> check_group(SnapshotCheck& check, const Datastore& store, const Namespace& ns,
                     const GroupId& group, VerifyReport& report) {
  auto snapshots = list_snapshots(store, ns, group);
  if (!snapshots) {
    report.unlisted.push_back(display_name(ns, group) + ": " + snapshots.error().message);
    return {};
  }
  std::ranges::sort(*snapshots, std::ranges::greater(), &SnapshotFiles::time);
  for (const SnapshotFiles& snapshot : *snapshots) {
    if (auto done = check.check(ns, {group, snapshot.time}, report); !done) return done;
  }
  return {};
}

Result<std::vector<GroupId>> sorted_groups(const Datastore& store, const Namespace& ns) {
  auto groups = Groups::open(store, ns);
  if (!groups) return forward_error(groups);
  std::vector<GroupId> list;
  while (true) {
    auto group = groups->next();
    if (!group) return forward_error(group);
    if (!*group) break;
    list.push_back(std::move(**group));
  }
  std::ranges::sort(list);
  return list;
}

Result<> check_namespace(SnapshotCheck& check, const Datastore& store, const Namespace& ns,
                         VerifyReport& report) {
  const auto groups = sorted_groups(store, ns);
  if (!groups) {
    std::string line(ns.display_name());
    report.unlisted.push_back(line.append(": ").append(groups.error().message));
    return {};
  }
  for (const GroupId& group : *groups) {
    if (is_benchmark(group)) continue;
    if (auto done = check_group(check, store, ns, group, report); !done) return done;
  }
  return {};
}

/// Whoever stops a run wants to know how far it was; what is done is in the manifests.
Error with_progress(Error error, const VerifyReport& report) {
  if (error.kind != ErrorKind::aborted) return error;
  error.message += "; " + counted(report.snapshots.size() - 1, "snapshot") + " done, " +
                   std::to_string(report.failed()) + " of them failed";
  return error;
}

/// Runs `work` on a fresh check and report, between the two points.
template <class Work>
Result<VerifyReport> run(const Datastore& store, BlobCodec& codec, const VerifyOptions& options,
                         Work work) {
  store.system().point(points::verify_started);
  SnapshotCheck check(store, codec, options);
  VerifyReport report;
  if (Result<> done = work(check, report); !done) {
    return std::unexpected(with_progress(std::move(done.error()), report));
  }
  store.system().point(points::verify_done);
  return report;
}

}  // namespace

bool VerifyReport::good() const { return unlisted.empty() && failed() == 0; }

std::size_t VerifyReport::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(snapshots, [](const auto& snapshot) { return !snapshot.good(); }));
}

Result<VerifyReport> verify_snapshot(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                     const SnapshotId& snapshot, const VerifyOptions& options) {
  return run(store, codec, options, [&](SnapshotCheck& check, VerifyReport& report) {
    return check.check(ns, snapshot, report);
  });
}

Result<VerifyReport> verify_group(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                  const GroupId& group, const VerifyOptions& options) {
  return run(store, codec, options, [&](SnapshotCheck& check, VerifyReport& report) {
    return check_group(check, store, ns, group, report);
  });
}

Result<VerifyReport> verify_namespace(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                                      std::size_t max_depth, const VerifyOptions& options) {
  return run(store, codec, options, [&](SnapshotCheck& check, VerifyReport& report) -> Result<> {
    auto namespaces = list_namespaces(store, ns, max_depth);
    if (!namespaces) return forward_error(namespaces);
    std::ranges::sort(*namespaces);
    for (const Namespace& each : *namespaces) {
      if (auto done = check_namespace(check, store, each, report); !done) return done;
    }
    return {};
  });
}

}  // namespace unswept::engine
