// sim/moments.h: moments of a run that the next one may begin at, with copies of stacks to put
// actors back to where they were.
//
// A moment is one before a step, with the stack of the actor that takes it: the others do not move.
// So going back to a moment concerns those who have taken a step since, and each of them is where
// it was at the first moment of its own from there on.
//
// Not every step has its moment.  But where an actor takes a step without one, it took the step
// before, too.
//
// Each actor's copies lie one behind the other in one block of memory, which grows to what the
// longest run needs and is used again.
//
// Thread safety: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "model/program.h"
#include "sim/fiber.h"
#include "sim/history.h"
#include "sim/state_log.h"

namespace unswept::sim {

class Call;

/// What a run has made of an actor so far, besides its stack.
struct ActorMoment {
  enum class State : std::uint8_t {
    idle,      // not started, or ended: its fiber has nothing to keep
    starting,  // its start step is pending
    alive,     // its fiber is in the middle of its body
  };

  State state = State::idle;
  Call* pending = nullptr;
  std::uint32_t ordinal = 0;                // steps taken
  std::uint32_t operations = 0;             // forget()s
  std::uint64_t random = 0;                 // random()s since then
  std::size_t last_step = ~std::size_t{0};  // on the tape; none at first
  History history;
};

/// Sets of actors.
struct ActorSets {
  model::ActorSet pending = 0;
  model::ActorSet waiting = 0;  // of pending, those that are not always ready
  model::ActorSet ended = 0;
};

struct Moment {
  model::ActorId actor;  // who takes the next step
  model::ActorId last;   // who took the one before
  std::size_t step;      // how many were taken
  StateLog::Mark before;
  ActorSets sets;
};

class Moments {
 public:
  void add(const Moment& moment) { moments_.push_back({moment, kNoCopy}); }
  /// Copies what the actor at the newest moment is, and the stack of its fiber, which waits.  While
  /// it handles an exception it is left alone, and nobody goes back to the moment: what is thrown
  /// is not on the stack.
  void copy(const ActorMoment& actor, const Fiber& fiber);

  /// Forgets what lies behind the newest moment with at most `steps` steps that one can go back to.
  /// Returns who has moved since then, or nobody: there is none but the beginning.
  model::ActorSet go_back(std::size_t steps);
  /// After that: puts an actor that has moved back to where it was.
  void put_back(model::ActorId id, ActorMoment& actor, Fiber& fiber);
  /// After that: where one is.  The actor takes the next step, or another one.
  const Moment& now() const { return now_; }

  void clear();

 private:
  static constexpr std::uint32_t kNoCopy = 0xffffffff;

  struct Noted : Moment {
    std::uint32_t copy;  // of its actor
  };
  struct Copy {
    ActorMoment actor;
    std::size_t begin;  // of its stack, in `stacks`
    std::size_t end;
  };
  struct Track {
    void add(const ActorMoment& actor, std::span<const std::byte> stack);

    std::vector<Copy> copies;
    std::vector<std::byte> stacks;
    bool fresh = false;         // the actor has not moved since the newest copy
    std::uint32_t back_to = 0;  // of copies: where to put the actor back to
  };

  std::vector<Noted> moments_;
  std::array<Track, model::kActorsMax> tracks_;
  Moment now_{};
};

// --- implementation ------------------------------------------------------------

inline void Moments::Track::add(const ActorMoment& actor, std::span<const std::byte> stack) {
  const std::size_t begin = copies.empty() ? 0 : copies.back().end;
  const std::size_t end = begin + stack.size();
  if (stacks.size() < end) stacks.resize(2 * end);
  std::memcpy(stacks.data() + begin, stack.data(), stack.size());
  copies.push_back({actor, begin, end});
}

inline void Moments::copy(const ActorMoment& actor, const Fiber& fiber) {
  if (fiber.handles_exception()) return;
  Noted& moment = moments_.back();
  Track& track = tracks_[moment.actor];
  const bool moved = !std::exchange(track.fresh, false);  // and will do so now
  if (moved) track.add(actor, fiber.used_stack());
  moment.copy = static_cast<std::uint32_t>(track.copies.size() - 1);
}

}  // namespace unswept::sim
