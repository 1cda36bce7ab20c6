// model/footprint.h: what a step reads and writes, and when two steps commute.
//
// A footprint is the complete list of objects a step depends on or changes: what
// it found absent is on it too, and everything it had to look at to find out
// which objects those are.  Two steps with independent footprints in a state can
// be swapped there: same results, same final state, and neither switches the
// other on or off.  tests/property executes both orders to make sure.
//
// Objects are 64-bit names that the program hands out.  They must be the same in
// every execution that reaches the same history (so: never an address).  If two
// objects get one name by accident, steps look dependent that are not, and the
// search is larger but not wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace unswept::model {

using ObjectId = std::uint64_t;

/// How a step uses an object.
enum class Mode : std::uint8_t {
  read,
  write,           // also: reads and writes, and a try-lock that succeeds
  add,             // an update that commutes with other `add`s (a name put into a directory)
  acquire,         // takes a lock, and is disabled while somebody holds it
  acquire_shared,  // the same for a shared lock: disabled while somebody holds it exclusively
  release,         // gives up an exclusive lock
  release_shared,  // gives up a shared lock
};

struct Access {
  ObjectId object;
  Mode mode;
  /// Whether what the step finds there decides what else it touches, in which
  /// mode, what it is asked, or (unless it is a lock that one actor has) whether it
  /// waits.  False only promises more: that in a state which differs in this
  /// object alone all that is the same.  Reductions use it to foresee the
  /// footprint of a step that is moved.
  bool decides = true;
  bool operator==(const Access&) const = default;
};

/// The accesses of one step.  At most one entry per object and mode is useful; duplicates do no
/// harm.
class Footprint {
 public:
  Footprint() = default;
  Footprint(std::initializer_list<Access> list) : accesses_(list) {}

  void add(ObjectId object, Mode mode, bool decides = true) {
    accesses_.push_back({object, mode, decides});
  }
  void clear() { accesses_.clear(); }  // keeps its memory
  bool empty() const { return accesses_.empty(); }
  std::span<const Access> accesses() const { return accesses_; }

 private:
  std::vector<Access> accesses_;
};

/// Whether two accesses of one object do not commute.
constexpr bool conflict(Mode a, Mode b) {
  auto shared_only = [](Mode m) { return m == Mode::acquire_shared || m == Mode::release_shared; };
  if (a == Mode::read && b == Mode::read) return false;
  if (a == Mode::add && b == Mode::add) return false;
  if (shared_only(a) && shared_only(b)) return false;
  return true;
}

/// Whether `later`, which followed `earlier` and conflicts with it, could have
/// come first.  A blocking acquisition could not have preceded the release that
/// let it in; its race is with the acquisition before that.
constexpr bool reversible(Mode earlier, Mode later) {
  const bool gives = earlier == Mode::release || earlier == Mode::release_shared;
  const bool takes = later == Mode::acquire || later == Mode::acquire_shared;
  return !(gives && takes);
}

/// Whether two steps of different actors do not commute.  O(|a| * |b|).
inline bool dependent(std::span<const Access> a, std::span<const Access> b) {
  for (const Access& x : a)
    for (const Access& y : b)
      if (x.object == y.object && conflict(x.mode, y.mode)) return true;
  return false;
}

}  // namespace unswept::model
