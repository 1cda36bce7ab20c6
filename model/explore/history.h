// model/explore/history.h: the current execution with its happens-before order (internal).
//
// Steps become events 1, 2, 3, ...  An event's clock says, for each actor, the
// last of that actor's events that happens before it (or is it); so e happens
// before f exactly when clock(f)[actor of e] >= e.  Happens-before is program
// order, conflicting accesses in the order in which they came, and the step that
// brought an actor into being before that actor's first.
//
// Per object and actor the history knows the last event of each mode.  That is
// enough: an actor's earlier accesses happen before its later ones.  What an
// event overwrites there goes on an undo list, so that backtracking costs no more
// than what it takes back.
//
// Thread safety: none.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/explore/object_table.h"
#include "model/program.h"

namespace unswept::model {

/// The number of an event; 0 stands for the beginning.
using EventIndex = std::uint32_t;

/// Two conflicting steps of different actors with nothing between them in
/// happens-before, that might have come in the other order.
struct Race {
  EventIndex earlier;
};

class History {
 public:
  explicit History(const Dependence& dependence);

  std::size_t size() const { return events_.size() - 1; }

  /// Actors seen pending after the last event; new ones were born by it.
  void born(ActorSet pending);

  /// The races between events and a step of `actor` (its next one, executed last
  /// or only predicted) with this footprint.  Valid until the next call.
  std::span<const Race> races(ActorId actor, std::span<const Access> footprint);

  /// The races that some later step of `actor` with this access would have with events, or would
  /// have had if nothing in between got in its way.  It need not be born yet.  Valid until the next
  /// call.
  std::span<const Race> races_to_come(ActorId actor, const Access& access);

  /// Makes the step that races() was asked about an event.
  /// REQUIRES: races() with the same arguments was the call before.
  void append(ActorId actor, std::span<const Access> footprint);

  /// Forgets all events after the first `count`.
  void truncate(std::size_t count);

  ActorId actor(EventIndex event) const { return events_[event].actor; }
  std::span<const Access> footprint(EventIndex event) const {
    const std::size_t begin = events_[event].accesses_begin;
    const std::size_t end =
        event + 1 < events_.size() ? events_[event + 1].accesses_begin : accesses_.size();
    return std::span(accesses_).subspan(begin, end - begin);
  }
  /// The last event of `actor` that happens before `event` or is it; 0 if none.
  EventIndex clock(EventIndex event, ActorId actor) const {
    return clocks_[event * stride_ + actor];
  }
  bool happens_before(EventIndex earlier, EventIndex later) const {
    return clock(later, actor(earlier)) >= earlier;
  }
  /// The first event of `actor` after `event`; 0 if none.
  EventIndex first_after(EventIndex event, ActorId actor) const;
  /// The last event of `actor` before `event`, or the one that brought it into being.
  EventIndex last_before(EventIndex event, ActorId actor) const;
  ActorSet actors() const { return known_; }
  /// Actors that `event` brought into being.  Costs a look at each that was not there at first.
  ActorSet born_by(EventIndex event) const;

 private:
  struct Event {
    ActorId actor;
    std::uint32_t accesses_begin;
    std::uint32_t undo_begin;
  };
  struct Undo {
    std::uint32_t object;
    std::uint16_t actor;
    std::uint16_t mode;
    EventIndex was;
    EventIndex change_was;
  };
  struct Birth {
    ActorId actor;
    EventIndex event;
  };
  /// An actor's last events on an object: one per mode, and of any mode but read.
  static constexpr std::size_t kChange = 7;
  struct alignas(32) Last {
    std::array<EventIndex, 8> of{};
  };
  /// Who touched an object, in this execution or an earlier one.  Most objects are touched by one
  /// actor only, or changed by none.
  struct Users {
    ActorSet any = 0;
    ActorSet changers = 0;  // other than by reads
  };
  /// What races() found out about one other actor.
  struct Conflict {
    EventIndex event = 0;       // its last event that conflicts
    bool reversible = false;    // ... through an access that could have come later
    bool took_turns = false;    // ... in an order that nothing can change
    EventIndex taken_lock = 0;  // its last acquisition of a lock that the step acquires
  };

  std::size_t actor_count() const { return by_actor_.size(); }
  void grow(std::size_t actors);
  void widen(std::size_t stride);
  EventIndex predecessor(ActorId actor) const {
    return by_actor_[actor].empty() ? birth_[actor] : by_actor_[actor].back();
  }
  void begin_races();
  Conflict& conflict_with(ActorId other);
  void look_up(const Access& access, ActorId actor, const EventIndex* base);
  void look_at_lock(std::uint32_t object, ActorId actor, Mode mode, const EventIndex* base);
  void collect(const EventIndex* base);
  bool covered_by_another(ActorId actor, EventIndex event) const;

  const Dependence dependence_;
  ObjectTable objects_;
  std::size_t stride_ = 4;          // actors there is room for
  std::vector<Users> users_;        // [object]
  std::vector<Last> last_;          // [object * stride_ + actor]
  std::vector<Event> events_;       // [0] is the beginning
  std::vector<EventIndex> clocks_;  // [event * stride_ + actor]
  std::vector<Access> accesses_;    // of all events
  std::vector<Undo> undo_;
  std::vector<std::vector<EventIndex>> by_actor_;
  std::vector<EventIndex> birth_;  // [actor]: the event that brought it into being
  std::vector<Birth> births_;      // in order
  ActorSet known_ = 0;

  // Between races() and append().
  std::vector<std::uint32_t> numbers_;  // of the footprint's objects
  ActorSet conflicting_ = 0;
  std::array<Conflict, kActorsMax> conflicts_{};  // of those in conflicting_
  std::vector<Race> races_;
};

}  // namespace unswept::model
