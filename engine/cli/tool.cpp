#include "engine/cli/tool.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/cli/file_archives.h"
#include "engine/cli/help.h"
#include "engine/cli/invocation.h"
#include "engine/cli/output.h"
#include "engine/cli/printable.h"
#include "engine/cli/progress.h"
#include "engine/cli/store_config.h"
#include "engine/cli/symlink_guard.h"
#include "engine/cli/task_id.h"
#include "engine/os/posix/posix_system.h"
#include "engine/os/posix/task_threads.h"

namespace unswept::engine {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kBadInput = 2;
constexpr int kInterrupted = 130;  // as shells have it: 128 and the number of SIGINT

/// Another command line helps against bad input; all else is the world's doing.
int exit_code(ErrorKind kind) {
  if (kind == ErrorKind::aborted) return kInterrupted;
  return kind == ErrorKind::bad_input ? kBadInput : kFailed;
}

std::string_view level_name(os::LogLevel level) {
  switch (level) {
    case os::LogLevel::info:
      return "info";
    case os::LogLevel::warning:
      return "warning";
    case os::LogLevel::error:
      return "error";
  }
  return {};
}

os::PosixOptions system_options(const GlobalOptions& options, ProgressDisplay& line,
                                const std::atomic<bool>& interrupt) {
  os::PosixOptions system;
  system.interrupt = &interrupt;
  system.log_level = options.verbose ? os::LogLevel::info : os::LogLevel::warning;
  system.log = [&](os::LogLevel level, std::string_view message) {
    line.write_line(std::string(level_name(level)) + ": " + printable_lines(message));
  };
  if (line.is_on()) {
    system.progress = [&](const os::Progress& progress) { line.show(progress); };
  }
  return system;
}

/// What needs no lock of the process must also work where nothing can be written.
bool only_reads(const Command& command) {
  return is_dry_run(command) || std::holds_alternative<Restore>(command);
}

/// Whether it matters by which protocol moves and collections keep apart.
bool follows_protocol(const Command& command) {
  return !is_dry_run(command) &&
         (std::holds_alternative<Gc>(command) || std::holds_alternative<MoveGroup>(command) ||
          std::holds_alternative<MoveNamespace>(command));
}

std::unique_ptr<Output> make_output(const GlobalOptions& options, std::ostream& out) {
  return options.json ? make_json_output(out) : make_text_output(out, options.quiet);
}

/// One run of the tool on a store.
class Session {
 public:
  Session(const GlobalOptions& options, ToolStreams streams, const std::atomic<bool>& interrupt)
      : options_(options),
        line_(streams.err, options.quiet ? ProgressStyle::none : streams.progress),
        system_(system_options(options_, line_, interrupt)),
        process_(system_),
        output_(make_output(options, streams.out)) {}

  int run(const Action& action) {
    auto config = store_config(options_);
    if (!config) return fail_with(config.error());
    if (std::holds_alternative<CreateStore>(action)) return create(*config);
    const auto* command = std::get_if<Command>(&action);
    const bool reads = command == nullptr || only_reads(*command);
    const auto open = reads ? Datastore::open_read_only : Datastore::open;
    auto store = open(system_, process_, *std::move(config), *options_.protocol);
    if (!store) return fail_with(store.error());
    return command != nullptr ? carry_out(*store, *command) : look(*store, action);
  }

 private:
  int fail_with(const Error& error) {
    complain(error);
    output_->error(error);
    return exit_code(error.kind);
  }

  void complain(const Error& error) {
    line_.write_line("unswept-store: " + printable_lines(error.message));
  }

  int look(const Datastore& store, const Action& action) {
    if (const auto* list = std::get_if<ListStore>(&action)) {
      if (auto there = check_target(store, *list); !there) return fail_with(there.error());
      return show_list(store, *list);
    }
    if (const auto* info = std::get_if<ShowInfo>(&action)) return show_info(store, *info);
    if (const auto* check = std::get_if<CheckStore>(&action)) return show_check(store, *check);
    return show(pending_moves(store), &Output::journal);
  }

  int create(const StoreConfig& config) {
    if (auto created = Datastore::create(system_, config); !created) {
      return fail_with(created.error());
    }
    line_.clear();
    output_->created(config);
    return kDone;
  }

  int show_list(const Datastore& store, const ListStore& what) {
    switch (what.what) {
      case ListStore::What::namespaces:
        return show(summarize_namespaces(store, what), &Output::namespaces);
      case ListStore::What::groups:
        return show(summarize_groups(store, what), &Output::groups);
      case ListStore::What::snapshots:
        return show(list_store(store, codec_, what), &Output::listing);
      case ListStore::What::archives:
        return show(
            with_manifest(describe_snapshot(store, codec_, what.ns, {*what.group, *what.time})),
            &Output::archives);
    }
    return kFailed;
  }

  /// Archives are known from a manifest only.
  static Result<SnapshotDetails> with_manifest(Result<SnapshotDetails> details) {
    if (!details || details->summary.manifest) return details;
    const SnapshotSummary& summary = details->summary;
    if (!summary.problem.empty()) return fail(ErrorKind::invalid, summary.problem);
    return fail(ErrorKind::not_found, display_name(summary.ns, summary.snapshot) +
                                          " is unfinished: it has no manifest to list");
  }

  template <class T>
  int show(const Result<T>& found, void (Output::*how)(const T&)) {
    if (!found) return fail_with(found.error());
    line_.clear();
    ((*output_).*how)(*found);
    return kDone;
  }

  int show_info(const Datastore& store, const ShowInfo& what) {
    if (!what.group) return show(summarize_store(store), &Output::store);
    if (!what.time) return show(describe_group(store, what.ns, *what.group), &Output::group);
    return show(describe_snapshot(store, codec_, what.ns, {*what.group, *what.time}),
                &Output::snapshot);
  }

