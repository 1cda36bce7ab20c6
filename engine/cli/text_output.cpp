#include <fmt/format.h>

#include "engine/cli/amounts.h"
#include "engine/cli/help.h"
#include "engine/cli/output.h"
#include "engine/cli/printable.h"

namespace unswept::engine {
namespace {

std::string chunks_text(std::uint64_t count, std::uint64_t bytes) {
  return fmt::format("{} ({})", counted(count, "chunk"), size_text(bytes));
}

enum class Tense : bool { past, conditional };

std::string gc_text(const GcStatus& status, Tense tense = Tense::past) {
  const bool done = tense == Tense::past;
  const double factor = status.disk_bytes == 0 ? 1
                                               : static_cast<double>(status.index_data_bytes) /
                                                     static_cast<double>(status.disk_bytes);
  std::string text = fmt::format("{} what {} over {} refer to\n", done ? "marked" : "would mark",
                                 counted(status.index_file_count, "index file"),
                                 size_text(status.index_data_bytes));
  text += fmt::format("{} {}\n", done ? "removed" : "would remove",
                      chunks_text(status.removed_chunks, status.removed_bytes));
  text += fmt::format("{} {}, deduplication factor {:.2f}\n", done ? "kept" : "would keep",
                      chunks_text(status.disk_chunks, status.disk_bytes), factor);
  if (status.pending_chunks > 0) {
    text += fmt::format("pending {}: not referred to, and too young to go\n",
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

std::string first_line(std::string_view text) { return printable(text.substr(0, text.find('\n'))); }

/// Why a prune keeps or removes a snapshot.
std::string_view prune_reason(PruneMark mark) {
  switch (mark) {
    case PruneMark::remove:
      return "no rule keeps it";
    case PruneMark::keep_all:
      return "no rule was given";
    case PruneMark::keep_partial:
      return "unfinished, and the newest of its group";
    case PruneMark::keep_protected:
      return "protected";
    default:
      return prune_mark_name(mark);
  }
}

/// The lines that tell what a command did.
struct ReportText {
  const Command& command;

  std::string operator()(std::monostate) const {
    return fmt::format("{}: done\n", command_name(command));
  }
  std::string operator()(const GcResult& result) const {
    std::string text = gc_text(result.status, result.predicted ? Tense::conditional : Tense::past);
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
        fmt::format("moved {} with {}, removed {}\n", counted(result.moved.size(), "group"),
                    counted(result.snapshots_moved, "snapshot"),
                    counted(result.namespaces_removed, "namespace"));
    for (const std::string& warning : result.warnings) {
      text += "warning: " + printable(warning) + '\n';
    }
    return text;
  }
  std::string operator()(const BackupResult& result) const {
    return fmt::format("{}: {}, {} uploaded ({} of them there already), {} reused\n",
                       display_name(result.ns, result.snapshot),
                       counted(result.files.size(), "file"), counted(result.uploads.count, "chunk"),
                       result.uploads.duplicates, result.chunks_reused);
  }
  std::string operator()(const BackupEstimate& result) const {
    return fmt::format("{} would have {} of {} in {}, and upload {}\n",
                       display_name(result.ns, result.snapshot), counted(result.archives, "file"),
                       size_text(result.bytes), counted(result.chunks, "chunk"),
                       chunks_text(result.new_chunks, result.new_bytes));
  }
  std::string operator()(const GroupRemoval& result) const {
    return fmt::format("removed {}\n", counted(result.snapshots_removed, "snapshot"));
  }
  std::string operator()(const PruneReport& result) const {
    const auto& prune = std::get<Prune>(command);
    std::string text;
    std::size_t to_remove = 0;
    for (const PrunedSnapshot& pruned : result.snapshots) {
      const bool kept = is_kept(pruned.mark);
      to_remove += !kept;
      text += fmt::format("{:<6}  {:<44}  {}\n", kept ? "keep" : "remove",
                          display_name(pruned.ns, pruned.snapshot), prune_reason(pruned.mark));
      if (!pruned.failure.empty()) text += "  not removed: " + printable(pruned.failure) + '\n';
    }
    return text + (prune.dry_run
                       ? fmt::format("would remove {} of {}\n", to_remove,
                                     counted(result.snapshots.size(), "snapshot"))
                       : fmt::format("removed {}\n", counted(result.removed, "snapshot")));
  }
  std::string operator()(const VerifyReport& result) const {
    std::size_t skipped = 0;
    std::size_t before = 0;
    for (const VerifiedSnapshot& snapshot : result.snapshots) {
      skipped += snapshot.skipped;
      before += snapshot.verified_before;
    }
    std::string text = fmt::format(
        "{} verified{}, {}\n", counted(result.snapshots.size() - skipped - before, "snapshot"),
        result.failed() > 0 ? fmt::format(", {} of them damaged", result.failed()) : "",
        chunks_text(result.chunks_read, result.bytes_read));
    if (before > 0) text += fmt::format("{} passed over: verified before\n", before);
    if (skipped > 0) text += fmt::format("{} skipped: gone, or in use\n", skipped);
    return text;
  }
  std::string operator()(const NamespaceRemoval& result) const {
    return fmt::format("removed {}, {}, {}\n", counted(result.namespaces_removed, "namespace"),
                       counted(result.groups_removed, "group"),
                       counted(result.snapshots_removed, "snapshot"));
  }
  std::string operator()(const RestoreResult& result) const {
    std::string text;
    for (const RestoredArchive& archive : result.archives) {
      text += fmt::format("{}: {}\n", printable(archive.file), counted(archive.bytes, "byte"));
    }
    return text + fmt::format("restored {}, {}\n", counted(result.archives.size(), "archive"),
                              size_text(result.bytes()));
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
    if (!quiet_) out_ << fmt::format("created an empty datastore in {}\n", printable(config.base));
  }

  void report(const Command& command, const CommandReport& report,
              const std::optional<Error>&) override {
    if (!quiet_ || is_dry_run(command)) out_ << std::visit(ReportText{command}, report);
  }

  void namespaces(const std::vector<NamespaceSummary>& namespaces) override {
    for (const NamespaceSummary& each : namespaces) {
      out_ << fmt::format("{:<32} {}\n", each.ns.display_name(), counted(each.groups, "group"));
    }
  }

  void groups(const std::vector<GroupSummary>& groups) override {
    for (const GroupSummary& each : groups) {
      out_ << fmt::format("{:<32} {:>14}  {:<20}  {}{}\n", display_name(each.ns, each.group),
                          counted(each.snapshots, "snapshot"),
                          each.newest ? each.newest->text() : "-",
                          each.owner.empty() ? "no owner" : each.owner,
                          each.notes ? "  " + first_line(*each.notes) : "");
    }
  }

  void archives(const SnapshotDetails& details) override {
    if (!details.summary.manifest) return;
    for (const ManifestFile& file : details.summary.manifest->files) {
      out_ << fmt::format("{:<32} {:>10}  {}{}\n", printable(file.filename), size_text(file.size),
                          file.csum.hex(), crypt_text(file.crypt_mode));
    }
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
    out_ << fmt::format("store       {} ({})\n", printable(summary.config.base),
                        summary.config.name);
    out_ << fmt::format("locks       {}/{}\n", printable(summary.config.lock_dir),
                        summary.config.name);
    out_ << fmt::format("protocol    {}\n", summary.protocol);
    out_ << fmt::format("content     {}, {}, {}\n", counted(summary.namespaces, "namespace"),
                        counted(summary.groups, "group"), counted(summary.snapshots, "snapshot"));
    if (summary.last_gc) {
      out_ << "last garbage collection:\n" << gc_text(*summary.last_gc);
    } else {
      out_ << "never garbage collected\n";
    }
  }

  void group(const GroupSummary& group) override {
    out_ << fmt::format("group       {}\n", display_name(group.ns, group.group));
    out_ << fmt::format("owner       {}\n", group.owner.empty() ? "not known" : group.owner);
    out_ << fmt::format("snapshots   {}\n", group.snapshots);
    if (group.newest) out_ << fmt::format("newest      {}\n", group.newest->text());
    if (group.notes) out_ << fmt::format("notes       {}\n", printable_lines(*group.notes));
  }

  void snapshot(const SnapshotDetails& details) override {
    const SnapshotSummary& summary = details.summary;
    out_ << fmt::format("snapshot    {}\n", display_name(summary.ns, summary.snapshot));
    if (!details.owner.empty()) out_ << fmt::format("owner       {}\n", details.owner);
    if (const auto flags = flags_text(summary); !flags.empty()) {
      out_ << fmt::format("state       {}\n", flags);
    }
    if (!summary.problem.empty()) out_ << printable(summary.problem) << '\n';
    if (!summary.manifest) return;
    for (const ManifestFile& file : summary.manifest->files) {
      out_ << fmt::format("file        {} ({}{})\n", printable(file.filename), size_text(file.size),
                          crypt_text(file.crypt_mode));
    }
    if (const auto notes = summary.manifest->notes()) {
      out_ << fmt::format("notes       {}\n", printable_lines(*notes));
    }
  }

  void check(const CheckReport& report) override {
    for (const Finding& finding : report.findings) {
      if (quiet_ && finding.severity != Severity::error) continue;
      out_ << fmt::format("{:<7} {:<17} {}: {}\n", severity_name(finding.severity),
                          finding_name(finding.kind), printable(finding.path),
                          printable(finding.message));
    }
    if (!quiet_) out_ << check_summary(report);
  }

  void journal(const std::vector<PendingMove>& moves) override {
    for (const PendingMove& move : moves) {
      const std::string_view there = move.exists ? "there" : "not there";
      out_ << fmt::format("{}  ({})\n", printable(move.path),
                          move.problem.empty() ? std::string(there) : printable(move.problem));
    }
    if (!quiet_) out_ << fmt::format("{} pending\n", counted(moves.size(), "record"));
  }

  void help(std::string_view command) override { out_ << help_text(command); }
  void version(std::string_view version) override { out_ << "unswept-store " << version << '\n'; }
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
