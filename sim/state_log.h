// sim/state_log.h: how a world goes back to where it was, and how it is told apart.
//
// Whoever changes a part of the world's state writes down how to take the change
// back; rollback() does so, latest first, at a cost proportional to what changed.
//
// The fingerprint is the sum of one contribution per part.  A part that changes
// is marked, and only marked parts are looked at again when the fingerprint is
// asked for.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <vector>

#include "model/program.h"

namespace unswept::sim {

/// A part of the state with a contribution to the fingerprint.
class Tracked {
 public:
  virtual ~Tracked() = default;
  Tracked(const Tracked&) = delete;
  Tracked& operator=(const Tracked&) = delete;
  /// Zero for a part in its neutral state (a closed descriptor, a free mutex).
  virtual model::Fingerprint contribution() const = 0;

 protected:
  Tracked() = default;

 private:
  friend class StateLog;
  bool marked_ = false;
  model::Fingerprint counted_;  // what the sum holds for this part
};

class StateLog {
 public:
  /// A change of the past: `restore` gets the values back.
  struct Change {
    void (*restore)(const Change& change);
    Tracked* part;  // null: none; something outside of the world
    std::uint64_t a;
    std::uint64_t b;
    std::uint64_t c;
  };

  /// Before a part is changed: how to take it back.
  void changed(const Change& change) {
    if (change.part != nullptr) mark_for_fingerprint(*change.part);
    changes_.push_back(change);
  }
  void mark_for_fingerprint(Tracked& part) {
    if (part.marked_) return;
    part.marked_ = true;
    marked_.push_back(&part);
  }

  using Mark = std::size_t;
  Mark mark() {
    ++epoch_;
    return changes_.size();
  }
  /// Changes with every mark() and rollback(): what was saved in this epoch needs no saving again.
  std::uint64_t epoch() const { return epoch_; }
  void rollback(Mark mark);
  /// The world ends.  What changes hold of earlier contents is given back; what lies outside of the
  /// world may be gone, and is left alone.
  void drop();

  model::Fingerprint fingerprint();

 private:
  std::vector<Change> changes_;
  std::vector<Tracked*> marked_;
  model::Fingerprint sum_;
  std::uint64_t epoch_ = 1;
};

}  // namespace unswept::sim
