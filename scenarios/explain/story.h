// scenarios/explain/story.h: a run as what happened to a store, step by step.
//
// Recorded while a counterexample is replayed; explain.h makes sentences of it.
//
// Thread safety: none.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/promises/watch.h"

namespace unswept::scenarios {

struct StoryEvent {
  std::size_t step = 0;  // counted from 0
  sim::ActorId actor = model::kNoActor;
  sim::Op op = sim::Op::none;
  bool ok = true;
  bool in_journal = false;
  InodeNumber inode = 0;
  InodeNumber parent = 0;          // of the name acted on
  std::string name;                // the last component acted on
  std::string place;               // below the store, before the call
  std::string to_place;            // of a rename
  std::vector<std::string> names;  // that a directory read gave
  bool is_end = false;             // a directory read that only says that all has been read
};

/// An index came to, or went from, a visible place.
struct IndexChange {
  std::size_t step = 0;
  sim::ActorId actor = model::kNoActor;
  InodeNumber inode = 0;
  bool appears = false;
  IndexState index;
  std::string snapshot;  // its path then
};

class Story final : public RunListener {
 public:
  explicit Story(Watch& watch) : watch_(watch) { watch_.add_listener(this); }
  ~Story() override { watch_.remove_listener(this); }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  const std::vector<StoryEvent>& events() const { return events_; }
  const std::vector<IndexChange>& index_changes() const { return changes_; }
  std::size_t steps() const { return step_; }

  /// The step that was Watch::offences()[i].
  std::size_t offence_step(std::size_t i) const { return offence_steps_.at(i); }
  /// When the GC that `actor` was at in `step` had started.
  std::size_t collection_start(sim::ActorId actor, std::size_t step) const;

  void on_call(const sim::CallInfo& call) override;
  void on_point(sim::ActorId actor, const os::Point& point, std::string_view detail) override;
  void on_step(const model::Step& step) override;
  void on_index(const IndexState& index, InodeNumber inode, bool appears) override;

 private:
  std::string place_of(const sim::ResolvedName& name) const;
  std::string directory_place(InodeNumber directory);

  Watch& watch_;
  std::vector<StoryEvent> events_;
  std::vector<IndexChange> changes_;
  std::map<InodeNumber, std::string> last_places_;  // of directories
  std::vector<std::size_t> offence_steps_;
  std::vector<std::pair<sim::ActorId, std::size_t>> collections_;  // who started one, and when
  std::size_t step_ = 0;
  InodeNumber journal_ = 0;
  std::set<std::pair<sim::ActorId, os::Fd>> reading_;  // directories that have given names
};

}  // namespace unswept::scenarios
