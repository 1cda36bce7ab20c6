#include "engine/ops/move_group.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/counted.h"
#include "engine/ops/group_move.h"
#include "engine/ops/remove.h"
#include "engine/ops/snapshot_move.h"
#include "engine/os/knowledge.h"
#include "engine/points.h"
#include "engine/store/group.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {

namespace {

/// A failure that will not go away by itself.
std::unexpected<Error> hard(Error error) {
  if (error.kind == ErrorKind::lock_conflict) error.kind = ErrorKind::io;
  return std::unexpected(std::move(error));
}

/// A lock that was not to be had, for whatever reason.
std::unexpected<Error> soft(Error error) {
  error.kind = ErrorKind::lock_conflict;
  return std::unexpected(std::move(error));
}

class GroupMove {
 public:
  GroupMove(const Datastore& store, const GroupId& group, const Namespace& source,
            const Namespace& target, const MoveGroupOptions& options)
      : store_(store), group_(group), source_(source), target_(target), options_(options) {}

  Result<> check_request() const;
  /// Forgets nothing without a caller.
  Result<MoveGroupResult> run_and_tell(const os::Knows* caller);

 private:
  Result<MoveGroupResult> run(const os::Knows* caller);
  Result<LockedGroup> open_target();
  Result<> check_merge(const AuthId& source_owner, const AuthId& target_owner) const;
  Result<std::vector<SnapshotTime>> list_oldest_first() const;
  Result<> move_snapshots(const os::Knows& caller);
  Result<> move_batch(std::span<const SnapshotTime> batch);
  std::unexpected<Error> interrupted() const;
  Result<> move_notes() const;
  std::string name() const { return display_name(source_, group_); }

