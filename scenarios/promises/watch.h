// scenarios/promises/watch.h: the monitor that judges promises while a run goes on.
//
// Trap: a promise judged in mid-run is not a property of a Mazurkiewicz trace
// unless the judging step says what it looked at.  So:
//
//   ghost `references(c)`   whether chunk c is referenced.  An index of it that appears at or
//                           disappears from a visible place adds to it (these commute);
//                           a snapshot that moves from one visible place to another
//                           does not touch it, for the set stays the same.
//   end of a GC's mark      a judging step of the GC's actor: reads name and access time of
//                           each chunk, and `references(c)` of those that are not marked.
//   unlink of a chunk c     reads `references(c)` besides what it does.
//   an index appears        reads its content, and whether its chunks exist.
//
// Snapshot directories leave visible places only by rmdir in this engine; a
// rename out of them would write ghost `place(directory)`, which unlinks of indexes in it read.
//
// Thread safety: as the World it watches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/promises/references.h"
#include "scenarios/promises/snapshots.h"
#include "scenarios/promises/store_map.h"
#include "scenarios/scenario.h"
#include "sim/monitor.h"
#include "sim/world.h"

namespace unswept::scenarios {

/// Which promises a run is judged by.
struct Judged {
  bool unmarked = false;
  bool swept = false;
  bool index_over_swept = false;
  bool restorable = false;
  bool lost = false;
  bool collected = false;
  bool leak = false;

  static Judged by(const CheckSpec& check);
  bool references() const { return unmarked || swept || index_over_swept; }
  bool snapshots() const { return restorable || lost; }
};

/// What broke, in terms of the store.  For explanations.
struct Offence {
  std::string_view promise;
  sim::ActorId actor = model::kNoActor;
  ChunkId chunk = 0;
};

/// Hears what a Watch hears, after it.  For logs that are not always wanted.
class RunListener {
 public:
  virtual ~RunListener() = default;
  /// Whether on_call() is wanted: of every call, which costs something.
  virtual bool wants_calls() const { return true; }
  virtual void on_call(const sim::CallInfo& call) { (void)call; }
  /// The step that the last calls were part of is done.
  virtual void on_step(const model::Step& step) { (void)step; }
  /// During the call: an index appears at, or disappears from, a visible place.
  virtual void on_index(const IndexState& index, InodeNumber inode, bool appears) {
    (void)index, (void)inode, (void)appears;
  }
  virtual void on_point(sim::ActorId actor, const os::Point& point, std::string_view detail) {
    (void)actor, (void)point, (void)detail;
  }
};

class Watch final : public sim::Monitor {
 public:
  /// `world` is built, but not sealed; references must outlive the watch.
  Watch(sim::World& world, const ChunkCatalogue& chunks, const Judged& judged);

  /// What an actor is at from now on; null for nothing.
  void set_command(sim::ActorId actor, const engine::Command* command);
  void acknowledge(const engine::Backup& backup);
  /// Not during a run.
  void add_listener(RunListener* listener);
  void remove_listener(RunListener* listener);
  void step_done(const model::Step& step) {
    for (RunListener* listener : listeners_) listener->on_step(step);
  }

  const StoreMap& map() const { return map_; }
  const References& references() const { return references_; }
  const Snapshots& snapshots() const { return snapshots_; }
  const ChunkCatalogue& chunks() const { return chunks_; }
  /// Of the current or last run, in the order in which they happened.
  const std::vector<Offence>& offences() const { return offences_; }
  /// Descriptors that are open now.
  std::int64_t open_descriptors() const { return open_descriptors_; }

  sim::OpSet extends() const override;
  sim::OpSet observes() const override;
  void extend(const sim::CallInfo& call, model::Footprint& footprint) override;
  void after(const sim::CallInfo& call) override;
  void point(sim::ActorId actor, const os::Point& point, std::string_view detail) override;
  void on_reset() override;
  void on_rewind() override;

 private:
  /// How much there is to take back.
  struct Mark {
    std::size_t map;
    References::Mark references;
    std::size_t snapshots;
    std::size_t offences;
    std::int64_t open_descriptors;
    bool operator==(const Mark&) const = default;
  };
  /// What changes while it lives is taken back with the world.
  class Recorded;

  Mark mark() const;
  void take_back();
  void extend_rename(const sim::CallInfo& call, model::Footprint& footprint);
  void extend_unlink(const sim::CallInfo& call, model::Footprint& footprint);
  void extend_appear(const sim::CallInfo& call, model::Footprint& footprint);
  void extend_disappear(InodeNumber index, model::Footprint& footprint);
  void note_chunk_changes(const std::vector<ChunkId>& chunks, model::Footprint& footprint);

  void after_rename(const sim::CallInfo& call);
  void after_rename_file(const sim::CallInfo& call);
  void after_rename_directory(const sim::CallInfo& call);
  void after_unlink(const sim::CallInfo& call);
  void after_mkdir(const sim::CallInfo& call);
  void index_appears(sim::ActorId actor, InodeNumber inode, std::string_view name,
                     InodeNumber snapshot);
  void index_disappears(InodeNumber inode);
  void judge_sweep(sim::ActorId actor, ChunkId chunk);
  void judge_mark(sim::ActorId actor, std::string_view min_access_time);
  void break_promise(std::string_view promise, sim::ActorId actor, ChunkId chunk, std::string text);
  /// The referenced chunks whose access time is too old; notes in the view what it looks at.
  std::vector<ChunkId> unmarked(const sim::View& view, std::int64_t min_access_time,
                                model::Footprint* footprint = nullptr) const;

  bool becomes_index(const sim::CallInfo& call) const;
  std::string describe_referrers(ChunkId chunk) const;

  sim::World& world_;
  const ChunkCatalogue& chunks_;
  Judged judged_;
  StoreMap map_;
  References references_;
  Snapshots snapshots_;
  model::OpCode judge_op_;
  std::int64_t open_descriptors_ = 0;
  std::vector<const engine::Command*> commands_;  // by actor
  std::vector<Offence> offences_;
  std::vector<RunListener*> listeners_;
  std::vector<Mark> marks_;  // before each recorded change, oldest first
};

}  // namespace unswept::scenarios
