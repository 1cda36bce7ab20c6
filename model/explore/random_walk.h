// model/explore/random_walk.h: executions with uniformly random answers (internal).
#pragma once

#include "model/explore/mix.h"
#include "model/explore/search.h"

namespace unswept::model {

/// Walk number n of a seed is always the same, whatever came before it.
class RandomWalks final : public Search {
 public:
  RandomWalks(std::uint64_t seed, std::uint64_t walks, const Bounds& bounds);

  ActorId pick(const Situation& situation) override;
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override;
  void taken(const Step& step) override;
  void begin(std::size_t kept) override;
  bool advance() override;
  Trace trace() const override { return trace_; }

 private:
  const std::uint64_t seed_;
  const std::uint64_t walks_;
  const Bounds bounds_;
  std::uint64_t walk_ = 0;
  Random random_{0};
  Trace trace_;
  ActorId last_ = kNoActor;
  std::uint32_t preemptions_ = 0;
};

}  // namespace unswept::model
