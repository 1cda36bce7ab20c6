#include "scenarios/parse/sections.h"

#include <algorithm>

#include "engine/format/names.h"
#include "scenarios/parse/suggest.h"
#include "scenarios/parse/words.h"
#include "scenarios/promises/names.h"
#include "scenarios/variants/protocols.h"

namespace unswept::scenarios {
namespace {

constexpr std::string_view kNotYet = " is not part of this build yet";

std::vector<ArchiveSpec> read_archives(TableReader& snapshot, Complaints& complaints) {
  std::vector<ArchiveSpec> archives;
  const toml::table* table = snapshot.table("archives");
  if (table == nullptr) return archives;
  TableReader reader(*table, complaints);
  for (const auto& [key, node] : *table) {
    ArchiveSpec archive{std::string(key.str()), reader.texts(key.str())};
    if (!archive.name.ends_with(".fidx") && !archive.name.ends_with(".didx"))
      complaints.add(location_of(key.source()),
                     "an archive is an index: its name ends in .fidx or .didx");
    if (archive.chunks.empty())
      complaints.add(location_of(node.source()), "an index lists at least one chunk");
    archives.push_back(std::move(archive));
  }
  return archives;
}

std::optional<SnapshotSpec> read_snapshot(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  const auto at = reader.text("at");
  auto archives = read_archives(reader, complaints);
  const auto finished = reader.boolean("finished");
  const auto is_protected = reader.boolean("protected");
  reader.finish("a snapshot");
  if (!at) {
    complaints.add(reader.where(), "a snapshot needs `at`: [NAMESPACE:]TYPE/ID/TIME");
    return std::nullopt;
  }
  auto place = parse_snapshot_place(*at);
  if (!place) {
    complaints.add_inside(*table.get("at"), place.error().offset, place.error().message);
    return std::nullopt;
  }
  place->archives = std::move(archives);
  place->is_finished = finished.value_or(true);
  place->is_protected = is_protected.value_or(false);
  return *std::move(place);
}

void check_namespaces(const StoreSpec& store, const toml::table& table, Complaints& complaints) {
  for (const SnapshotSpec& snapshot : store.snapshots) {
    if (snapshot.ns.is_root() || !store.import_directory.empty()) continue;
    std::vector<std::string_view> names;
    for (const engine::Namespace& known : store.namespaces) names.push_back(known.text());
    if (std::find(names.begin(), names.end(), snapshot.ns.text()) != names.end()) continue;
    complaints.add(location_of(table.get("snapshots")->source()),
                   unknown_word("namespace", snapshot.ns.text(), names));
  }
}

void read_namespaces(TableReader& reader, StoreSpec& store, Complaints& complaints) {
  std::vector<const toml::node*> nodes;
  reader.each_text("namespaces", [&](const std::string& text, const toml::node& node) {
    auto ns = engine::Namespace::parse(text);
    if (!ns) return complaints.add_inside(node, 0, ns.error().message);
    if (std::ranges::find(store.namespaces, *ns) != store.namespaces.end())
      complaints.add_inside(node, 0, "namespace \"" + text + "\" is listed twice");
    store.namespaces.push_back(*std::move(ns));
    nodes.push_back(&node);
  });
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const engine::Namespace& ns = store.namespaces[i];
    if (ns.parent().is_root() ||
        std::ranges::find(store.namespaces, ns.parent()) != store.namespaces.end())
      continue;
    complaints.add_inside(*nodes[i], 0,
                          "namespace \"" + ns.text() + "\" needs \"" + ns.parent().text() +
                              "\", which is not listed");
  }
}

OperationSpec read_operation(const std::string& text, const toml::node& node,
                             Complaints& complaints) {
  OperationSpec operation{text, {}};
  auto command = engine::parse_command(text, engine::Setting::scenario);
  if (command) {
    operation.command = *std::move(command);
  } else {
    // Columns of the command's grammar count from 1.
    complaints.add_inside(node, command.error().column - 1, command.error().text());
  }
  return operation;
}

std::optional<DirectoryOrder> directory_order(std::string_view text) {
  if (text == "sorted") return DirectoryOrder::sorted;
  if (text == "reversed") return DirectoryOrder::reversed;
  if (text == "all") return DirectoryOrder::all;
  return std::nullopt;
}

void complain_order(const toml::node& node, std::string_view text, Complaints& complaints) {
  static constexpr std::string_view kOrders[] = {"sorted", "reversed", "all"};
  complaints.add(location_of(node.source()), unknown_word("directory order", text, kOrders));
}

/// The names of one directory, in the order in which they are to come.
std::vector<std::string> read_names(TableReader& reader, std::string_view directory,
                                    Complaints& complaints) {
  std::vector<std::string> names;
  reader.each_text(directory, [&](const std::string& name, const toml::node& node) {
    if (std::ranges::find(names, name) != names.end())
      complaints.add_inside(node, 0, '"' + name + "\" is listed twice");
    names.push_back(name);
  });
  return names;
}

void read_directory(TableReader& reader, const toml::key& key, const toml::node& node,
                    ExploreSpec& explore, Complaints& complaints) {
  const bool is_default = key.str() == "default";
  if (node.is_array() && !is_default) {
    explore.directories.push_back({std::string(key.str()), DirectoryOrder::listed,
                                   read_names(reader, key.str(), complaints)});
    return;
  }
  const std::string text = node.value_or(std::string{});
  const auto order = directory_order(text);
  if (!order) return complain_order(node, text, complaints);
  if (is_default) {
    explore.readdir = *order;
    return;
  }
  explore.directories.push_back({std::string(key.str()), *order});
}

/// `readdir = "all"`, a list of directories that come in all orders, or a table of both.
void read_readdir(TableReader& reader, ExploreSpec& explore, Complaints& complaints) {
  const toml::node* node = reader.find("readdir");
  if (node == nullptr) return;
  if (node->is_array()) {
    reader.each_text("readdir", [&](const std::string& path, const toml::node&) {
      explore.directories.push_back({path, DirectoryOrder::all});
    });
  } else if (const toml::table* table = node->as_table()) {
    TableReader directories(*table, complaints);
    for (const auto& [key, value] : *table)
      read_directory(directories, key, value, explore, complaints);
  } else {
    const std::string text = node->value_or(std::string{});
    const auto order = directory_order(text);
    if (!order) return complain_order(*node, text, complaints);
    explore.readdir = *order;
  }
}

std::optional<SearchMode> mode_of(std::string_view text) {
  if (text == "exhaustive") return SearchMode::exhaustive;
  if (text == "optimal") return SearchMode::optimal;
  if (text == "stateful") return SearchMode::stateful;
  if (text == "naive") return SearchMode::naive;
  if (text == "auto") return SearchMode::automatic;
  if (text == "random") return SearchMode::random;
  if (text == "pct") return SearchMode::pct;
  if (text == "pos") return SearchMode::pos;
  if (text == "surw") return SearchMode::surw;
  if (text == "pinned") return SearchMode::pinned;
  return std::nullopt;
}

void read_mode(TableReader& reader, ExploreSpec& explore) {
  const auto text = reader.text("mode");
  if (!text) return;
  static constexpr std::string_view kModes[] = {"exhaustive", "optimal", "stateful", "naive",
                                                "auto",       "random",  "pct",      "pos",
                                                "surw",       "pinned"};
  if (const auto mode = mode_of(*text))
    explore.mode = *mode;
  else
    reader.complain("mode", unknown_word("mode", *text, kModes));
}

void read_raised(TableReader& reader, ExploreSpec& explore) {
  const auto text = reader.text("raise");
  if (!text) return;
  static constexpr std::string_view kBounds[] = {"preemptions", "delays"};
  if (*text == "preemptions")
    explore.raised = model::Raised::preemptions;
  else if (*text == "delays")
    explore.raised = model::Raised::delays;
  else
    reader.complain("raise", unknown_word("bound to raise", *text, kBounds));
}

Bounds read_bounds(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  Bounds bounds;
  const auto as_u64 = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  bounds.timeouts = reader.small_number("timeouts");
  bounds.preemptions = reader.small_number("preemptions");
  bounds.delays = reader.small_number("delays");
  if (const auto value = reader.number("steps")) bounds.steps = as_u64(*value);
  if (const auto value = reader.number("executions")) bounds.executions = as_u64(*value);
  if (const auto value = reader.seconds("time")) bounds.time = Seconds{*value};
  for (const std::string_view key : {"crashes", "faults"})
    if (reader.number(key).value_or(0) != 0)
      reader.complain(key,
                      "bounds." + std::string(key) + std::string(kNotYet) + ": only 0 is possible");
  reader.finish("bounds");
  return bounds;
}

}  // namespace

