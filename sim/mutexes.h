// sim/mutexes.h: locks between the tasks of one process.
//
// Thread safety: none.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sim/state_log.h"
#include "sim/touch.h"

namespace unswept::sim {

struct MutexState final : Tracked {
  model::ObjectId object = 0;
  std::string name;
  bool held = false;
  model::ActorId holder = model::kNoActor;  // while held; kNoActor: whoever is outside of actors

  model::Fingerprint contribution() const override;
};

/// The state outlives the os::Mutex that stands for it, so that a run can be undone after the
/// mutex is gone.
class Mutexes {
 public:
  explicit Mutexes(StateLog& log);

  MutexState& make(CreatorId creator, std::string_view name);
  /// What has been made until now is there in every run.
  void seal() { sealed_ = made_.size(); }
  /// A run is repeated: make() gives what it gave before.
  void repeat() { given_ = sealed_; }
  void lock(Touch& touch, MutexState& mutex);
  bool try_lock(Touch& touch, MutexState& mutex);
  void unlock(Touch& touch, MutexState& mutex);

  /// Mutexes held now.
  std::vector<const MutexState*> all_held() const;

 private:
  void set(MutexState& mutex, bool held, model::ActorId holder);

  StateLog& log_;
  std::deque<MutexState> states_;
  std::vector<MutexState*> unused_;
  std::vector<std::vector<MutexState*>> by_creator_;
  std::vector<MutexState*> made_;  // all, in the order of their making
  std::size_t given_ = 0;          // of those; fewer than all while a run is repeated
  std::size_t sealed_ = 0;
};

}  // namespace unswept::sim