  const Datastore& store_;
  const GroupId& group_;
  const Namespace& source_;
  const Namespace& target_;
  const MoveGroupOptions& options_;
  MoveGroupResult result_;
};

Result<> GroupMove::check_request() const {
  if (source_ == target_)
    return fail(ErrorKind::refused, "group " + name() + " cannot be moved to where it is");
  if (!store_.exists(target_))
    return fail(ErrorKind::not_found, "the target namespace " +
                                          std::string(target_.display_name()) +
                                          " does not exist; create it first");
  if (!store_.exists(source_, group_))
    return fail(ErrorKind::not_found, "group " + name() + " does not exist");
  if (!options_.merge && store_.exists(target_, group_))
    return fail(ErrorKind::refused, "group " + display_name(target_, group_) +
                                        " exists already, and merging is not allowed");
  return {};
}

Result<MoveGroupResult> GroupMove::run(const os::Knows* caller) {
  auto source_lock = store_.lock_group(source_, group_);
  if (!source_lock) return soft(std::move(source_lock.error()));
  const os::Known locked(caller, "move.source", [&](os::Gist& gist) { gist << *source_lock; });
  locked.forget_rest("move.source");
  if (auto valid = check_request(); !valid) return hard(std::move(valid.error()));
  auto owner = read_owner(store_, source_, group_);
  if (!owner) return hard(std::move(owner.error()));
  auto target = create_or_open_group(store_, target_, group_, *owner);
  if (!target) return forward_error(target);  // a lock conflict is soft, anything else hard
  const os::Known known(locked, "move.target", [&](os::Gist& gist) {
    gist << owner->text() << target->lock << target->created << target->owner.text()
         << result_.merged << result_.snapshots_moved;
  });
  known.forget_rest("move.target");
  store_.system().point(points::move_locked);

  result_.merged = !target->created;
  if (result_.merged)
    if (auto allowed = check_merge(*owner, target->owner); !allowed)
      return hard(std::move(allowed.error()));
  if (auto moved = move_snapshots(known); !moved) return forward_error(moved);
  if (auto moved = move_notes(); !moved) return hard(std::move(moved.error()));
  known.forget_rest("move.moved");
  auto removed = remove_group_locked(store_, source_, group_, std::move(*source_lock));
  if (!removed) return hard(std::move(removed.error()));
  return result_;
}

Result<MoveGroupResult> GroupMove::run_and_tell(const os::Knows* caller) {
  auto moved = run(caller);
  if (!moved) return moved;
  os::System& system = store_.system();
  if (system.points_wanted()) system.point(points::move_group_done, name());
  return moved;
}

/// The times of those snapshots whose names parse.
Result<std::vector<SnapshotTime>> list_valid_times(const Datastore& store, const Namespace& ns,
                                                   const GroupId& group) {
  auto snapshots = Snapshots::open(store, ns, group);
  if (!snapshots) return forward_error(snapshots);
  std::vector<SnapshotTime> times;
  while (true) {
    auto time = snapshots->next();
    if (!time) continue;
    if (!*time) return times;
    times.push_back(**time);
  }
}

/// Merging keeps a group's history in order: nothing may end up before what is there.
Result<> GroupMove::check_merge(const AuthId& source_owner, const AuthId& target_owner) const {
  const std::string target_name = display_name(target_, group_);
  if (!options_.merge)
    return fail(ErrorKind::refused,
                "group " + target_name + " exists already, and merging is not allowed");
  if (source_owner != target_owner)
    return fail(ErrorKind::refused, "group " + name() + " belongs to " + source_owner.text() +
                                        ", but " + target_name + " to " + target_owner.text());
  auto source = list_valid_times(store_, source_, group_);
  if (!source) return forward_error(source);
  if (source->empty()) return {};
  auto target = list_valid_times(store_, target_, group_);
  if (!target) return forward_error(target);
  if (target->empty()) return {};
  const SnapshotTime& oldest = *std::ranges::min_element(*source);
  const SnapshotTime& newest = *std::ranges::max_element(*target);
  if (oldest.seconds() > newest.seconds()) return {};
  return fail(ErrorKind::refused, "group " + name() + " cannot be merged into " + target_name +
                                      ": its oldest snapshot " + std::string(oldest.text()) +
                                      " is not newer than " + std::string(newest.text()));
}

Result<std::vector<SnapshotTime>> GroupMove::list_oldest_first() const {
  auto snapshots = Snapshots::open(store_, source_, group_);
  if (!snapshots) return forward_error(snapshots);
  std::vector<SnapshotTime> times;
  while (true) {
    auto time = snapshots->next();
    if (!time) return forward_error(time);
    if (!*time) break;
    times.push_back(**time);
  }
  std::ranges::sort(times);
  return times;
}

Result<> GroupMove::move_snapshots(const os::Knows& caller) {
  auto times = list_oldest_first();
  if (!times) return hard(std::move(times.error()));
  const std::size_t batch_size = std::max<std::size_t>(options_.lock_batch, 1);
  std::span<const SnapshotTime> rest = *times;
  const os::Known known(caller, "move.snapshots", [&](os::Gist& gist) {
    for (const SnapshotTime& time : rest) gist << time.text();
  });
  while (!rest.empty()) {
    known.forget_rest("move.batch");
    const auto batch = rest.first(std::min(batch_size, rest.size()));
    if (auto moved = move_batch(batch); !moved) return moved;
    rest = rest.subspan(batch.size());
    store_.system().progress({"move", times->size() - rest.size(), times->size()});
  }
  return {};
}

std::unexpected<Error> GroupMove::interrupted() const {
  return fail(ErrorKind::aborted, "the move of " + name() + " was interrupted after " +
                                      counted(result_.snapshots_moved, "snapshot") +
                                      "; the same move takes the rest to " +
                                      std::string(target_.display_name()));
}

Result<> GroupMove::move_batch(std::span<const SnapshotTime> batch) {
  std::vector<LockFile> locks;
  locks.reserve(batch.size());
  SnapshotId snapshot{group_, {}};
  for (const SnapshotTime& time : batch) {
    snapshot.time = time;
    auto lock = store_.lock_snapshot(source_, snapshot, os::LockKind::exclusive);
    if (!lock) return soft(std::move(lock.error()));
    locks.push_back(std::move(*lock));
  }
  for (const SnapshotTime& time : batch) {
    if (store_.system().interrupted()) return interrupted();
    snapshot.time = time;
    if (auto moved = move_snapshot(store_, snapshot, source_, target_); !moved)
      return hard(std::move(moved.error()));
    ++result_.snapshots_moved;
  }
  return {};
}

Result<> GroupMove::move_notes() const {
  auto notes = read_group_notes(store_, source_, group_);
  if (!notes) return forward_error(notes);
  if (!*notes) return {};
  auto kept = read_group_notes(store_, target_, group_);
  if (!kept) return forward_error(kept);
  os::System& system = store_.system();
  if (*kept) {
    if (**kept != **notes)
      system.log(os::LogLevel::warning, "the notes of " + display_name(target_, group_) +
                                            " stay; those of " + name() +
                                            " differ and are dropped");
    return {};
  }
  const std::string file = '/' + std::string(kNotesName);
  const std::string from = store_.path(source_, group_) + file;
  if (auto moved = system.rename(from, store_.path(target_, group_) + file); !moved)
    return os_failure(moved.error(), "move notes", from);
  return {};
}

}  // namespace

Result<MoveGroupResult> move_listed_group(const Datastore& store, const GroupId& group,
                                          const Namespace& source, const Namespace& target,
                                          const MoveGroupOptions& options) {
  return GroupMove(store, group, source, target, options).run_and_tell(nullptr);
}

Result<MoveGroupResult> move_group(const Datastore& store, const GroupId& group,
                                   const Namespace& source, const Namespace& target,
                                   const MoveGroupOptions& options) {
  os::System& system = store.system();
  if (system.points_wanted()) system.point(points::move_started, display_name(source, group));
  GroupMove move(store, group, source, target, options);
  if (auto valid = move.check_request(); !valid) return forward_error(valid);
  const os::Known nothing_yet(system, "move", [](os::Gist&) {});
  auto moved = move.run_and_tell(&nothing_yet);
  if (moved) system.point(points::move_done);
  return moved;
}

}  // namespace unswept::engine