StoreSpec read_store(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  StoreSpec store;
  read_namespaces(reader, store, complaints);
  store.import_directory = reader.text("import").value_or("");
  store.import_locks = reader.text("import-locks").value_or("");
  if (const auto age = reader.seconds("chunk-age")) store.chunk_age = Seconds{*age};
  if (const auto cutoff = reader.text("gc-cutoff"); cutoff && *cutoff != "strict")
    if (const auto seconds = reader.seconds("gc-cutoff")) store.gc_cutoff = Seconds{*seconds};
  reader.each_table("snapshots", [&](const toml::table& snapshot) {
    auto read = read_snapshot(snapshot, complaints);
    if (!read) return;
    if (std::ranges::any_of(store.snapshots, [&](const SnapshotSpec& earlier) {
          return earlier.ns == read->ns && earlier.id == read->id;
        }))
      complaints.add_inside(*snapshot.get("at"), 0,
                            "there are two snapshots at \"" + place_of(*read) + '"');
    store.snapshots.push_back(*std::move(read));
  });
  store.orphans = reader.texts("orphans");
  reader.finish("[store]");
  check_namespaces(store, table, complaints);
  return store;
}

ActorSpec read_actor(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  ActorSpec actor;
  actor.name = reader.text("name").value_or("");
  actor.process = reader.text("process").value_or("daemon");
  actor.after = reader.texts("after");
  actor.stop_on_error = reader.boolean("stop-on-error").value_or(false);
  actor.must_succeed = reader.boolean("must-succeed").value_or(false);
  reader.each_text("do", [&](const std::string& text, const toml::node& node) {
    actor.operations.push_back(read_operation(text, node, complaints));
  });
  if (actor.name.empty()) complaints.add(reader.where(), "an actor needs a name");
  if (actor.operations.empty()) complaints.add(reader.where(), "an actor needs something to do");
  reader.finish("[[actor]]");
  return actor;
}

