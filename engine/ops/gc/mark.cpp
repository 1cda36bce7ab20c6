#include "engine/ops/gc/mark.h"

#include <algorithm>
#include <utility>

#include "engine/points.h"
#include "engine/store/walk.h"

namespace unswept::engine {

Result<> MarkPhase::run(const os::Knows& caller) {
  // What was counted for report_progress() is shown and not used.
  const os::Known known(caller, "gc.mark", [this](os::Gist& gist) { gist << unmet_; });
  auto mark = [this](std::string_view path) { return mark_announced(path); };
  const Protocol& protocol = store_.protocol();
  if (auto done = protocol.begin_mark(store_, mark); !done) return done;
  if (auto done = walk(known); !done) return done;
  if (auto done = iterate(known); !done) return done;
  known.forget_rest("gc.mark.iterated");
  if (auto done = mark_leftovers(known); !done) return done;
  if (auto done = marker_.catch_up(); !done) return done;
  known.forget_rest("gc.mark.listed");
  return protocol.finish_mark(store_, mark);
}

Result<> MarkPhase::mark_announced(std::string_view path) {
  if (!path.starts_with('/'))
    return fail(ErrorKind::invalid, "the announced path " + std::string(path) + " is not absolute");
  auto found = marker_.mark_index(path);
  if (!found) return forward_error(found);
  return {};
}

Result<> MarkPhase::walk(const os::Knows& caller) {
  auto collect = [this](const std::string& path) -> Result<> {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    if (index_kind(name)) unmet_.add(path);
    return {};
  };
  if (auto done = walk_tree(system_, store_.base(), collect, &caller); !done) return done;
  unmet_.sort();
  indexes_total_ = unmet_.added();
  system_.point(points::gc_mark_walked);
  return {};
}

Result<> MarkPhase::iterate(const os::Knows& caller) {
  NamespaceTree tree(store_, Namespace());
  const os::Known known(caller, "gc.mark.namespaces", [&](os::Gist& gist) { gist << tree; });
  while (true) {
    auto ns = tree.next();
    if (!ns) return forward_error(ns);
    if (!*ns) return {};
    if (auto marked = mark_namespace(**ns, known); !marked) return marked;
    known.forget_rest("gc.mark.namespace");
  }
}

Result<> MarkPhase::mark_namespace(const Namespace& ns, const os::Knows& caller) {
  system_.point(points::gc_mark_namespace, ns.display_name());
  auto groups = Groups::open(store_, ns);
  if (!groups) return forward_error(groups);
  const os::Known known(caller, "gc.mark.groups",
                        [&](os::Gist& gist) { gist << ns.text() << *groups; });
  while (true) {
    auto group = groups->next();
    if (!group) return forward_error(group);
    if (!*group) return {};
    if (auto marked = mark_group(ns, **group, known); !marked) return marked;
    known.forget_rest("gc.mark.group");
  }
}

/// Passes over the group until none of them missed the newest snapshot.
Result<> MarkPhase::mark_group(const Namespace& ns, const GroupId& group, const os::Knows& caller) {
  group_point(points::gc_mark_group, ns, group);
  const unsigned unlocked_passes = store_.protocol().iteration_rules().unlocked_passes;
  for (unsigned retry = 0; retry <= unlocked_passes; ++retry) {
    LockFile lock;
    if (retry == unlocked_passes) {
      auto locked = store_.lock_group(ns, group);
      if (!locked) return forward_error(locked);
      lock = std::move(*locked);
    }
    const os::Known known(caller, "gc.mark.passes",
                          [&](os::Gist& gist) { gist << group.path() << retry << lock; });
    auto pass = pass_over_group(ns, group, known);
    if (!pass) return forward_error(pass);
    if (*pass == Pass::done) return {};
    known.forget_rest("gc.mark.pass");
  }
  return fail(ErrorKind::lock_conflict,
              "group " + display_name(ns, group) +
                  " changes faster than it can be listed, even while it is locked");
}

Result<MarkPhase::Pass> MarkPhase::pass_over_group(const Namespace& ns, const GroupId& group,
                                                   const os::Knows& caller) {
  auto snapshots = list_snapshot_indexes(store_, ns, group);
  if (!snapshots) {
    if (store_.exists(store_.path(ns, group))) return forward_error(snapshots);
    return Pass::done;  // the group is gone, and its snapshots with it
  }
  group_point(points::gc_mark_listed, ns, group);
  std::ranges::sort(*snapshots, std::ranges::greater(), &SnapshotFiles::time);
  std::string path = store_.path(ns, group);
  path += '/';
  const std::size_t group_size = path.size();
  std::size_t done = 0;
  const os::Known known(caller, "gc.mark.snapshots", [&](os::Gist& gist) {
    for (std::size_t i = done; i < snapshots->size(); ++i) gist << (*snapshots)[i];
  });
  for (const SnapshotFiles& snapshot : *snapshots) {
    path.resize(group_size);
    path += snapshot.time.text();
    auto pass = mark_snapshot(snapshot, &snapshot == &snapshots->front(), path);
    if (!pass || *pass == Pass::list_again) return pass;
    ++done;
    known.forget_rest("gc.mark.snapshot");
  }
  return Pass::done;
}

/// `path` is that of the snapshot, and a buffer.
Result<MarkPhase::Pass> MarkPhase::mark_snapshot(const SnapshotFiles& snapshot, bool newest,
                                                 std::string& path) {
  path += '/';
  const std::size_t snapshot_size = path.size();
  for (const std::string& file : snapshot.files) {
    if (!index_kind(file)) continue;
    path.resize(snapshot_size);
    path += file;
    auto found = marker_.take_index(path);
    if (!found) return forward_error(found);
    const bool was_listed = unmet_.remove(path);
    if (*found == Found::marked) {
      if (!was_listed) ++indexes_total_;
      report_progress();
    } else if (newest && store_.protocol().iteration_rules().relist_when_newest_vanished) {
      // The newest snapshot went away: a newer one may be there that knows its chunks from it and
      // has not touched them.
      return Pass::list_again;
    }
  }
  return Pass::done;
}

Result<> MarkPhase::mark_leftovers(const os::Knows& caller) {
  system_.point(points::gc_mark_leftovers);
  const std::vector<std::string> paths = std::exchange(unmet_, {}).remaining();
  std::size_t done = 0;
  const os::Known known(caller, "gc.mark.leftovers", [&](os::Gist& gist) {
    for (std::size_t i = done; i < paths.size(); ++i) gist << paths[i];
  });
  for (const std::string& path : paths) {
    if (done != 0) known.forget_rest("gc.mark.leftover");
    ++done;
    auto found = marker_.take_index(path);
    if (!found) return forward_error(found);
    if (*found == Found::vanished) continue;
    report_progress();
    if (system_.log_wanted(os::LogLevel::warning))
      system_.log(os::LogLevel::warning,
                  path + " lies outside of the expected layout; its chunks are kept");
  }
  return {};
}

void MarkPhase::report_progress() {
  ++indexes_done_;
  system_.progress({"mark", indexes_done_, std::max(indexes_done_, indexes_total_)});
}

void MarkPhase::group_point(const os::Point& point, const Namespace& ns, const GroupId& group) {
  if (system_.points_wanted()) system_.point(point, display_name(ns, group));
}

}  // namespace unswept::engine
