// scenarios/builder.h: scenarios made in C++, for tests and for tools that generate them.
//
//   const Scenario scenario = ScenarioBuilder("two-movers")
//                                 .namespaces({"a", "b"})
//                                 .snapshot("a:vm/100/2026-01-01T00:00:00Z",
//                                           {{"drive.img.fidx", {"c1", "c2"}}})
//                                 .actor("gc", {"gc"})
//                                 .actor("mover", {"move-group vm/100 --ns a --to b"})
//                                 .sometimes("move.renamed between gc.mark.started and
//                                 gc.mark.done") .expect("v8", "pass") .build();
//
// The words are those of scenario files, and are checked as strictly: a word that
// means nothing is the programmer's mistake and ends the program with a message.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace unswept::scenarios {

class ScenarioBuilder {
 public:
  explicit ScenarioBuilder(std::string name);

  ScenarioBuilder& about(std::string text);
  ScenarioBuilder& namespaces(const std::vector<std::string>& names);
  ScenarioBuilder& snapshot(std::string_view place, std::vector<ArchiveSpec> archives);
  ScenarioBuilder& orphans(ChunkNames names);
  /// Instead of "strict".
  ScenarioBuilder& gc_cutoff(Seconds cutoff);
  ScenarioBuilder& actor(std::string name, const std::vector<std::string>& operations);
  /// The actor added last: starts after these; in a process of its own; ...
  ScenarioBuilder& after(std::vector<std::string> actors);
  ScenarioBuilder& process(std::string name);
  ScenarioBuilder& stop_on_error();
  ScenarioBuilder& must_succeed();
  ScenarioBuilder& mode(SearchMode mode);
  ScenarioBuilder& readdir(DirectoryOrder order);
  /// A directory below the store that comes in every order.
  ScenarioBuilder& permute(std::string directory);
  ScenarioBuilder& bounds(Bounds bounds);
  ScenarioBuilder& pinned(const std::vector<std::string>& order);
  /// Default: all.
  ScenarioBuilder& promises(std::vector<std::string> names);
  ScenarioBuilder& sometimes(std::string_view condition);
  ScenarioBuilder& expect(const std::string& protocol, std::string_view verdict);

  Scenario build() const { return scenario_; }

 private:
  Scenario scenario_;
};

}  // namespace unswept::scenarios
