// model/explore/profile.h: what one walk shows of a program (internal).
//
// How many actors there are, how many steps they take, and over which objects
// they meet.  It is an estimate: another execution may take other steps.
//
// Thread safety: none while it is made; constant afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

class Profile {
 public:
  explicit Profile(const Dependence& dependence) : dependence_(dependence) {}

  void add(const Step& step);
  /// Call once, after the last add() and before what follows.
  void finish();

  /// Actors that took a step.
  std::uint32_t actors() const { return actors_; }
  std::uint64_t steps() const { return events_.size(); }
  /// Objects on which steps of two actors conflicted, ascending.
  std::span<const ObjectId> contended() const { return contended_; }
  /// Whether one of the accesses is to a contended object.
  bool touches_contended(std::span<const Access> accesses) const;
  /// Steps that touched a contended object.
  std::uint64_t contended_steps() const { return contended_steps_; }
  /// By actor: how many steps touched one of `objects`, which are contended.
  std::array<std::uint32_t, kActorsMax> steps_on(std::span<const ObjectId> objects) const;

 private:
  struct Event {
    ActorId actor;
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Use {
    ObjectId object;
    ActorId actor;
    Mode mode;
    std::uint32_t event;
  };
  std::span<const Access> footprint(const Event& event) const {
    return std::span(accesses_).subspan(event.begin, event.end - event.begin);
  }
  bool is_contended(std::span<const Use> uses) const;

  const Dependence dependence_;
  std::vector<Event> events_;
  std::vector<Access> accesses_;
  std::vector<Use> uses_;  // of contended objects, by object
  std::vector<ObjectId> contended_;
  std::uint32_t actors_ = 0;
  std::uint64_t contended_steps_ = 0;
};

}  // namespace unswept::model
