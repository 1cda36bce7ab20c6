#include <nlohmann/json.hpp>
#include <span>

#include "engine/cli/help.h"
#include "engine/cli/invocation.h"
#include "engine/cli/output.h"

namespace unswept::engine {
namespace {

using Json = nlohmann::ordered_json;

std::string_view kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "not-found";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::lock_conflict:
      return "lock-conflict";
    case ErrorKind::bad_input:
      return "bad-input";
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::io:
      return "io";
    case ErrorKind::aborted:
      return "aborted";
  }
  return {};
}

Json place(const Namespace& ns, const SnapshotId& snapshot) {
  return {{"namespace", ns.text()}, {"snapshot", snapshot.path()}};
}

Json to_json(const SnapshotSummary& summary) {
  Json json = place(summary.ns, summary.snapshot);
  json["finished"] = summary.finished;
  json["protected"] = summary.is_protected;
  json["size"] = summary.size();
  if (summary.manifest) json["manifest"] = Json::parse(summary.manifest->print());
  if (!summary.problem.empty()) json["problem"] = summary.problem;
  return json;
}

Json to_json(const PrunedSnapshot& pruned) {
  Json json = place(pruned.ns, pruned.snapshot);
  json["mark"] = prune_mark_name(pruned.mark);
  if (!pruned.failure.empty()) json["failure"] = pruned.failure;
  return json;
}

Json to_json(const VerifiedSnapshot& verified) {
  Json json = place(verified.ns, verified.snapshot);
  json["skipped"] = verified.skipped;
  json["verified-before"] = verified.verified_before;
  json["problems"] = verified.problems;
  return json;
}

Json to_json(const Finding& finding) {
  return {{"severity", severity_name(finding.severity)},
          {"kind", finding_name(finding.kind)},
          {"path", finding.path},
          {"message", finding.message}};
}

Json to_json(const PendingMove& move) {
  Json json{{"path", move.path}, {"exists", move.exists}};
  if (!move.problem.empty()) json["problem"] = move.problem;
  return json;
}

Json to_json(const NamespaceSummary& summary) {
  return {{"namespace", summary.ns.text()}, {"groups", summary.groups}};
}

Json to_json(const GroupSummary& summary) {
  Json json{{"namespace", summary.ns.text()},
            {"group", summary.group.path()},
            {"owner", summary.owner},
            {"snapshots", summary.snapshots}};
  if (summary.newest) json["newest"] = summary.newest->text();
  if (summary.notes) json["notes"] = *summary.notes;
  return json;
}

Json to_json(const Error& error) {
  return {{"kind", kind_name(error.kind)}, {"message", error.message}};
}

/// Without the lines that list what the keys of a report list too.
Json headline(const Error& error) {
  return {{"kind", kind_name(error.kind)},
          {"message", error.message.substr(0, error.message.find('\n'))}};
}

Json to_json(const MovedGroup& moved) {
  return {{"namespace", moved.ns.text()},
          {"group", moved.group.path()},
          {"snapshots", moved.snapshots},
          {"merged", moved.merged}};
}

Json to_json(const FailedGroup& failed) {
  return {{"namespace", failed.ns.text()},
          {"group", failed.group.path()},
          {"error", to_json(failed.error)}};
}

Json to_json(const OptionHelp& option) {
  Json json{{"name", option.name}, {"about", option.about}, {"required", option.required}};
  if (!option.value.empty()) json["value"] = option.value;
  return json;
}

Json to_json(const RestoredArchive& restored) {
  return {{"archive", restored.archive}, {"file", restored.file}, {"bytes", restored.bytes}};
}

Json to_json(const CommandHelp& command);

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(to_json(item));
  return list;
}

template <class T>
Json list_of(std::span<const T> items) {
  return list_of(std::vector<T>(items.begin(), items.end()));
}

Json to_json(const CommandHelp& command) {
  Json examples = Json::array();
  for (const CommandExample& example : command.examples) examples.push_back(example_line(example));
  return {{"name", command.name},
          {"usage", usage(command)},
          {"about", command.about},
          {"options", list_of(command.options)},
          {"examples", examples}};
}

Json to_json(const CheckReport& report) {
  return {{"good", report.good()},
          {"errors", report.errors},
          {"remarks", report.remarks},
          {"findings", list_of(report.findings)},
          {"namespaces", report.namespaces},
          {"groups", report.groups},
          {"snapshots", report.snapshots},
          {"unfinished-snapshots", report.unfinished},
          {"indexes", report.indexes},
          {"blobs", report.blobs},
          {"references", report.references},
          {"lock-files", report.lock_files},
          {"pending-moves", report.pending_moves},
          {"chunks", report.chunks},
          {"chunk-bytes", report.chunk_bytes},
          {"orphan-chunks", report.orphans},
          {"orphan-bytes", report.orphan_bytes},
          {"missing-chunks", report.missing_chunks},
          {"chunks-read", report.chunks_read},
          {"bytes-read", report.bytes_read}};
}

/// The groups that stayed, and why.
Json left_by(const MoveNamespaceResult& result) {
  Json left = list_of(result.failed);
  for (const FailedGroup& locked : result.still_locked) left.push_back(to_json(locked));
  return left;
}

