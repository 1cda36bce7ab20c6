// model/explore/sequence.h: steps that are to be run one after the other (internal).
//
// The second half of a reversed race: events that do not depend on the race's first
// step, and then its second.  A sequence is asked how it may begin: a step stands
// first in an equivalent order when it depends on none before it.
//
// The spans belong to whoever built the sequence (a history, a choice stack).
// Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/explore/choice_stack.h"
#include "model/program.h"

namespace unswept::model {

/// One step of a sequence.
struct Move {
  ActorId actor = kNoActor;
  bool any = false;    // with each of its outcomes, whatever they are
  bool needed = true;  // see Sequence::keep_needed()
  ActorSet born = 0;   // actors that the step brings into being: all of theirs depend on it
  std::span<const Choice> outcome = {};
  std::span<const Access> footprint = {};
};

class Sequence {
 public:
  static constexpr std::size_t kNone = ~std::size_t{0};

  explicit Sequence(const Dependence& dependence) : dependence_(dependence) {}

  /// `whole`: the execution from which the steps are taken came to an end of its own, and
  /// nobody who slept when it began slept on.  Otherwise nothing is known of those who
  /// took no step in it.
  void clear(bool whole) {
    moves_.clear();
    relied_on_.clear();
    whole_ = whole;
  }
  void push(const Move& move) { moves_.push_back(move); }
  bool empty() const { return moves_.empty(); }
  std::span<const Move> moves() const { return moves_; }
  const Move& operator[](std::size_t i) const { return moves_[i]; }

  /// The first step of `actor`, or kNone.
  std::size_t first_of(ActorId actor) const;
  /// Whether step `i` may stand first.
  bool may_begin(std::size_t i) const;
  /// Whether no step depends on what touches that.
  bool independent_of(std::span<const Access> footprint) const;
  /// Whether neither these steps nor, as far as is known, those that come with them
  /// depend on that step of an actor that has none among them.
  bool leaves_alone(std::span<const Access> footprint) {
    if (!whole_ || !independent_of(footprint)) return false;
    relied_on_.insert(relied_on_.end(), footprint.begin(), footprint.end());
    return true;
  }
  /// What steps touch that were left alone: if others that come with these disturb
  /// those, another answer may be right.
  std::span<const Access> relied_on() const { return relied_on_; }
  /// Whether a step of `actor` that touches `footprint` could be run first without
  /// changing the rest: it is the sequence's own way to begin, or disturbs nobody.
  bool weakly_begins_with(ActorId actor, std::span<const Access> footprint);
  /// Whether no step of another actor does.
  bool spares(ActorId actor, std::span<const Access> footprint) const;
  void set_last_footprint(std::span<const Access> footprint) {
    moves_.back().footprint = footprint;
  }
  void erase(std::size_t i) { moves_.erase(moves_.begin() + static_cast<std::ptrdiff_t>(i)); }

  /// Leaves out what is not needed to get to the last step, and to wake the
  /// sleepers named by need_to_wake() since the last call.
  void keep_needed();
  void need_to_wake(ActorId actor, std::span<const Access> footprint);
  void need_nothing();

 private:
  /// How steps behind the one at hand use an object.
  struct Use {
    ObjectId object;
    ModeSet modes;
  };
  bool used_behind(const Move& move) const;
  void use(const Move& move);

  const Dependence dependence_;
  std::vector<Move> moves_;
  bool whole_ = true;
  std::vector<Use> uses_;
  std::vector<Access> relied_on_;
};

}  // namespace unswept::model
