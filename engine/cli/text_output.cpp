#include <array>
#include <fmt/format.h>

#include "engine/cli/output.h"

namespace unswept::engine {
namespace {

/// "4.0 MiB"
std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  constexpr double kStep = 1024;
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / kStep;
  std::size_t unit = 0;
  while (amount >= kStep && unit + 1 < kUnits.size()) {
    amount /= kStep;
    ++unit;
  }
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string counted(std::uint64_t count, std::string_view noun, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? noun : plural);
}

std::string chunks_text(std::uint64_t count, std::uint64_t bytes) {
  return fmt::format("{} ({})", counted(count, "chunk"), size_text(bytes));
}

std::string gc_text(const GcStatus& status) {
  const double factor = status.disk_bytes == 0 ? 1
                                               : static_cast<double>(status.index_data_bytes) /
                                                     static_cast<double>(status.disk_bytes);
  std::string text = fmt::format("marked what {} over {} refer to\n",
                                 counted(status.index_file_count, "index file"),
                                 size_text(status.index_data_bytes));
  text += fmt::format("removed {}\n", chunks_text(status.removed_chunks, status.removed_bytes));
  text += fmt::format("kept {}, deduplication factor {:.2f}\n",
                      chunks_text(status.disk_chunks, status.disk_bytes), factor);
  if (status.pending_chunks > 0) {
    text += fmt::format("pending {}: a backup is running\n",
                        chunks_text(status.pending_chunks, status.pending_bytes));
  }
  if (status.removed_bad + status.still_bad > 0) {
    text += fmt::format("damaged: {} removed, {} kept\n", counted(status.removed_bad, "chunk"),
                        status.still_bad);
  }
  return text;
}

std::string flags_text(const SnapshotSummary& snapshot) {
  std::string text;
  const auto add = [&](std::string_view flag) {
    if (!text.empty()) text += ", ";
    text += flag;
  };
  if (!snapshot.finished) add("unfinished");
  if (snapshot.is_protected) add("protected");
  if (!snapshot.problem.empty()) add("damaged manifest");
  if (!snapshot.manifest) return text;
  if (const auto verified = snapshot.manifest->verify_result()) {
    add(verified->state == VerifyState::ok ? "verified" : "verify failed");
  }
  return text;
}

std::string_view crypt_text(CryptMode mode) {
  if (mode == CryptMode::encrypt) return ", encrypted";
  return mode == CryptMode::sign_only ? ", signed" : "";
}

/// The lines that tell what a command did.
struct ReportText {
  const Command& command;

  std::string operator()(std::monostate) const {
    return fmt::format("{}: done\n", command_name(command));
  }
  std::string operator()(const GcResult& result) const {
    std::string text = gc_text(result.status);
    if (result.missing_chunks > 0) {
      text += fmt::format("{} to chunks that are not there\n",
                          counted(result.missing_chunks, "reference"));
    }
    return text;
  }
  std::string operator()(const MoveGroupResult& result) const {
    return fmt::format("moved {}{}\n", counted(result.snapshots_moved, "snapshot"),
                       result.merged ? " into the group that was there" : "");
  }
  std::string operator()(const MoveNamespaceResult& result) const {
    std::string text =
        fmt::format("moved {} with {}, removed {}\n", counted(result.groups_moved, "group"),
                    counted(result.snapshots_moved, "snapshot"),
                    counted(result.namespaces_removed, "namespace"));
    for (const std::string& warning : result.warnings) text += "warning: " + warning + '\n';
    return text;
  }
  std::string operator()(const BackupResult& result) const {
    return fmt::format("{}: {}, {} uploaded ({} of them there already), {} reused\n",
                       display_name(result.ns, result.snapshot),
                       counted(result.files.size(), "file"), counted(result.uploads.count, "chunk"),
                       result.uploads.duplicates, result.chunks_reused);
  }
  std::string operator()(const GroupRemoval& result) const {
    return fmt::format("removed {}\n", counted(result.snapshots_removed, "snapshot"));
  }
  std::string operator()(const PruneReport& result) const {
    std::string text;
    for (const PrunedSnapshot& pruned : result.snapshots) {
      text += fmt::format("{:<14} {}\n", prune_mark_name(pruned.mark),
                          display_name(pruned.ns, pruned.snapshot));
      if (!pruned.failure.empty()) text += "  not removed: " + pruned.failure + '\n';
    }
    return text + fmt::format("removed {}\n", counted(result.removed, "snapshot"));
  }
  std::string operator()(const VerifyReport& result) const {
    std::size_t skipped = 0;
    for (const VerifiedSnapshot& snapshot : result.snapshots) skipped += snapshot.skipped;
    std::string text =
        fmt::format("{} verified, {}\n", counted(result.snapshots.size() - skipped, "snapshot"),
                    chunks_text(result.chunks_read, result.bytes_read));
    if (skipped > 0) text += fmt::format("{} skipped: gone, or in use\n", skipped);
    return text;
  }
  std::string operator()(const NamespaceRemoval& result) const {
    return fmt::format("removed {}, {}, {}\n", counted(result.namespaces_removed, "namespace"),
                       counted(result.groups_removed, "group"),
                       counted(result.snapshots_removed, "snapshot"));
  }
  std::string operator()(const RestoreResult& result) const {
    return fmt::format("restored {}\n", counted(result.bytes, "byte"));
  }
};

std::string check_summary(const CheckReport& report) {
  const std::uint64_t left_out = report.errors + report.remarks - report.findings.size();
  std::string text;
  if (left_out > 0) text += fmt::format("... and {} more\n", left_out);
  text += fmt::format("checked {}, {}, {} ({} unfinished), {}, {}\n",
                      counted(report.namespaces, "namespace"), counted(report.groups, "group"),
                      counted(report.snapshots, "snapshot"), report.unfinished,
                      counted(report.indexes, "index", "indexes"), counted(report.blobs, "blob"));
  text += fmt::format("{}, {} referred to by no index, {} missing\n",
                      chunks_text(report.chunks, report.chunk_bytes),
                      chunks_text(report.orphans, report.orphan_bytes), report.missing_chunks);
  if (report.chunks_read > 0)
    text += fmt::format("read {}\n", chunks_text(report.chunks_read, report.bytes_read));
  return text + fmt::format("{}, {}\n", counted(report.errors, "error"),
                            counted(report.remarks, "remark"));
}

class TextOutput final : public Output {
 public:
  TextOutput(std::ostream& out, bool quiet) : out_(out), quiet_(quiet) {}

