#include "engine/cli/run_command.h"

#include <utility>

#include "engine/counted.h"
#include "engine/ops/annotate.h"

namespace unswept::engine {
namespace {

template <class T>
Result<CommandReport> report(Result<T> result) {
  if (!result) return forward_error(result);
  return CommandReport(std::move(*result));
}

Result<CommandReport> report(Result<> result) {
  if (!result) return forward_error(result);
  return CommandReport();
}

/// A name that was typed; the parsers of names cannot know where they have it from.
Result<AuthId> typed_owner(std::string_view text) {
  auto owner = AuthId::parse(text);
  if (!owner) owner.error().kind = ErrorKind::bad_input;
  return owner;
}

/// What each operation may leave.
struct Shortfall {
  const Command& command;

  template <class Report>
  std::optional<Error> operator()(const Report&) const {
    return std::nullopt;
  }
  std::optional<Error> operator()(const MoveNamespaceResult& moved) const;
  std::optional<Error> operator()(const VerifyReport& verified) const;
  std::optional<Error> operator()(const GroupRemoval& removed) const;
  std::optional<Error> operator()(const NamespaceRemoval& removed) const;
};

std::optional<Error> Shortfall::operator()(const MoveNamespaceResult& moved) const {
  if (moved.complete()) return std::nullopt;
  const bool only_locked = moved.failed.empty();
  return Error{only_locked ? ErrorKind::lock_conflict : moved.failed.front().error.kind,
               only_locked ? os::Errno{} : moved.failed.front().error.code,
               moved.failure_message()};
}

std::optional<Error> Shortfall::operator()(const VerifyReport& verified) const {
  if (verified.good()) return std::nullopt;
  std::string message = "verification failed for " + counted(verified.failed(), "snapshot");
  for (const VerifiedSnapshot& snapshot : verified.snapshots) {
    for (const std::string& problem : snapshot.problems) {
      message += "\n  " + display_name(snapshot.ns, snapshot.snapshot) + ": " + problem;
    }
  }
  for (const std::string& group : verified.unlisted) message += "\n  " + group;
  return Error{ErrorKind::invalid, {}, std::move(message)};
}

std::optional<Error> Shortfall::operator()(const GroupRemoval& removed) const {
  if (removed.complete()) return std::nullopt;
  const auto& remove = std::get<RemoveGroup>(command);
  return Error{ErrorKind::refused,
               {},
               counted(removed.snapshots_protected, "protected snapshot") + " of " +
                   display_name(remove.ns, remove.group) + " kept"};
}

std::optional<Error> Shortfall::operator()(const NamespaceRemoval& removed) const {
  if (removed.complete) return std::nullopt;
  const std::uint64_t kept = removed.snapshots_protected;
  return Error{ErrorKind::refused,
               {},
               "namespace " + std::get<NamespaceRemove>(command).ns.text() +
                   " was not fully removed: " +
                   (kept > 0 ? counted(kept, "protected snapshot") + " kept"
                             : "something is left in it or below it")};
}

class Runner {
 public:
  Runner(const Datastore& store, CommandContext& context) : store_(store), context_(context) {}

  Result<CommandReport> operator()(const Gc& gc) {
    GcOptions options = context_.gc;
    if (gc.cutoff) options.cutoff_seconds = *gc.cutoff;
    if (gc.cache_capacity) options.cache_capacity = static_cast<std::size_t>(*gc.cache_capacity);
    if (gc.atime_safety_check) options.atime_safety_check = *gc.atime_safety_check;
    if (gc.jobs) options.jobs = *gc.jobs;
    if (options.upid.empty()) options.upid = context_.upid;
    return report(gc.dry_run ? predict_garbage(store_, options) : collect_garbage(store_, options));
  }

  Result<CommandReport> operator()(const MoveGroup& move) {
    return report(move_group(store_, move.group, move.from, move.to,
                             {.merge = move.merge, .lock_batch = context_.lock_batch}));
  }

  Result<CommandReport> operator()(const MoveNamespace& move) {
    return report(move_namespace(store_, move.from, move.to,
                                 {.max_depth = move.max_depth,
                                  .delete_source = move.delete_source,
                                  .merge = move.merge,
                                  .lock_batch = context_.lock_batch}));
  }

  Result<CommandReport> operator()(const Backup& backup) {
    auto target = target_of(backup);
    if (!target) return forward_error(target);
    const auto open = [&](std::size_t i) {
      return context_.archives.open(backup.archives[i], backup);
    };
    if (backup.dry_run) {
      return report(estimate_backup(store_, *target, backup.archives.size(), open));
    }
    return report(run_backup(store_, context_.manifests, *target, backup.archives.size(), open,
                             {.incremental = backup.incremental}));
  }

