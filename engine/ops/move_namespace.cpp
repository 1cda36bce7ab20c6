#include "engine/ops/move_namespace.h"

#include <algorithm>
#include <string_view>

#include "engine/counted.h"
#include "engine/ops/group_move.h"
#include "engine/ops/namespaces.h"
#include "engine/points.h"
#include "engine/store/hierarchy.h"

namespace unswept::engine {

namespace {

struct DeferredGroup {
  Namespace ns;
  GroupId group;
};

class NamespaceMove {
 public:
  NamespaceMove(const Datastore& store, const Namespace& source, const Namespace& target,
                const MoveNamespaceOptions& options)
      : store_(store),
        system_(store.system()),
        source_(source),
        target_(target),
        options_(options),
        depth_limit_(options.max_depth.value_or(Namespace::kMaxDepth)) {}

  Result<> check_request() const;
  Result<MoveNamespaceResult> run();

 private:
  Result<> check_depth() const;
  Result<> create_targets();
  void move_groups_of(const Namespace& ns);
  void move_or_defer(const Namespace& ns, const GroupId& group);
  void retry_deferred();
  Result<MoveGroupResult> move(const Namespace& ns, const GroupId& group);
  void count(const Namespace& ns, const GroupId& group, const MoveGroupResult& moved);
  void delete_source();
  void delete_source_level(const Namespace& ns);
  bool may_be_removed(const Namespace& ns);
  bool has_failed_below(const Namespace& ns) const;
  void mark_failed(const Namespace& ns);
  void warn(std::string message);
  bool stops();
  bool stops(const Error& error);
  std::unexpected<Error> interrupted() const;

  const Datastore& store_;
  os::System& system_;
  const Namespace& source_;
  const Namespace& target_;
  const MoveNamespaceOptions& options_;
  std::size_t depth_limit_;

