#include "model/explore/history.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "model/turn_objects.h"

namespace unswept::model {
namespace {

constexpr ModeSet kAcquisitions = set_of(Mode::acquire) | set_of(Mode::acquire_shared);
/// Ways to get hold of a lock: blocking ones, and a try that succeeds.
constexpr ModeSet kTakings = kAcquisitions | set_of(Mode::write);

}  // namespace

History::History(const Dependence& dependence) : dependence_(dependence) {
  events_.push_back({kNoActor, 0, 0});
  clocks_.resize(stride_);
}

void History::born(ActorSet pending) {
  for (ActorSet fresh = pending & ~known_; fresh != 0; fresh &= fresh - 1) {
    const auto actor = static_cast<ActorId>(std::countr_zero(fresh));
    if (actor >= actor_count()) grow(actor + 1);
    const auto event = static_cast<EventIndex>(size());
    birth_[actor] = event;
    births_.push_back({actor, event});
    known_ |= set_of(actor);
  }
}

ActorSet History::born_by(EventIndex event) const {
  ActorSet born = 0;
  for (auto birth = births_.rbegin(); birth != births_.rend() && birth->event >= event; ++birth)
    if (birth->event == event) born |= set_of(birth->actor);
  return born;
}

void History::grow(std::size_t actors) {
  by_actor_.resize(actors);
  birth_.resize(actors);
  if (actors > stride_) widen(std::bit_ceil(actors));
}

void History::widen(std::size_t stride) {
  const auto respace = [&](auto& table, std::size_t rows) {
    std::remove_reference_t<decltype(table)> wider(rows * stride);
    for (std::size_t row = 0; row < rows; ++row)
      std::copy_n(table.begin() + static_cast<std::ptrdiff_t>(row * stride_), stride_,
                  wider.begin() + static_cast<std::ptrdiff_t>(row * stride));
    table = std::move(wider);
  };
  respace(last_, objects_.size());
  respace(clocks_, events_.size());
  stride_ = stride;
}

void History::begin_races() {
  conflicting_ = 0;
  numbers_.clear();
  races_.clear();
}

inline History::Conflict& History::conflict_with(ActorId other) {
  if (!contains(conflicting_, other)) conflicts_[other] = {};
  conflicting_ |= set_of(other);
  return conflicts_[other];
}

inline void History::look_up(const Access& access, ActorId actor, const EventIndex* base) {
  const std::uint32_t object = objects_.number_of(access.object);
  numbers_.push_back(object);
  if (users_.size() < objects_.size()) {
    users_.resize(objects_.size());
    last_.resize(objects_.size() * stride_);
  }
  const bool reads = access.mode == Mode::read;
  const ActorSet users = reads ? users_[object].changers : users_[object].any;
  const ModeSet conflicting = dependence_.conflicts(access.mode);
  const ModeSet reversible = dependence_.reversibles(access.mode);
  for (ActorSet others = users & ~set_of(actor); others != 0; others &= others - 1) {
    const ActorId other = lowest(others);
    const Last& last = last_[object * stride_ + other];
    // What happens before the actor's previous step anyway is of no interest.
    const EventIndex change = last.of[kChange];
    const EventIndex latest = reads ? change : std::max(change, last.of[index_of(Mode::read)]);
    if (latest <= base[other]) continue;
    for (ModeSet modes = conflicting; modes != 0; modes &= static_cast<ModeSet>(modes - 1)) {
      const auto mode = static_cast<std::size_t>(std::countr_zero(modes));
      const EventIndex event = last.of[mode];
      if (event <= base[other]) continue;
      Conflict& found = conflict_with(other);
      if (event < found.event) continue;
      if (event > found.event) found.reversible = found.took_turns = false;
      found.event = event;
      found.reversible |= (reversible >> mode & 1) != 0;
      found.took_turns |= is_turn_object(access.object);
    }
  }
  if (contains(kAcquisitions, access.mode)) look_at_lock(object, actor, access.mode, base);
}

/// A blocking acquisition could not have preceded the release that let it in.  Its
/// race is with the acquisition whose release that was: unless the two are ordered
/// by other means, it could have come before that.  For a shared lock there may be
/// several; older ones than the last exclusive acquisition are its business.
void History::look_at_lock(std::uint32_t object, ActorId actor, Mode mode, const EventIndex* base) {
  const ModeSet takings = kTakings & dependence_.reversibles(mode);
  const Last* row = &last_[object * stride_];
  EventIndex exclusive = 0;
  for (ActorSet users = users_[object].any; users != 0; users &= users - 1)
    exclusive = std::max(exclusive, row[lowest(users)].of[index_of(Mode::acquire)]);
  for (ActorSet others = users_[object].any & ~set_of(actor); others != 0; others &= others - 1) {
    const ActorId other = lowest(others);
    EventIndex taking = 0;
    for (ModeSet modes = takings; modes != 0; modes &= static_cast<ModeSet>(modes - 1))
      taking = std::max(taking, row[other].of[static_cast<std::size_t>(std::countr_zero(modes))]);
    if (taking <= base[other] || taking < exclusive) continue;
    Conflict& found = conflict_with(other);
    found.taken_lock = std::max(found.taken_lock, taking);
  }
}

inline void History::collect(const EventIndex* base) {
  for (ActorSet others = conflicting_; others != 0; others &= others - 1) {
    const ActorId other = lowest(others);
    const Conflict& found = conflicts_[other];
    const bool immediate = found.event > base[other] && found.reversible && !found.took_turns &&
                           !covered_by_another(other, found.event);
    if (immediate) races_.push_back({found.event});
    if (found.taken_lock != 0 && !(immediate && found.taken_lock == found.event))
      races_.push_back({found.taken_lock});
  }
}

/// Whether `event` of `actor` happens before another of the conflicting events.
inline bool History::covered_by_another(ActorId actor, EventIndex event) const {
  for (ActorSet rivals = conflicting_ & ~set_of(actor); rivals != 0; rivals &= rivals - 1) {
    const EventIndex rival = conflicts_[lowest(rivals)].event;
    if (rival != 0 && clock(rival, actor) >= event) return true;
  }
  return false;
}

std::span<const Race> History::races(ActorId actor, std::span<const Access> footprint) {
  assert(contains(known_, actor));
  begin_races();
  const EventIndex* base = &clocks_[predecessor(actor) * stride_];
  for (const Access& access : footprint) look_up(access, actor, base);
  collect(base);
  return races_;
}

std::span<const Race> History::races_to_come(ActorId actor, const Access& access) {
  begin_races();
  const EventIndex before = contains(known_, actor) ? predecessor(actor) : 0;
  const EventIndex* base = &clocks_[before * stride_];
  look_up(access, actor, base);
  collect(base);
  return races_;
}

void History::append(ActorId actor, std::span<const Access> footprint) {
  const auto index = static_cast<EventIndex>(events_.size());
  const EventIndex before = predecessor(actor);
  events_.push_back({actor, static_cast<std::uint32_t>(accesses_.size()),
                     static_cast<std::uint32_t>(undo_.size())});
  accesses_.insert(accesses_.end(), footprint.begin(), footprint.end());

  clocks_.resize(clocks_.size() + stride_);
  EventIndex* mine = &clocks_[index * stride_];
  std::copy_n(&clocks_[before * stride_], stride_, mine);
  for (ActorSet others = conflicting_; others != 0; others &= others - 1) {
    const EventIndex* theirs = &clocks_[conflicts_[lowest(others)].event * stride_];
    for (std::size_t a = 0; a < stride_; ++a) mine[a] = std::max(mine[a], theirs[a]);
  }
  mine[actor] = index;

  for (std::size_t i = 0; i < footprint.size(); ++i) {
    const std::size_t mode = index_of(footprint[i].mode);
    Last& last = last_[numbers_[i] * stride_ + actor];
    undo_.push_back({numbers_[i], static_cast<std::uint16_t>(actor),
                     static_cast<std::uint16_t>(mode), last.of[mode], last.of[kChange]});
    last.of[mode] = index;
    users_[numbers_[i]].any |= set_of(actor);
    if (footprint[i].mode == Mode::read) continue;
    last.of[kChange] = index;
    users_[numbers_[i]].changers |= set_of(actor);
  }
  by_actor_[actor].push_back(index);
}

void History::truncate(std::size_t count) {
  if (count >= size()) return;
  const Event& first = events_[count + 1];
  for (std::size_t i = undo_.size(); i > first.undo_begin; --i) {
    const Undo& undo = undo_[i - 1];
    Last& last = last_[undo.object * stride_ + undo.actor];
    last.of[undo.mode] = undo.was;
    last.of[kChange] = undo.change_was;
  }
  for (std::size_t i = events_.size(); i > count + 1; --i)
    by_actor_[events_[i - 1].actor].pop_back();
  while (!births_.empty() && births_.back().event > count) {
    known_ &= ~set_of(births_.back().actor);
    births_.pop_back();
  }
  undo_.resize(first.undo_begin);
  accesses_.resize(first.accesses_begin);
  events_.resize(count + 1);
  clocks_.resize((count + 1) * stride_);
}

EventIndex History::first_after(EventIndex event, ActorId actor) const {
  const auto& all = by_actor_[actor];
  const auto place = std::upper_bound(all.begin(), all.end(), event);
  return place == all.end() ? 0 : *place;
}

EventIndex History::last_before(EventIndex event, ActorId actor) const {
  const auto& all = by_actor_[actor];
  const auto place = std::lower_bound(all.begin(), all.end(), event);
  return place == all.begin() ? birth_[actor] : *std::prev(place);
}

}  // namespace unswept::model
