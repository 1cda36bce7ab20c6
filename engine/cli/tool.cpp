#include "engine/cli/tool.h"

#include <fmt/format.h>
#include <utility>

#include "engine/cli/file_archives.h"
#include "engine/cli/help.h"
#include "engine/cli/invocation.h"
#include "engine/cli/output.h"
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

constexpr std::string_view kVersion = "unswept-store " UNSWEPT_VERSION "\n";

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
    line.write_line(std::string(level_name(level)) + ": " + std::string(message));
  };
  if (line.is_on()) {
    system.progress = [&](const os::Progress& progress) { line.show(progress); };
  }
  return system;
}

/// One run of the tool on a store.
class Session {
 public:
  Session(const GlobalOptions& options, ToolStreams streams, const std::atomic<bool>& interrupt)
      : options_(options),
        line_(streams.err, options.quiet ? ProgressStyle::none : streams.progress),
        system_(system_options(options_, line_, interrupt)),
        process_(system_),
        output_(options.json ? make_json_output(streams.out)
                             : make_text_output(streams.out, options.quiet)) {}

  int run(const Action& action) {
    auto config = store_config(options_);
    if (!config) return fail_with(config.error(), kBadInput);
    if (std::holds_alternative<CreateStore>(action)) return create(*config);
    const auto* command = std::get_if<Command>(&action);
    const auto open = command != nullptr ? Datastore::open : Datastore::open_read_only;
    auto store = open(system_, process_, *std::move(config), *options_.protocol);
    if (!store) return fail_with(store.error(), kBadInput);
    return command != nullptr ? carry_out(*store, *command) : look(*store, action);
  }

 private:
  int fail_with(const Error& error, int code) {
    complain(error);
    output_->error(error);
    return error.kind == ErrorKind::aborted ? kInterrupted : code;
  }

  void complain(const Error& error) { line_.write_line("unswept-store: " + error.message); }

  int look(const Datastore& store, const Action& action) {
    if (const auto* list = std::get_if<ListStore>(&action)) {
      if (auto there = check_target(store, *list); !there) return fail_with(there.error(), kFailed);
      return show_list(store, *list);
    }
    if (const auto* info = std::get_if<ShowInfo>(&action)) return show_info(store, *info);
    if (const auto* check = std::get_if<CheckStore>(&action)) return show_check(store, *check);
    return show(pending_moves(store), &Output::journal);
  }

  int create(const StoreConfig& config) {
    if (auto created = Datastore::create(system_, config); !created) {
      return fail_with(created.error(), kFailed);
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
        return show(describe_snapshot(store, codec_, what.ns, {*what.group, *what.time}),
                    &Output::archives);
    }
    return kFailed;
  }

  template <class T>
  int show(const Result<T>& found, void (Output::*how)(const T&)) {
    if (!found) return fail_with(found.error(), kFailed);
    line_.clear();
    ((*output_).*how)(*found);
    return kDone;
  }

  int show_info(const Datastore& store, const ShowInfo& what) {
    if (!what.snapshot) return show(summarize_store(store), &Output::store);
    return show(describe_snapshot(store, codec_, what.ns, *what.snapshot), &Output::snapshot);
  }

  int show_check(const Datastore& store, const CheckStore& what) {
    const auto report = check_store(store, codec_, {.read_chunks = what.read_chunks});
    if (!report) return fail_with(report.error(), kFailed);
    line_.clear();
    output_->check(*report);
    return report->good() ? kDone : kFailed;
  }

  int carry_out(const Datastore& store, const Command& command) {
    if (auto allowed = check_no_symlinks(store, command); !allowed) {
      return fail_with(allowed.error(), kFailed);
    }
    if (auto there = check_target(store, command); !there) {
      return fail_with(there.error(), kFailed);
    }
    const bool has_output = writes_to_output(command);
    FileArchives archives(system_, codec_);
    CommandContext context{codec_, archives};
    context.caller = options_.caller;
    context.gc.tasks = &threads_;
    context.upid = make_task_id(task_type(command), store.config().name, system_.now().seconds,
                                options_.caller);
    context.has_output = has_output;
    const auto report = run_command(store, command, context);
    if (!has_output) return finish(command, report);
    // Whatever else there is to say must not end up in the data.
    if (report) return kDone;
    complain(report.error());
    return report.error().kind == ErrorKind::aborted ? kInterrupted : kFailed;
  }

  int finish(const Command& command, const Result<CommandReport>& report) {
    if (!report) return fail_with(report.error(), kFailed);
    line_.clear();
    output_->report(command, *report);
    return kDone;
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
  streams.err << "unswept-store: " << error.text() << '\n';
  if (wants_json(words)) {
    make_json_output(streams.out)->error({ErrorKind::invalid, {}, error.text()});
  }
  return kBadInput;
}

}  // namespace

int run_tool(std::span<const std::string> words, ToolStreams streams,
             const std::atomic<bool>& interrupt) {
  const auto invocation = parse_invocation(words);
  if (!invocation) return reject(words, streams, invocation.error());
  if (const auto* help = std::get_if<ShowHelp>(&invocation->action)) {
    streams.out << help_text(help->command);
    return kDone;
  }
  if (std::holds_alternative<ShowVersion>(invocation->action)) {
    streams.out << kVersion;
    return kDone;
  }
  return Session(invocation->global, streams, interrupt).run(invocation->action);
}

}  // namespace unswept::engine