  std::vector<Namespace> listed_;  // the source and what moves along, parents first
  std::vector<DeferredGroup> deferred_;
  std::vector<Namespace> failed_;  // something stayed in them
  bool interrupted_ = false;
  MoveNamespaceResult result_;
};

Result<> NamespaceMove::check_request() const {
  const std::string source(source_.display_name());
  const std::string target(target_.display_name());
  if (source_.is_root()) return fail(ErrorKind::refused, "the root namespace cannot be moved");
  if (source_ == target_)
    return fail(ErrorKind::refused, "namespace " + source + " cannot be moved to where it is");
  if (!store_.exists(source_))
    return fail(ErrorKind::not_found, "namespace " + source + " does not exist");
  if (!target_.is_root() && !store_.exists(target_.parent()))
    return fail(ErrorKind::not_found,
                "the parent of namespace " + target + " does not exist; create it first");
  if (source_.contains(target_))
    return fail(ErrorKind::refused,
                "namespace " + source + " cannot be moved into itself, to " + target);
  return {};
}

Result<MoveNamespaceResult> NamespaceMove::run() {
  if (auto valid = check_request(); !valid) return forward_error(valid);
  auto listed = list_namespaces(store_, source_, depth_limit_);
  if (!listed) return forward_error(listed);
  listed_ = std::move(*listed);
  system_.point(points::move_namespace_listed, source_.display_name());
  if (auto fits = check_depth(); !fits) return forward_error(fits);
  if (auto created = create_targets(); !created) return forward_error(created);
  system_.point(points::move_namespace_created, target_.display_name());

  for (const Namespace& ns : listed_) move_groups_of(ns);
  if (!interrupted_) retry_deferred();
  if (interrupted_) return interrupted();
  if (options_.delete_source) delete_source();
  return std::move(result_);
}

Result<> NamespaceMove::check_depth() const {
  const std::size_t deepest = std::ranges::max(listed_, {}, &Namespace::depth).depth();
  const std::size_t depth = deepest - source_.depth() + target_.depth();
  if (depth <= Namespace::kMaxDepth) return {};
  return fail(ErrorKind::refused, "below " + std::string(target_.display_name()) +
                                      " namespaces would be " + std::to_string(depth) +
                                      " levels deep, and " + std::to_string(Namespace::kMaxDepth) +
                                      " is the limit");
}

Result<> NamespaceMove::create_targets() {
  std::vector<Namespace> by_depth = listed_;
  std::ranges::stable_sort(by_depth, {}, &Namespace::depth);
  for (const Namespace& ns : by_depth) {
    auto target = ns.map_prefix(source_, target_);
    if (!target) return forward_error(target);
    if (target->is_root() || store_.exists(*target)) continue;
    if (auto created = create_namespace(store_, *target); !created) return created;
  }
  return {};
}

/// A bad entry is told and marks the namespace; the iteration goes on.
void NamespaceMove::move_groups_of(const Namespace& ns) {
  auto give_up = [&](const Error& error) {
    warn("listing the groups of " + std::string(ns.display_name()) + ": " + error.message);
    mark_failed(ns);
  };
  auto groups = Groups::open(store_, ns);
  if (!groups) return give_up(groups.error());
  while (true) {
    auto group = groups->next();
    if (!group) {
      give_up(group.error());
      continue;
    }
    if (!*group || stops()) return;
    move_or_defer(ns, **group);
  }
}

void NamespaceMove::move_or_defer(const Namespace& ns, const GroupId& group) {
  auto moved = move(ns, group);
  if (moved) return count(ns, group, *moved);
  if (stops(moved.error())) return;
  if (moved.error().kind == ErrorKind::lock_conflict) {
    deferred_.push_back({ns, group});
    return;
  }
  result_.failed.push_back({ns, group, std::move(moved.error())});
  mark_failed(ns);
}

void NamespaceMove::retry_deferred() {
  for (const auto& [ns, group] : deferred_) {
    auto moved = move(ns, group);
    if (moved) {
      count(ns, group, *moved);
      continue;
    }
    if (stops(moved.error())) return;
    const bool locked = moved.error().kind == ErrorKind::lock_conflict;
    (locked ? result_.still_locked : result_.failed)
        .push_back({ns, group, std::move(moved.error())});
    mark_failed(ns);
  }
}

Result<MoveGroupResult> NamespaceMove::move(const Namespace& ns, const GroupId& group) {
  auto target = ns.map_prefix(source_, target_);
  if (!target) return forward_error(target);
  const MoveGroupOptions options{.merge = options_.merge, .lock_batch = options_.lock_batch};
  return move_listed_group(store_, group, ns, *target, options);
}

/// Whether the user wants the move to end: it does so between two groups, or within one.
bool NamespaceMove::stops() {
  interrupted_ = interrupted_ || system_.interrupted();
  return interrupted_;
}

bool NamespaceMove::stops(const Error& error) {
  interrupted_ = interrupted_ || error.kind == ErrorKind::aborted;
  return interrupted_;
}

std::unexpected<Error> NamespaceMove::interrupted() const {
  return fail(ErrorKind::aborted,
              "the move of namespace " + source_.text() + " was interrupted after " +
                  counted(result_.moved.size(), "group") + "; the same move takes the rest to " +
                  std::string(target_.display_name()));
}

void NamespaceMove::count(const Namespace& ns, const GroupId& group, const MoveGroupResult& moved) {
  result_.moved.push_back({ns, group, moved.snapshots_moved, moved.merged});
  result_.snapshots_moved += moved.snapshots_moved;
}

void NamespaceMove::delete_source() {
  for (std::size_t i = listed_.size(); i-- > 0;) delete_source_level(listed_[i]);
}

void NamespaceMove::delete_source_level(const Namespace& ns) {
  if (!may_be_removed(ns)) return;
  auto removed = remove_namespace_level(store_, ns, DeleteGroups::no);
  if (!removed)
    warn("removing namespace " + std::string(ns.display_name()) + ": " + removed.error().message);
  else if (!removed->complete)
    warn("namespace " + std::string(ns.display_name()) + " is not empty and stays");
  else
    ++result_.namespaces_removed;
}

/// Whether nothing is left in the namespace that was not asked to go.
bool NamespaceMove::may_be_removed(const Namespace& ns) {
  const std::string name(ns.display_name());
  if (has_failed_below(ns)) {
    warn("namespace " + name + " stays: not everything in it has moved");
    return false;
  }
  ChildNamespaces children(store_, ns);
  while (true) {
    auto child = children.next();
    if (!child) {
      warn("namespace " + name + " stays: " + child.error().message);
      return false;
    }
    if (!*child) return true;
    if (std::ranges::find(listed_, **child) != listed_.end()) continue;
    const bool in_reach = (*child)->depth() <= source_.depth() + depth_limit_;
    if (in_reach)
      warn("namespace " + name + " stays: " + (*child)->text() + " appeared during the move");
    return false;
  }
}

bool NamespaceMove::has_failed_below(const Namespace& ns) const {
  return std::ranges::any_of(failed_, [&](const Namespace& failed) { return ns.contains(failed); });
}

void NamespaceMove::mark_failed(const Namespace& ns) {
  if (std::ranges::find(failed_, ns) == failed_.end()) failed_.push_back(ns);
}

void NamespaceMove::warn(std::string message) {
  system_.log(os::LogLevel::warning, message);
  result_.warnings.push_back(std::move(message));
}

void append_groups(std::string& out, const std::vector<FailedGroup>& groups) {
  for (const FailedGroup& failed : groups) {
    out += "\n  ";
    out += display_name(failed.ns, failed.group);
    out += ": ";
    out += failed.error.message;
  }
}

}  // namespace

std::string MoveNamespaceResult::failure_message() const {
  if (complete()) return {};
  std::string message = std::to_string(failed.size() + still_locked.size()) +
                        " group(s) could not be moved and stay at the source";
  if (!failed.empty()) {
    message += "\n" + std::to_string(failed.size()) + " failed and should be looked into:";
    append_groups(message, failed);
  }
  if (!still_locked.empty()) {
    message += "\n" + std::to_string(still_locked.size()) +
               " were in use; running the move again may help:";
    append_groups(message, still_locked);
  }
  return message;
}

Result<MoveNamespaceResult> move_namespace(const Datastore& store, const Namespace& source,
                                           const Namespace& target,
                                           const MoveNamespaceOptions& options) {
  os::System& system = store.system();
  system.point(points::move_started, source.display_name());
  NamespaceMove move(store, source, target, options);
  if (auto valid = move.check_request(); !valid) return forward_error(valid);
  auto result = move.run();
  if (result) system.point(points::move_done);
  return result;
}

}  // namespace unswept::engine
