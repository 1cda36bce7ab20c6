// model/explore/sampler.h: a way to draw one execution at random (internal).
//
// A Sampler decides who takes the next step in one walk after the other.
// SampledWalks gives it a generator that depends on the seed and the number of the
// walk only, answers the choose()s itself (uniformly), and keeps to the bounds.
//
// Thread safety: none.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "model/explore/mix.h"
#include "model/explore/profile.h"
#include "model/program.h"

namespace unswept::model {

/// The index-th actor of a set, in the order of their numbers.  REQUIRES: index < size of `set`.
inline ActorId member(ActorSet set, std::uint32_t index) {
  for (; index > 0; --index) set &= set - 1;
  return static_cast<ActorId>(std::countr_zero(set));
}

/// One of a set that is not empty, each as likely as the others.
inline ActorId any_of(ActorSet set, Random& random) {
  return member(set, random.below(static_cast<std::uint32_t>(std::popcount(set))));
}

/// What some walks came to.
struct WalkFigures {
  std::uint64_t walks = 0;
  std::uint64_t steps = 0;
  std::uint64_t longest = 0;     // steps of the longest walk
  std::uint64_t violations = 0;  // walks that broke a promise
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  /// "pct, depth 3"
  virtual std::string name() const = 0;
  /// Whether profiled() must be called before the first walk.
  virtual bool needs_profile() const { return false; }
  /// `profile` stays where it is.
  virtual void profiled(const Profile& profile) { (void)profile; }

  virtual void begin(Random& random) { (void)random; }
  /// One of `candidates`, which are enabled and not none.
  virtual ActorId pick(const Situation& situation, ActorSet candidates, Random& random) = 0;
  virtual void taken(const Step& step, Random& random) {
    (void)step;
    (void)random;
  }

  /// What that many walks are good for, in a sentence, with numbers.
  virtual std::string guarantee(const WalkFigures& figures) const = 0;
};

}  // namespace unswept::model