  Result<CommandReport> operator()(const Forget& forget) {
    return report(remove_snapshot(store_, forget.ns, forget.snapshot));
  }

  Result<CommandReport> operator()(const RemoveGroup& remove) {
    return report(remove_group(store_, remove.ns, remove.group));
  }

  Result<CommandReport> operator()(const Prune& prune) {
    const DryRun dry_run = prune.dry_run ? DryRun::yes : DryRun::no;
    if (prune.group) {
      return report(prune_group(store_, prune.ns, *prune.group, prune.keep, dry_run));
    }
    return report(prune_namespace(store_, prune.ns, prune.max_depth.value_or(Namespace::kMaxDepth),
                                  prune.keep, dry_run));
  }

  Result<CommandReport> operator()(const Verify& verify) { return report(run_verify(verify)); }

  Result<CommandReport> operator()(const Protect& protect) {
    return report(set_protected(store_, protect.ns, protect.snapshot, protect.on));
  }

  Result<CommandReport> operator()(const Notes& notes) {
    if (!notes.time) return report(set_group_notes(store_, notes.ns, notes.group, notes.text));
    return report(set_snapshot_notes(store_, context_.codec, notes.ns, {notes.group, *notes.time},
                                     notes.text));
  }

  Result<CommandReport> operator()(const ChangeOwner& change) {
    auto owner = typed_owner(change.owner);
    if (!owner) return forward_error(owner);
    return report(change_owner(store_, change.ns, change.group, *owner));
  }

  Result<CommandReport> operator()(const NamespaceCreate& create) {
    if (create.ns.name().size() > Namespace::kMaxNewComponent) {
      return fail(ErrorKind::bad_input, '"' + std::string(create.ns.name()) +
                                            "\" is too long: a new namespace has a name "
                                            "of at most 32 characters");
    }
    return report(create_namespace(store_, create.ns));
  }

  Result<CommandReport> operator()(const NamespaceRemove& remove) {
    if (remove.ns.is_root())
      return fail(ErrorKind::refused, "the root namespace cannot be removed");
    return report(remove_namespace(store_, remove.ns,
                                   remove.delete_groups ? DeleteGroups::yes : DeleteGroups::no));
  }

  Result<CommandReport> operator()(const Restore& restore) {
    return report(restore_files(store_, context_.codec, restore,
                                context_.has_output ? Unnamed::output : Unnamed::nowhere));
  }

 private:
  Result<BackupTarget> target_of(const Backup& backup) {
    auto time = backup.time ? Result<SnapshotTime>(*backup.time)
                            : SnapshotTime::from_seconds(store_.system().now().seconds);
    if (!time) return forward_error(time);
    BackupTarget target{backup.ns, {backup.group, *time}, context_.caller};
    if (!backup.owner) return target;
    auto owner = typed_owner(*backup.owner);
    if (!owner) return forward_error(owner);
    target.caller = std::move(*owner);
    return target;
  }

  Result<VerifyReport> run_verify(const Verify& verify) {
    VerifyOptions options;
    options.upid = context_.upid;
    options.ignore_verified = verify.ignore_verified || verify.outdated_after.has_value();
    options.outdated_after = verify.outdated_after;
    if (!verify.group) {
      return verify_namespace(store_, context_.codec, verify.ns,
                              verify.max_depth.value_or(Namespace::kMaxDepth), options);
    }
    if (!verify.time) {
      return verify_group(store_, context_.codec, verify.ns, *verify.group, options);
    }
    return verify_snapshot(store_, context_.codec, verify.ns, {*verify.group, *verify.time},
                           options);
  }

  const Datastore& store_;
  CommandContext& context_;
};

}  // namespace

Result<CommandReport> carry_out(const Datastore& store, const Command& command,
                                CommandContext& context) {
  return std::visit(Runner(store, context), command);
}

std::optional<Error> shortfall(const Command& command, const CommandReport& report) {
  return std::visit(Shortfall{command}, report);
}

Result<CommandReport> run_command(const Datastore& store, const Command& command,
                                  CommandContext& context) {
  auto report = carry_out(store, command, context);
  if (!report) return report;
  if (auto error = shortfall(command, *report)) return std::unexpected(*std::move(error));
  return report;
}

}  // namespace unswept::engine
