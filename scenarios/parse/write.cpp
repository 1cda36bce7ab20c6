#include "scenarios/parse/write.h"

#include "scenarios/parse/words.h"

namespace unswept::scenarios {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  return out + '"';
}

template <class List, class Print>
std::string list_of(const List& list, Print print) {
  std::string out = "[";
  for (const auto& element : list) {
    if (out.size() > 1) out += ", ";
    out += print(element);
  }
  return out + ']';
}

std::string quoted_list(const std::vector<std::string>& list) { return list_of(list, quoted); }

/// The largest unit that fits: "48h", "90s".
std::string duration(Seconds seconds) {
  const auto count = seconds.count();
  if (count % 3600 == 0) return std::to_string(count / 3600) + 'h';
  if (count % 60 == 0) return std::to_string(count / 60) + 'm';
  return std::to_string(count) + 's';
}

class Writer {
 public:
  explicit Writer(const Scenario& scenario) : scenario_(scenario) {}

  std::string write(const std::vector<std::string>& comment) {
    for (const std::string& text : comment) line(text.empty() ? "#" : "# " + text);
    if (!comment.empty()) line("");
    line("format = 1");
    pair("name", quoted(scenario_.name));
    if (!scenario_.about.empty()) pair("about", quoted(scenario_.about));
    write_store();
    for (const ActorSpec& actor : scenario_.actors) write_actor(actor);
    write_explore();
    write_check();
    write_expect();
    write_trace();
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_.append(text).push_back('\n'); }
  void pair(std::string_view key, std::string_view value) {
    out_.append(key).append(" = ").append(value).push_back('\n');
  }
  void section(std::string_view name) {
    line("");
    line(name);
  }

  void write_store() {
    const StoreSpec& store = scenario_.store;
    section("[store]");
    if (!store.namespaces.empty())
      pair("namespaces", list_of(store.namespaces,
                                 [](const engine::Namespace& ns) { return quoted(ns.text()); }));
    if (!store.import_directory.empty()) pair("import", quoted(store.import_directory));
    if (!store.import_locks.empty()) pair("import-locks", quoted(store.import_locks));
    pair("chunk-age", quoted(duration(store.chunk_age)));
    pair("gc-cutoff", quoted(store.gc_cutoff ? duration(*store.gc_cutoff) : "strict"));
    if (!store.snapshots.empty()) {
      line("snapshots = [");
      for (const SnapshotSpec& snapshot : store.snapshots)
        line("  " + snapshot_text(snapshot) + ',');
      line("]");
    }
    if (!store.orphans.empty()) pair("orphans", quoted_list(store.orphans));
  }

  static std::string snapshot_text(const SnapshotSpec& snapshot) {
    std::string archives;
    for (const ArchiveSpec& archive : snapshot.archives) {
      if (!archives.empty()) archives += ", ";
      archives += quoted(archive.name) + " = " + quoted_list(archive.chunks);
    }
    std::string text = "{ at = " + quoted(place_of(snapshot)) + ", archives = { " + archives + " }";
    if (!snapshot.is_finished) text += ", finished = false";
    if (snapshot.is_protected) text += ", protected = true";
    return text + " }";
  }

  void write_actor(const ActorSpec& actor) {
    section("[[actor]]");
    pair("name", quoted(actor.name));
    if (actor.process != "daemon") pair("process", quoted(actor.process));
    if (!actor.after.empty()) pair("after", quoted_list(actor.after));
    if (actor.stop_on_error) pair("stop-on-error", "true");
    if (actor.must_succeed) pair("must-succeed", "true");
    pair("do", list_of(actor.operations,
                       [](const OperationSpec& operation) { return quoted(operation.text); }));
  }

  void write_explore() {
    const ExploreSpec& explore = scenario_.explore;
    section("[explore]");
    pair("mode", quoted(to_string(explore.mode)));
    pair("readdir", readdir_text(explore));
    if (explore.readdir_batch != 0) pair("readdir-batch", std::to_string(explore.readdir_batch));
    if (const std::string bounds = bounds_text(explore.bounds); !bounds.empty())
      pair("bounds", "{ " + bounds + " }");
    if (explore.raised != model::Raised::none)
      pair("raise", quoted(explore.raised == model::Raised::delays ? "delays" : "preemptions"));
    if (explore.seed != 1) pair("seed", std::to_string(explore.seed));
    if (explore.pct_depth != ExploreSpec{}.pct_depth)
      pair("pct-depth", std::to_string(explore.pct_depth));
    if (!explore.symmetry) pair("symmetry", "false");
    if (!explore.order.empty())
      pair("order", list_of(explore.order, [](const PinnedRun& run) {
             return quoted(run.actor + " until " + (run.until ? to_string(*run.until) : "done"));
           }));
  }

  static std::string readdir_text(const ExploreSpec& explore) {
    if (explore.directories.empty()) return quoted(to_string(explore.readdir));
    std::string text = "{ default = " + quoted(to_string(explore.readdir));
    for (const DirectorySpec& directory : explore.directories)
      text += ", " + quoted(directory.path) + " = " + order_text(directory);
    return text + " }";
  }

  static std::string order_text(const DirectorySpec& directory) {
    if (directory.order == DirectoryOrder::listed) return quoted_list(directory.names);
    return quoted(to_string(directory.order));
  }

  static std::string bounds_text(const Bounds& bounds) {
    std::string text;
    const auto add = [&](std::string_view key, const auto& value) {
      if (!value) return;
      if (!text.empty()) text += ", ";
      text.append(key).append(" = ").append(std::to_string(*value));
    };
    add("timeouts", bounds.timeouts);
    add("preemptions", bounds.preemptions);
    add("delays", bounds.delays);
    add("steps", bounds.steps);
    add("executions", bounds.executions);
    if (bounds.time) {
      if (!text.empty()) text += ", ";
      text += "time = " + quoted(duration(*bounds.time));
    }
    return text;
  }

  void write_check() {
    section("[check]");
    pair("promises", quoted_list(scenario_.check.promises));
    if (!scenario_.check.sometimes.empty())
      pair("sometimes", list_of(scenario_.check.sometimes, [](const SometimesSpec& sometimes) {
             return quoted(sometimes.text);
           }));
  }

  void write_expect() {
    if (scenario_.expect.empty()) return;
    section("[expect]");
    for (const auto& [protocol, expectation] : scenario_.expect)
      pair(protocol, quoted(to_string(expectation)));
  }

  void write_trace() {
    if (!scenario_.trace) return;
    section("[trace]");
    pair("protocol", quoted(scenario_.trace->protocol));
    pair("decisions", quoted(scenario_.trace->decisions));
  }

  const Scenario& scenario_;
  std::string out_;
};

}  // namespace

std::string write_scenario(const Scenario& scenario, const std::vector<std::string>& comment) {
  return Writer(scenario).write(comment);
}

}  // namespace unswept::scenarios
