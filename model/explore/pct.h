// model/explore/pct.h: probabilistic concurrency testing (internal).
//
// Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010, algorithm 1.  Actors have
// priorities, drawn anew for each walk; whoever can go on and has the highest one
// does.  After d - 1 steps, drawn as well, the actor that took the step falls below
// all others.  A bug that shows whenever d certain steps come in a certain order
// has depth <= d, and shows in a walk with probability >= 1 / (n * k^(d-1)), for n
// actors and k steps.
//
// n and k are those of the profile.  With Steps::contended, k counts, and priorities
// change behind, only those steps that touch an object over which actors met in the
// profile.  Other steps commute with everything the other actors do, so that it does
// not matter behind which of them a priority changes: the bound holds with the
// smaller k as long as the profile has seen all such objects (as in Ozkan, Majumdar,
// Oraee, "Trace Aware Random Testing for Distributed Systems", OOPSLA 2019).
#pragma once

#include <array>
#include <vector>

#include "model/explore/sampler.h"

namespace unswept::model {

class Pct final : public Sampler {
 public:
  enum class Steps : std::uint8_t { all, contended };

  /// REQUIRES: depth >= 1.
  explicit Pct(std::uint32_t depth, Steps counted = Steps::all)
      : depth_(depth), counted_(counted), changes_(depth - 1) {}

  std::string name() const override;
  bool needs_profile() const override { return true; }
  void profiled(const Profile& profile) override { profile_ = &profile; }
  void begin(Random& random) override;
  ActorId pick(const Situation& situation, ActorSet candidates, Random& random) override;
  void taken(const Step& step, Random& random) override;
  std::string guarantee(const WalkFigures& figures) const override;

 private:
  std::uint64_t length() const;

  const std::uint32_t depth_;
  const Steps counted_;
  const Profile* profile_ = nullptr;

  // Of this walk.
  std::array<std::uint64_t, kActorsMax> priorities_{};
  std::vector<std::uint64_t> changes_;  // behind these steps, counted from 1
  std::uint64_t taken_ = 0;             // counted steps
};

}  // namespace unswept::model