ExploreSpec read_explore(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  ExploreSpec explore;
  read_mode(reader, explore);
  read_readdir(reader, explore, complaints);
  explore.readdir_batch = reader.small_number("readdir-batch").value_or(0);
  explore.seed = static_cast<std::uint64_t>(reader.number("seed").value_or(1));
  if (const toml::table* bounds = reader.table("bounds"))
    explore.bounds = read_bounds(*bounds, complaints);
  read_raised(reader, explore);
  explore.pct_depth = reader.small_number("pct-depth").value_or(explore.pct_depth);
  if (explore.pct_depth == 0) reader.complain("pct-depth", "no violation has depth 0");
  explore.symmetry = reader.boolean("symmetry").value_or(true);
  reader.each_text("order", [&](const std::string& text, const toml::node& node) {
    if (auto run = parse_pinned_run(text))
      explore.order.push_back(*std::move(run));
    else
      complaints.add_inside(node, run.error().offset, run.error().message);
  });
  if (!explore.order.empty() && explore.mode != SearchMode::pinned)
    reader.complain("order", "an order is followed with mode = \"pinned\" only");
  reader.finish("[explore]");
  return explore;
}

void read_faults(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  if (const toml::table* crash = reader.table("crash")) {
    TableReader kinds(*crash, complaints);
    kinds.texts("kill");
    kinds.texts("abort");
    kinds.boolean("power-loss");
    kinds.finish("faults.crash");
  }
  if (const toml::table* errors = reader.table("errors")) {
    TableReader kinds(*errors, complaints);
    kinds.texts("kinds");
    kinds.texts("at");
    kinds.finish("faults.errors");
  }
  reader.finish("[faults]");
}

CheckSpec every_promise() {
  CheckSpec check;
  for (const PromiseInfo& promise : kPromises) check.promises.emplace_back(promise.name);
  return check;
}

CheckSpec read_check(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  CheckSpec check;
  std::vector<std::string_view> known;
  for (const PromiseInfo& promise : kPromises) known.push_back(promise.name);
  reader.each_text("promises", [&](const std::string& name, const toml::node& node) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      complaints.add_inside(node, 0, unknown_word("promise", name, known));
    check.promises.push_back(name);
  });
  if (!reader.has("promises")) check.promises = every_promise().promises;
  reader.each_text("sometimes", [&](const std::string& text, const toml::node& node) {
    if (auto sometimes = parse_sometimes(text))
      check.sometimes.push_back(*std::move(sometimes));
    else
      complaints.add_inside(node, sometimes.error().offset, sometimes.error().message);
  });
  reader.finish("[check]");
  return check;
}

std::map<std::string, Expectation> read_expect(const toml::table& table, Complaints& complaints) {
  std::map<std::string, Expectation> expect;
  TableReader reader(table, complaints);
  const auto known = protocol_names();
  for (const auto& [key, node] : table) {
    const std::string_view protocol = key.str();
    if (std::find(known.begin(), known.end(), protocol) == known.end())
      complaints.add(location_of(key.source()), unknown_word("protocol", protocol, known));
    const auto text = reader.text(protocol);
    if (!text) continue;
    if (auto expectation = parse_expectation(*text))
      expect.emplace(protocol, *std::move(expectation));
    else
      complaints.add_inside(node, expectation.error().offset, expectation.error().message);
  }
  return expect;
}

TraceSpec read_trace(const toml::table& table, Complaints& complaints) {
  TableReader reader(table, complaints);
  TraceSpec trace;
  trace.protocol = reader.text("protocol").value_or("");
  trace.decisions = reader.text("decisions").value_or("");
  const auto known = protocol_names();
  if (std::find(known.begin(), known.end(), trace.protocol) == known.end())
    reader.complain("protocol", unknown_word("protocol", trace.protocol, known));
  reader.finish("[trace]");
  return trace;
}

}  // namespace unswept::scenarios
