#include "engine/cli/tool.h"

#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "engine/cli/file_archives.h"
#include "engine/cli/help.h"
#include "engine/cli/invocation.h"
#include "engine/cli/output.h"
#include "engine/cli/store_config.h"
#include "engine/cli/task_id.h"
#include "engine/ops/restore.h"
#include "engine/os/posix/posix_system.h"
#include "engine/store/atomic_file.h"

namespace unswept::engine {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kBadInput = 2;

constexpr std::string_view kVersion = "unswept-store 0.1.0\n";
constexpr os::Fd kStandardOutput{1};

/// One line that is written over, not too often.
class ProgressLine {
 public:
  explicit ProgressLine(std::ostream& err) : err_(err) {}
  ~ProgressLine() { clear(); }

  void show(const os::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    std::string line = fmt::format("{} {}", progress.phase, progress.done);
    if (progress.total > 0) line += fmt::format(" of {}", progress.total);
    err_ << fmt::format("\r{:<60}", line) << std::flush;
    visible_ = true;
  }

  void clear() {
    if (std::exchange(visible_, false)) err_ << fmt::format("\r{:<60}\r", "") << std::flush;
  }

 private:
  std::ostream& err_;
  std::chrono::steady_clock::time_point shown_;
  bool visible_ = false;
};

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

os::PosixOptions system_options(const GlobalOptions& options, const ToolStreams& streams,
                                ProgressLine& line, const std::atomic<bool>& interrupt) {
  os::PosixOptions system;
  system.interrupt = &interrupt;
  system.log_level = options.verbose ? os::LogLevel::info : os::LogLevel::warning;
  system.log = [&](os::LogLevel level, std::string_view message) {
    line.clear();
    streams.err << level_name(level) << ": " << message << '\n';
  };
  if (streams.show_progress && !options.quiet) {
    system.progress = [&](const os::Progress& progress) { line.show(progress); };
  }
  return system;
}

/// One run of the tool on a store.
class Session {
 public:
  Session(const GlobalOptions& options, ToolStreams streams, const std::atomic<bool>& interrupt)
      : options_(options),
        streams_(streams),
        line_(streams.err),
        system_(system_options(options_, streams_, line_, interrupt)),
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
    line_.clear();
    streams_.err << "unswept-store: " << error.message << '\n';
    output_->error(error);
    return code;
  }

  int look(const Datastore& store, const Action& action) {
    if (const auto* list = std::get_if<ListStore>(&action)) return show_list(store, *list);
    if (const auto* info = std::get_if<ShowInfo>(&action)) return show_info(store, *info);
    if (const auto* check = std::get_if<CheckStore>(&action)) return show_check(store, *check);
    return show_journal(store);
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
    const auto snapshots = list_store(store, codec_, what);
    if (!snapshots) return fail_with(snapshots.error(), kFailed);
    output_->listing(*snapshots);
    return kDone;
  }

  int show_info(const Datastore& store, const ShowInfo& what) {
    if (what.snapshot) {
      const auto details = describe_snapshot(store, codec_, what.ns, *what.snapshot);
      if (!details) return fail_with(details.error(), kFailed);
      output_->snapshot(*details);
      return kDone;
    }
    const auto summary = summarize_store(store);
    if (!summary) return fail_with(summary.error(), kFailed);
    output_->store(*summary);
    return kDone;
  }

  int show_check(const Datastore& store, const CheckStore& what) {
    const auto report = check_store(store, codec_, {.read_chunks = what.read_chunks});
    if (!report) return fail_with(report.error(), kFailed);
    line_.clear();
    output_->check(*report);
    return report->good() ? kDone : kFailed;
  }

  int show_journal(const Datastore& store) {
    const auto moves = pending_moves(store);
    if (!moves) return fail_with(moves.error(), kFailed);
    output_->journal(*moves);
    return kDone;
  }

  int carry_out(const Datastore& store, const Command& command) {
    const auto* restore = std::get_if<Restore>(&command);
    if (restore != nullptr && restore->file.empty()) return restore_to_output(store, *restore);
    if (const auto* verify = std::get_if<Verify>(&command)) {
      if (auto there = check_target(store, *verify); !there) {
        return fail_with(there.error(), kFailed);
      }
    }
    FileArchives archives(system_, codec_);
    CommandContext context{codec_, archives};
    context.caller = options_.caller;
    context.upid = make_task_id(task_type(command), store.config().name, system_.now().seconds,
                                options_.caller);
    const auto report = run_command(store, command, context);
    if (!report) return fail_with(report.error(), kFailed);
    line_.clear();
    output_->report(command, *report);
    return kDone;
  }

  /// The operation passes over what is gone; who names something wants to hear that it is not
  /// there.
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

  int restore_to_output(const Datastore& store, const Restore& restore) {
    auto reader = SnapshotReader::open(store, codec_, restore.ns, restore.snapshot);
    if (!reader) return fail_with(reader.error(), kFailed);
    const auto restored = reader->restore(restore.archive, [&](ByteView data) -> Result<> {
      if (auto done = write_all(system_, kStandardOutput, data); !done) {
        return os_failure(done.error(), "write", "the standard output");
      }
      return {};
    });
    if (!restored) {
      line_.clear();
      streams_.err << "unswept-store: " << restored.error().message << '\n';
      return kFailed;  // without JSON, which would end up in the data
    }
    return kDone;
  }

  const GlobalOptions& options_;
  ToolStreams streams_;
  ProgressLine line_;
  os::PosixSystem system_;
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