/// The keys that tell what a command did.
struct ReportJson {
  Json operator()(std::monostate) const { return Json::object(); }
  Json operator()(const GcResult& result) const {
    return {{"status", Json::parse(result.status.print())},
            {"min-access-time", result.min_access_time},
            {"missing-chunks", result.missing_chunks},
            {"dry-run", result.predicted}};
  }
  Json operator()(const MoveGroupResult& result) const {
    return {{"snapshots-moved", result.snapshots_moved}, {"merged", result.merged}};
  }
  Json operator()(const MoveNamespaceResult& result) const {
    return {{"groups-moved", result.moved.size()},
            {"snapshots-moved", result.snapshots_moved},
            {"namespaces-removed", result.namespaces_removed},
            {"moved", list_of(result.moved)},
            {"left", left_by(result)},
            {"warnings", result.warnings}};
  }
  Json operator()(const BackupResult& result) const {
    Json json = place(result.ns, result.snapshot);
    json["files"] = result.files.size();
    json["chunks-uploaded"] = result.uploads.count;
    json["chunks-duplicate"] = result.uploads.duplicates;
    json["chunks-reused"] = result.chunks_reused;
    json["bytes-uploaded"] = result.uploads.size;
    return json;
  }
  Json operator()(const BackupEstimate& result) const {
    Json json = place(result.ns, result.snapshot);
    json["dry-run"] = true;
    json["files"] = result.archives;
    json["bytes"] = result.bytes;
    json["chunks"] = result.chunks;
    json["chunks-new"] = result.new_chunks;
    json["bytes-new"] = result.new_bytes;
    return json;
  }
  Json operator()(const GroupRemoval& result) const {
    return {{"snapshots-removed", result.snapshots_removed},
            {"snapshots-protected", result.snapshots_protected}};
  }
  Json operator()(const PruneReport& result) const {
    return {{"snapshots", list_of(result.snapshots)},
            {"removed", result.removed},
            {"failed", result.failed}};
  }
  Json operator()(const VerifyReport& result) const {
    return {{"good", result.good()},
            {"failed", result.failed()},
            {"snapshots", list_of(result.snapshots)},
            {"unlisted", result.unlisted},
            {"chunks-read", result.chunks_read},
            {"bytes-read", result.bytes_read},
            {"chunks-bad", result.chunks_bad}};
  }
  Json operator()(const NamespaceRemoval& result) const {
    return {{"namespaces-removed", result.namespaces_removed},
            {"groups-removed", result.groups_removed},
            {"snapshots-removed", result.snapshots_removed},
            {"snapshots-protected", result.snapshots_protected}};
  }
  Json operator()(const RestoreResult& result) const {
    return {{"bytes", result.bytes()}, {"archives", list_of(result.archives)}};
  }
};

class JsonOutput final : public Output {
 public:
  explicit JsonOutput(std::ostream& out) : out_(out) {}

  void created(const StoreConfig& config) override {
    write({{"command", "create"}, {"store", config.base}, {"name", config.name}});
  }
  void report(const Command& command, const CommandReport& report,
              const std::optional<Error>& shortfall) override {
    Json json{{"command", command_name(command)}};
    if (shortfall) json["error"] = headline(*shortfall);
    json.update(std::visit(ReportJson{}, report));
    write(json);
  }
  void namespaces(const std::vector<NamespaceSummary>& namespaces) override {
    write({{"command", "ls"}, {"namespaces", list_of(namespaces)}});
  }
  void groups(const std::vector<GroupSummary>& groups) override {
    write({{"command", "ls"}, {"groups", list_of(groups)}});
  }
  void archives(const SnapshotDetails& details) override { described("ls", details); }
  void listing(const std::vector<SnapshotSummary>& snapshots) override {
    write({{"command", "ls"}, {"snapshots", list_of(snapshots)}});
  }
  void store(const StoreSummary& summary) override {
    Json json{{"command", "info"},
              {"store", summary.config.base},
              {"name", summary.config.name},
              {"lock-dir", summary.config.lock_dir},
              {"protocol", summary.protocol},
              {"namespaces", summary.namespaces},
              {"groups", summary.groups},
              {"snapshots", summary.snapshots}};
    json["gc-status"] = summary.last_gc ? Json::parse(summary.last_gc->print()) : Json(nullptr);
    write(json);
  }
  void group(const GroupSummary& group) override {
    Json json{{"command", "info"}};
    json.update(to_json(group));
    write(json);
  }
  void snapshot(const SnapshotDetails& details) override { described("info", details); }
  void check(const CheckReport& report) override {
    Json json{{"command", "check"}};
    json.update(to_json(report));
    write(json);
  }
  void journal(const std::vector<PendingMove>& moves) override {
    write({{"command", "journal show"}, {"records", list_of(moves)}});
  }
  void help(std::string_view command) override {
    Json commands = Json::array();
    for (const CommandHelp* each : commands_called(command)) commands.push_back(to_json(*each));
    if (commands.empty()) {
      commands = list_of(tool_commands());
      for (const CommandHelp& each : all_commands()) commands.push_back(to_json(each));
    }
    write({{"command", "help"}, {"commands", commands}, {"options", list_of(global_options())}});
  }
  void version(std::string_view version) override {
    write({{"command", "version"}, {"version", version}});
  }
  void error(const Error& error) override { write({{"error", to_json(error)}}); }

 private:
  void described(std::string_view command, const SnapshotDetails& details) {
    Json json{{"command", command}};
    json.update(to_json(details.summary));
    json["owner"] = details.owner;
    write(json);
  }

  void write(const Json& json) {
    out_ << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }

  std::ostream& out_;
};

}  // namespace

std::unique_ptr<Output> make_json_output(std::ostream& out) {
  return std::make_unique<JsonOutput>(out);
}

}  // namespace unswept::engine
