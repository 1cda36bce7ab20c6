#include "engine/ops/prune.h"

#include <algorithm>
#include <utility>

#include "engine/counted.h"
#include "engine/ops/remove.h"
#include "engine/os/knowledge.h"
#include "engine/points.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {
namespace {

std::vector<PruneMark> marks_of(os::System& system, const std::vector<SnapshotFiles>& snapshots,
                                const PruneKeep& keep) {
  std::vector<PruneCandidate> candidates;
  candidates.reserve(snapshots.size());
  for (const SnapshotFiles& snapshot : snapshots) {
    const std::int64_t time = snapshot.time.seconds();
    candidates.push_back({.local_time = time + system.utc_offset(time),
                          .finished = snapshot.finished(),
                          .is_protected = snapshot.is_protected});
  }
  return select_for_prune(candidates, keep);
}

void warn_not_removed(os::System& system, const PrunedSnapshot& pruned) {
  if (!system.log_wanted(os::LogLevel::warning)) return;
  system.log(os::LogLevel::warning,
             "cannot remove " + display_name(pruned.ns, pruned.snapshot) + ": " + pruned.failure);
}

void remove_marked(const Datastore& store, PrunedSnapshot& pruned, PruneReport& report) {
  if (auto removed = remove_snapshot(store, pruned.ns, pruned.snapshot); removed) {
    ++report.removed;
  } else {
    ++report.failed;
    pruned.failure = std::move(removed.error().message);
    warn_not_removed(store.system(), pruned);
  }
}

void tell(os::Gist& gist, const PruneReport& report) {
  gist << report.removed << report.failed << report.snapshots.size();
  for (const PrunedSnapshot& pruned : report.snapshots)
    gist << display_name(pruned.ns, pruned.snapshot) << pruned.mark << pruned.failure;
}

std::unexpected<Error> interrupted_after(const PruneReport& report) {
  return fail(ErrorKind::aborted, "the prune was interrupted after it had removed " +
                                      counted(report.removed, "snapshot"));
}

Result<> prune_group_into(PruneReport& report, const Datastore& store, const Namespace& ns,
                          const GroupId& group, const PruneKeep& keep, DryRun dry_run,
                          const os::Knows& caller) {
  auto snapshots = list_snapshots(store, ns, group);
  if (!snapshots) return forward_error(snapshots);
  std::ranges::sort(*snapshots, std::ranges::greater{}, &SnapshotFiles::time);
  const std::vector<PruneMark> marks = marks_of(store.system(), *snapshots, keep);
  if (store.system().points_wanted()) {
    store.system().point(points::prune_selected, display_name(ns, group));
  }

  std::size_t i = snapshots->size();
  const os::Known known(caller, "prune.snapshots", [&](os::Gist& gist) {
    for (std::size_t left = 0; left < i; ++left)
      gist << (*snapshots)[left].time.text() << marks[left];
  });
  while (i > 0) {
    known.forget_rest("prune.snapshot");
    --i;
    PrunedSnapshot pruned{ns, {group, (*snapshots)[i].time}, marks[i], {}};
    if (!is_kept(pruned.mark) && dry_run == DryRun::no) {
      if (store.system().interrupted()) return interrupted_after(report);
      remove_marked(store, pruned, report);
    }
    report.snapshots.push_back(std::move(pruned));
  }
  return {};
}

Result<> prune_groups_into(PruneReport& report, const Datastore& store, const Namespace& ns,
                           const PruneKeep& keep, DryRun dry_run, const os::Knows& caller) {
  auto groups = Groups::open(store, ns);
  if (!groups) return forward_error(groups);
  while (true) {
    auto group = groups->next();
    if (!group) return forward_error(group);
    if (!*group) return {};
    const os::Known known(caller, "prune.groups", [&](os::Gist& gist) {
      gist << ns.text() << *groups << (*group)->path();
    });
    if (auto pruned = prune_group_into(report, store, ns, **group, keep, dry_run, known); !pruned) {
      return pruned;
    }
  }
}

}  // namespace

Result<PruneReport> prune_group(const Datastore& store, const Namespace& ns, const GroupId& group,
                                const PruneKeep& keep, DryRun dry_run) {
  PruneReport report;
  const os::Known known(store.system(), "prune", [&](os::Gist& gist) { tell(gist, report); });
  if (auto pruned = prune_group_into(report, store, ns, group, keep, dry_run, known); !pruned) {
    return forward_error(pruned);
  }
  store.system().point(points::prune_done);
  return report;
}

Result<PruneReport> prune_namespace(const Datastore& store, const Namespace& ns,
                                    std::size_t max_depth, const PruneKeep& keep, DryRun dry_run) {
  PruneReport report;
  NamespaceTree tree(store, ns, max_depth);
  const os::Known known(store.system(), "prune.namespaces", [&](os::Gist& gist) {
    tell(gist, report);
    gist << tree;
  });
  while (true) {
    auto each = tree.next();
    if (!each) return forward_error(each);
    if (!*each) break;
    if (auto pruned = prune_groups_into(report, store, **each, keep, dry_run, known); !pruned) {
      return forward_error(pruned);
    }
  }
  store.system().point(points::prune_done);
  return report;
}

}  // namespace unswept::engine