  int show_check(const Datastore& store, const CheckStore& what) {
    const auto report = check_store(store, codec_, {.read_chunks = what.read_chunks});
    if (!report) return fail_with(report.error());
    line_.clear();
    output_->check(*report);
    return report->good() ? kDone : kFailed;
  }

  int carry_out(const Datastore& store, const Command& command) {
    if (auto allowed = check_no_symlinks(store, command); !allowed) {
      return fail_with(allowed.error());
    }
    if (auto there = check_target(store, command); !there) return fail_with(there.error());
    warn_of_protocol(command);
    const bool has_output = writes_to_output(command);
    FileArchives archives(system_, codec_);
    CommandContext context{codec_, archives};
    context.caller = options_.caller;
    context.gc.tasks = &threads_;
    context.upid = make_task_id(task_type(command), store.config().name, system_.now().seconds,
                                options_.caller);
    context.has_output = has_output;
    const auto report = engine::carry_out(store, command, context);
    if (!has_output) return finish(command, report);
    // Whatever else there is to say must not end up in the data.
    if (report) return kDone;
    complain(report.error());
    return exit_code(report.error().kind);
  }

  int finish(const Command& command, const Result<CommandReport>& report) {
    if (!report) return fail_with(report.error());
    const auto error = shortfall(command, *report);
    line_.clear();
    if (error) complain(*error);
    output_->report(command, *report, error);
    return error ? exit_code(error->kind) : kDone;
  }

  void warn_of_protocol(const Command& command) {
    if (options_.protocol == &default_protocol() || !follows_protocol(command)) return;
    line_.write_line("warning: by --protocol " + std::string(options_.protocol->name()) +
                     " moves and collections do not hear of each other; if others use this store "
                     "meanwhile, a collection may remove chunks that are needed");
  }

  static bool writes_to_output(const Command& command) {
    const auto* restore = std::get_if<Restore>(&command);
    if (restore == nullptr || !restore->directory.empty()) return false;
    return restore->file.empty() || restore->file == kStandardStream;
  }

  static Result<> check_there(const Datastore& store, const Namespace& ns,
                              const std::optional<GroupId>& group) {
    if (!store.exists(ns))
      return fail(ErrorKind::not_found,
                  "namespace " + std::string(ns.display_name()) + " does not exist");
    if (group && !store.exists(ns, *group))
      return fail(ErrorKind::not_found, "there is no group " + display_name(ns, *group));
    return {};
  }

  static Result<> check_target(const Datastore& store, const ListStore& list) {
    return check_there(store, list.ns, list.group);
  }

  /// The operations pass over what is gone; who names something wants to hear that it is not there.
  static Result<> check_target(const Datastore& store, const Command& command) {
    if (const auto* remove = std::get_if<NamespaceRemove>(&command))
      return check_there(store, remove->ns, std::nullopt);
    if (const auto* prune = std::get_if<Prune>(&command))
      return check_there(store, prune->ns, prune->group);
    if (const auto* verify = std::get_if<Verify>(&command)) return check_target(store, *verify);
    return {};
  }

  static Result<> check_target(const Datastore& store, const Verify& verify) {
    const bool there = !verify.group ? store.exists(verify.ns)
                       : !verify.time
                           ? store.exists(verify.ns, *verify.group)
                           : store.exists(store.path(verify.ns, {*verify.group, *verify.time}));
    if (there) return {};
    return fail(ErrorKind::not_found, "there is nothing of that name to verify");
  }

  static std::string_view task_type(const Command& command) {
    if (std::holds_alternative<Gc>(command)) return "garbage_collection";
    if (std::holds_alternative<Verify>(command)) return "verify";
    return "unswept";
  }

  const GlobalOptions& options_;
  ProgressDisplay line_;
  os::PosixSystem system_;
  os::TaskThreads threads_;
  Process process_;
  BlobCodec codec_;
  std::unique_ptr<Output> output_;
};

bool wants_json(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--json") return true;
  }
  return false;
}

int reject(std::span<const std::string> words, ToolStreams streams, const CommandError& error) {
  streams.err << "unswept-store: " << printable_lines(error.text()) << '\n';
  if (wants_json(words)) {
    make_json_output(streams.out)->error({ErrorKind::bad_input, {}, error.text()});
  }
  return kBadInput;
}

int run(std::span<const std::string> words, ToolStreams streams,
        const std::atomic<bool>& interrupt) {
  const auto invocation = parse_invocation(words);
  if (!invocation) return reject(words, streams, invocation.error());
  const GlobalOptions& global = invocation->global;
  if (const auto* help = std::get_if<ShowHelp>(&invocation->action)) {
    make_output(global, streams.out)->help(help->command);
    return kDone;
  }
  if (std::holds_alternative<ShowVersion>(invocation->action)) {
    make_output(global, streams.out)->version(UNSWEPT_VERSION);
    return kDone;
  }
  return Session(global, streams, interrupt).run(invocation->action);
}

/// What a full disk or a closed file swallows is told only when it is flushed.
bool flush(ToolStreams streams) {
  errno = 0;
  streams.out.flush();
  if (streams.out) return true;
  const std::string reason = errno == 0 ? "it failed" : std::generic_category().message(errno);
  streams.err << "unswept-store: cannot write to the standard output: " << reason
              << "; what it was to show is not complete\n";
  return false;
}

}  // namespace

int run_tool(std::span<const std::string> words, ToolStreams streams,
             const std::atomic<bool>& interrupt) {
  const int code = run(words, streams, interrupt);
  return flush(streams) || code != kDone ? code : kFailed;
}

}  // namespace unswept::engine