  void created(const StoreConfig& config) override {
    if (!quiet_) out_ << fmt::format("created an empty datastore in {}\n", config.base);
  }

  void report(const Command& command, const CommandReport& report) override {
    if (!quiet_) out_ << std::visit(ReportText{command}, report);
  }

  void listing(const std::vector<SnapshotSummary>& snapshots) override {
    for (const SnapshotSummary& snapshot : snapshots) {
      const std::size_t files = snapshot.manifest ? snapshot.manifest->files.size() : 0;
      std::string line =
          fmt::format("{:<44} {:>10}  {:<8} {}", display_name(snapshot.ns, snapshot.snapshot),
                      size_text(snapshot.size()), counted(files, "file"), flags_text(snapshot));
      line.resize(line.find_last_not_of(' ') + 1);
      out_ << line << '\n';
    }
  }

  void store(const StoreSummary& summary) override {
    out_ << fmt::format("store       {} ({})\n", summary.config.base, summary.config.name);
    out_ << fmt::format("locks       {}/{}\n", summary.config.lock_dir, summary.config.name);
    out_ << fmt::format("protocol    {}\n", summary.protocol);
    out_ << fmt::format("content     {}, {}, {}\n", counted(summary.namespaces, "namespace"),
                        counted(summary.groups, "group"), counted(summary.snapshots, "snapshot"));
    if (summary.last_gc) {
      out_ << "last garbage collection:\n" << gc_text(*summary.last_gc);
    } else {
      out_ << "never garbage collected\n";
    }
  }

  void snapshot(const SnapshotDetails& details) override {
    const SnapshotSummary& summary = details.summary;
    out_ << fmt::format("snapshot    {}\n", display_name(summary.ns, summary.snapshot));
    if (!details.owner.empty()) out_ << fmt::format("owner       {}\n", details.owner);
    if (const auto flags = flags_text(summary); !flags.empty()) {
      out_ << fmt::format("state       {}\n", flags);
    }
    if (!summary.problem.empty()) out_ << summary.problem << '\n';
    if (!summary.manifest) return;
    for (const ManifestFile& file : summary.manifest->files) {
      out_ << fmt::format("file        {} ({}{})\n", file.filename, size_text(file.size),
                          crypt_text(file.crypt_mode));
    }
    if (const auto notes = summary.manifest->notes()) {
      out_ << fmt::format("notes       {}\n", *notes);
    }
  }

  void check(const CheckReport& report) override {
    for (const Finding& finding : report.findings) {
      if (quiet_ && finding.severity != Severity::error) continue;
      out_ << fmt::format("{:<7} {:<17} {}: {}\n", severity_name(finding.severity),
                          finding_name(finding.kind), finding.path, finding.message);
    }
    if (!quiet_) out_ << check_summary(report);
  }

  void journal(const std::vector<PendingMove>& moves) override {
    for (const PendingMove& move : moves) {
      const std::string_view there = move.exists ? "there" : "not there";
      out_ << fmt::format("{}  ({})\n", move.path, move.problem.empty() ? there : move.problem);
    }
    if (!quiet_) out_ << fmt::format("{} pending\n", counted(moves.size(), "record"));
  }

  void error(const Error&) override {}

 private:
  std::ostream& out_;
  bool quiet_;
};

}  // namespace

std::unique_ptr<Output> make_text_output(std::ostream& out, bool quiet) {
  return std::make_unique<TextOutput>(out, quiet);
}

}  // namespace unswept::engine
