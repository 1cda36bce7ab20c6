#include "scenarios/builder.h"

#include <cstdio>
#include <cstdlib>

#include "scenarios/parse/words.h"
#include "scenarios/promises/names.h"

namespace unswept::scenarios {
namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  std::fprintf(stderr, "scenario: \"%.*s\": %s\n", static_cast<int>(text.size()), text.data(),
               why.c_str());
  std::abort();
}

template <class T>
T meant(Word<T> word, std::string_view text) {
  if (!word) refuse(text, word.error().message);
  return *std::move(word);
}

engine::Namespace name_space(const std::string& text) {
  auto ns = engine::Namespace::parse(text);
  if (!ns) refuse(text, ns.error().message);
  return *std::move(ns);
}

OperationSpec operation(const std::string& text) {
  auto command = engine::parse_command(text, engine::Setting::scenario);
  if (!command) refuse(text, command.error().text());
  return {text, *std::move(command)};
}

}  // namespace

ScenarioBuilder::ScenarioBuilder(std::string name) {
  scenario_.name = std::move(name);
  for (const PromiseInfo& promise : kPromises) scenario_.check.promises.emplace_back(promise.name);
}

ScenarioBuilder& ScenarioBuilder::about(std::string text) {
  scenario_.about = std::move(text);
  return *this;
}

ScenarioBuilder& ScenarioBuilder::namespaces(const std::vector<std::string>& names) {
  for (const std::string& name : names) scenario_.store.namespaces.push_back(name_space(name));
  return *this;
}

ScenarioBuilder& ScenarioBuilder::snapshot(std::string_view place,
                                           std::vector<ArchiveSpec> archives) {
  SnapshotSpec snapshot = meant(parse_snapshot_place(place), place);
  snapshot.archives = std::move(archives);
  scenario_.store.snapshots.push_back(std::move(snapshot));
  return *this;
}

ScenarioBuilder& ScenarioBuilder::orphans(ChunkNames names) {
  scenario_.store.orphans = std::move(names);
  return *this;
}

ScenarioBuilder& ScenarioBuilder::gc_cutoff(Seconds cutoff) {
  scenario_.store.gc_cutoff = cutoff;
  return *this;
}

ScenarioBuilder& ScenarioBuilder::actor(std::string name,
                                        const std::vector<std::string>& operations) {
  ActorSpec actor;
  actor.name = std::move(name);
  for (const std::string& text : operations) actor.operations.push_back(operation(text));
  scenario_.actors.push_back(std::move(actor));
  return *this;
}

ScenarioBuilder& ScenarioBuilder::after(std::vector<std::string> actors) {
  scenario_.actors.back().after = std::move(actors);
  return *this;
}

ScenarioBuilder& ScenarioBuilder::process(std::string name) {
  scenario_.actors.back().process = std::move(name);
  return *this;
}

ScenarioBuilder& ScenarioBuilder::stop_on_error() {
  scenario_.actors.back().stop_on_error = true;
  return *this;
}

ScenarioBuilder& ScenarioBuilder::must_succeed() {
  scenario_.actors.back().must_succeed = true;
  return *this;
}

ScenarioBuilder& ScenarioBuilder::mode(SearchMode mode) {
  scenario_.explore.mode = mode;
  return *this;
}

ScenarioBuilder& ScenarioBuilder::readdir(DirectoryOrder order) {
  scenario_.explore.readdir = order;
  return *this;
}

ScenarioBuilder& ScenarioBuilder::permute(std::string directory) {
  scenario_.explore.directories.push_back({std::move(directory), DirectoryOrder::all});
  return *this;
}

ScenarioBuilder& ScenarioBuilder::bounds(Bounds bounds) {
  scenario_.explore.bounds = bounds;
  return *this;
}

ScenarioBuilder& ScenarioBuilder::pinned(const std::vector<std::string>& order) {
  scenario_.explore.mode = SearchMode::pinned;
  for (const std::string& text : order)
    scenario_.explore.order.push_back(meant(parse_pinned_run(text), text));
  return *this;
}

ScenarioBuilder& ScenarioBuilder::promises(std::vector<std::string> names) {
  scenario_.check.promises = std::move(names);
  return *this;
}

ScenarioBuilder& ScenarioBuilder::sometimes(std::string_view condition) {
  scenario_.check.sometimes.push_back(meant(parse_sometimes(condition), condition));
  return *this;
}

ScenarioBuilder& ScenarioBuilder::expect(const std::string& protocol, std::string_view verdict) {
  scenario_.expect[protocol] = meant(parse_expectation(verdict), verdict);
  return *this;
}

}  // namespace unswept::scenarios
