#include "scenarios/check/counterexample.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/explore/replay.h"
#include "reports/console.h"
#include "scenarios/explain/explain.h"
#include "scenarios/explain/story.h"
#include "scenarios/parse/write.h"
#include "scenarios/promises/names.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), with);
}

/// Step texts without what is the same in all of them, and with chunks by their names.
std::string shortened(std::string text, const Watch& watch) {
  replace_all(text, std::string(kLockDirectory) + '/' + std::string(kStoreName) + '/', "locks/");
  replace_all(text, std::string(kStoreBase) + '/', "");
  for (const ChunkState& chunk : watch.references().chunks()) {
    replace_all(text, ".chunks/" + chunk.file_name.substr(0, 4) + '/' + chunk.file_name,
                "chunk " + chunk.name);
    replace_all(text, chunk.file_name, "chunk " + chunk.name);
  }
  return text;
}

std::vector<std::string> operation_lines(const ScenarioProgram& program, const Scenario& scenario) {
  std::vector<std::string> lines;
  for (const OperationRun& run : program.operations().all()) {
    const ActorSpec& actor = scenario.actors[run.actor];
    std::string line = actor.name + ": " + actor.operations[run.index].text + ": ";
    if (!run.ended)
      line += "did not end";
    else
      line += run.succeeded ? "done" : "failed: " + run.message;
    lines.push_back(std::move(line));
  }
  return lines;
}

model::Violation broken(const model::Ending& ending, const std::string& promise,
                        const model::RecordedRun& run) {
  for (const model::Violation& violation : ending.violations)
    if (promise.empty() || violation.promise == promise) return violation;
  if (ending.outcome == model::Outcome::deadlock) {
    std::string text = "nobody can go on; waiting:";
    for (model::ActorId actor = 0; actor < run.actor_names.size(); ++actor)
      if (model::contains(ending.blocked, actor)) text += ' ' + run.actor_names[actor];
    return {std::string(kNoDeadlock), text};
  }
  return {};
}

std::vector<std::string> comment_of(const Scenario& pinned,
                                    const reports::Counterexample& example) {
  reports::ConsoleStyle style;
  std::istringstream table(example.claim + "\n\n" + reports::render_table(example, style) + '\n' +
                           reports::render_explanation(example));
  std::vector<std::string> comment{
      "Breaks " + example.promise + " under protocol " + pinned.trace->protocol + ':', ""};
  for (std::string line; std::getline(table, line);) comment.push_back(line);
  return comment;
}

}  // namespace

reports::Counterexample tell(ScenarioProgram& program, const Scenario& scenario,
                             const model::Trace& trace, const std::string& promise,
                             std::optional<model::Divergence>& divergence) {
  Story story(program.watch());
  const model::RecordedRun run = model::replay(program, trace);
  divergence = run.divergence;
  const model::Violation violation = broken(run.ending, promise, run);
  reports::Counterexample example;
  example.promise = violation.promise;
  example.claim = shortened(violation.explanation, program.watch());
  example.actors = run.actor_names;
  const Explanation why = explain(story, program.watch(), violation.promise, run.actor_names);
  for (const std::string& line : why.lines)
    example.explanation.push_back(shortened(line, program.watch()));
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const model::RecordedStep& step = run.steps[i];
    const bool judge = step.op_name == "judge";
    example.rows.push_back(
        {i + 1, step.actor,
         shortened(step.description.empty() ? step.op_name : step.description, program.watch()),
         judge || why.steps.contains(i)});
  }
  example.operations = operation_lines(program, scenario);
  example.switches = model::switches(run);
  example.preemptions = model::preemptions(run);
  return example;
}

Scenario pinned_to(const Scenario& scenario, std::string_view protocol, const model::Trace& trace,
                   const reports::Counterexample& example) {
  Scenario pinned = scenario;
  pinned.name += '.' + std::string(protocol);
  pinned.explore.mode = SearchMode::pinned;
  pinned.trace = TraceSpec{std::string(protocol), model::to_text(trace)};
  Expectation expectation{ExpectedVerdict::violation, example.promise};
  if (example.promise == kNoDeadlock) expectation = {ExpectedVerdict::deadlock, {}};
  pinned.expect = {{std::string(protocol), expectation}};
  namespace fs = std::filesystem;
  for (std::string* path : {&pinned.store.import_directory, &pinned.store.import_locks})
    if (!path->empty()) *path = fs::absolute(*path).lexically_normal().string();
  return pinned;
}

std::expected<std::string, std::string> write_counterexample(const Scenario& pinned,
                                                             const reports::Counterexample& example,
                                                             const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(directory, error);
  const std::string path = (fs::path(directory) / (pinned.name + ".toml")).string();
  std::ofstream file(path, std::ios::binary);
  file << write_scenario(pinned, comment_of(pinned, example));
  file.close();
  if (!file) return std::unexpected(path + ": cannot be written");
  return path;
}

}  // namespace unswept::scenarios
