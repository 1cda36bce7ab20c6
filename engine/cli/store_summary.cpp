#include "engine/cli/store_summary.h"

#include <algorithm>
#include <utility>

#include "engine/function_ref.h"
#include "engine/store/atomic_file.h"
#include "engine/store/group.h"
#include "engine/store/hierarchy.h"
#include "engine/store/manifest_file.h"

namespace unswept::engine {
namespace {

Result<std::vector<GroupId>> groups_of(const Datastore& store, const Namespace& ns) {
  auto groups = Groups::open(store, ns);
  if (!groups) return forward_error(groups);
  std::vector<GroupId> list;
  while (true) {
    auto group = groups->next();
    if (!group) return forward_error(group);
    if (!*group) break;
    list.push_back(*std::move(*group));
  }
  std::ranges::sort(list);
  return list;
}

SnapshotSummary summarize(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                          const GroupId& group, const SnapshotFiles& files) {
  SnapshotSummary summary{ns, {group, files.time}, files.is_protected, files.finished(), {}, {}};
  if (!summary.finished) return summary;
  auto manifest = load_manifest(store, codec, ns, summary.snapshot);
  if (manifest) {
    summary.manifest = *std::move(manifest);
  } else {
    summary.problem = manifest.error().message;
  }
  return summary;
}

Result<> list_group(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                    const GroupId& group, std::vector<SnapshotSummary>& list) {
  auto snapshots = list_snapshots(store, ns, group);
  if (!snapshots) return forward_error(snapshots);
  std::ranges::sort(*snapshots, {}, &SnapshotFiles::time);
  for (const SnapshotFiles& files : *snapshots) {
    list.push_back(summarize(store, codec, ns, group, files));
  }
  return {};
}

Result<std::vector<Namespace>> sorted_namespaces(const Datastore& store, const Namespace& start,
                                                 std::size_t max_depth) {
  if (!store.exists(start)) {
    return fail(ErrorKind::not_found, "no namespace " + std::string(start.display_name()));
  }
  auto namespaces = list_namespaces(store, start, max_depth);
  if (namespaces) std::ranges::sort(*namespaces);
  return namespaces;
}

/// Hands every group at and below the namespace to `visit`, in order.
Result<> for_each_group(const Datastore& store, const ListStore& what,
                        FunctionRef<Result<>(const Namespace&, const GroupId&)> visit) {
  const auto namespaces =
      sorted_namespaces(store, what.ns, what.max_depth.value_or(Namespace::kMaxDepth));
  if (!namespaces) return std::unexpected(namespaces.error());
  for (const Namespace& ns : *namespaces) {
    const auto groups = groups_of(store, ns);
    if (!groups) return std::unexpected(groups.error());
    for (const GroupId& group : *groups) {
      if (auto visited = visit(ns, group); !visited) return visited;
    }
  }
  return {};
}

Result<GroupSummary> summarize_group(const Datastore& store, const Namespace& ns,
                                     const GroupId& group) {
  const auto snapshots = list_snapshots(store, ns, group);
  if (!snapshots) return std::unexpected(snapshots.error());
  GroupSummary summary{ns, group, {}, snapshots->size(), {}, {}};
  if (const auto owner = read_owner(store, ns, group)) summary.owner = owner->text();
  if (!snapshots->empty())
    summary.newest = std::ranges::max(*snapshots, {}, &SnapshotFiles::time).time;
  if (auto notes = read_group_notes(store, ns, group)) summary.notes = *std::move(notes);
  return summary;
}

}  // namespace

std::uint64_t SnapshotSummary::size() const {
  std::uint64_t sum = 0;
  if (manifest) {
    for (const ManifestFile& file : manifest->files) sum += file.size;
  }
  return sum;
}

Result<std::vector<SnapshotSummary>> list_store(const Datastore& store, BlobCodec& codec,
                                                const ListStore& what) {
  std::vector<SnapshotSummary> list;
  if (what.group) {
    if (auto done = list_group(store, codec, what.ns, *what.group, list); !done) {
      return forward_error(done);
    }
    return list;
  }
  auto done = for_each_group(store, what, [&](const Namespace& ns, const GroupId& group) {
    return list_group(store, codec, ns, group, list);
  });
  if (!done) return forward_error(done);
  return list;
}

Result<std::vector<NamespaceSummary>> summarize_namespaces(const Datastore& store,
                                                           const ListStore& what) {
  const auto namespaces =
      sorted_namespaces(store, what.ns, what.max_depth.value_or(Namespace::kMaxDepth));
  if (!namespaces) return std::unexpected(namespaces.error());
  std::vector<NamespaceSummary> list;
  for (const Namespace& ns : *namespaces) {
    const auto groups = groups_of(store, ns);
    if (!groups) return std::unexpected(groups.error());
    list.push_back({ns, groups->size()});
  }
  return list;
}

Result<std::vector<GroupSummary>> summarize_groups(const Datastore& store, const ListStore& what) {
  std::vector<GroupSummary> list;
  auto done =
      for_each_group(store, what, [&](const Namespace& ns, const GroupId& group) -> Result<> {
        auto summary = summarize_group(store, ns, group);
        if (!summary) return forward_error(summary);
        list.push_back(std::move(*summary));
        return {};
      });
  if (!done) return forward_error(done);
  return list;
}

Result<StoreSummary> summarize_store(const Datastore& store) {
  StoreSummary summary;
  summary.config = store.config();
  summary.protocol = store.protocol().name();
  const auto namespaces = sorted_namespaces(store, {}, Namespace::kMaxDepth);
  if (!namespaces) return std::unexpected(namespaces.error());
  summary.namespaces = namespaces->size();
  for (const Namespace& ns : *namespaces) {
    const auto groups = groups_of(store, ns);
    if (!groups) return std::unexpected(groups.error());
    summary.groups += groups->size();
    for (const GroupId& group : *groups) {
      const auto snapshots = list_snapshots(store, ns, group);
      if (!snapshots) return std::unexpected(snapshots.error());
      summary.snapshots += snapshots->size();
    }
  }
  const auto status = read_file(store.system(), store.base() + '/' + std::string(kGcStatusName));
  if (status) summary.last_gc = GcStatus::parse(*status);
  return summary;
}

Result<GroupSummary> describe_group(const Datastore& store, const Namespace& ns,
                                    const GroupId& group) {
  if (!store.exists(ns, group))
    return fail(ErrorKind::not_found, "there is no group " + display_name(ns, group));
  return summarize_group(store, ns, group);
}

Result<SnapshotDetails> describe_snapshot(const Datastore& store, BlobCodec& codec,
                                          const Namespace& ns, const SnapshotId& snapshot) {
  const auto snapshots = list_snapshots(store, ns, snapshot.group);
  if (!snapshots) return std::unexpected(snapshots.error());
  const auto found = std::ranges::find(*snapshots, snapshot.time, &SnapshotFiles::time);
  if (found == snapshots->end()) {
    return fail(ErrorKind::not_found, "no snapshot " + display_name(ns, snapshot));
  }
  SnapshotDetails details{summarize(store, codec, ns, snapshot.group, *found), {}};
  if (const auto owner = read_owner(store, ns, snapshot.group)) details.owner = owner->text();
  return details;
}

}  // namespace unswept::engine
