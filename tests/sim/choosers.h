// tests/sim/choosers.h: simple oracles for tests of the simulation.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/program.h"
#include "sim/hash.h"

namespace unswept::sim::testing {

using model::ActorId;

inline ActorId first_of(model::ActorSet set) { return static_cast<ActorId>(__builtin_ctzll(set)); }

/// Remembers the steps it hears of.
class RecordingChooser : public model::Chooser {
 public:
  struct Taken {
    ActorId actor;
    model::OpCode op;
    std::uint64_t result;
    std::vector<model::Access> footprint;
  };

  void taken(const model::Step& step) override {
    steps.push_back({step.actor, step.op, step.result,
                     std::vector(step.footprint.begin(), step.footprint.end())});
  }
  std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t) override { return 0; }

  std::vector<Taken> steps;
};

/// The enabled actor with the smallest number; always the first outcome.
class FirstChooser : public RecordingChooser {
 public:
  ActorId pick(const model::Situation& situation) override { return first_of(situation.enabled()); }
};

/// Any of them, the same for the same seed.
class RandomChooser : public RecordingChooser {
 public:
  explicit RandomChooser(std::uint64_t seed) : random_(seed) {}

  ActorId pick(const model::Situation& situation) override {
    fingerprints.push_back(situation.fingerprint());
    const model::ActorSet enabled = situation.enabled();
    auto skip = random_() % static_cast<unsigned>(__builtin_popcountll(enabled));
    model::ActorSet rest = enabled;
    while (skip-- != 0) rest &= rest - 1;
    return first_of(rest);
  }
  std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t count) override {
    return static_cast<std::uint32_t>(random_() % count);
  }

  std::vector<model::Fingerprint> fingerprints;  // before each step

 private:
  std::mt19937_64 random_;
};

/// The actors in a given order, then whoever is first; gives up after `steps_max`.
class OrderChooser : public RecordingChooser {
 public:
  explicit OrderChooser(std::vector<ActorId> order, std::size_t steps_max = 100'000)
      : order_(std::move(order)), steps_max_(steps_max) {}

  ActorId pick(const model::Situation& situation) override {
    if (on_pick) on_pick(situation);
    if (steps.size() >= steps_max_) return model::kNoActor;
    if (next_ < order_.size()) return order_[next_++];
    return first_of(situation.enabled());
  }

  std::function<void(const model::Situation&)> on_pick;

 private:
  std::vector<ActorId> order_;
  std::size_t steps_max_;
  std::size_t next_ = 0;
};

/// Goes through all answers, depth first: call next_run() until it says false.
class AllChooser : public RecordingChooser {
 public:
  ActorId pick(const model::Situation& situation) override {
    model::ActorSet rest = situation.enabled();
    for (std::uint32_t skip = answer(static_cast<std::uint32_t>(__builtin_popcountll(rest)));
         skip != 0; --skip)
      rest &= rest - 1;
    return first_of(rest);
  }
  std::uint32_t choose(ActorId, model::ChoiceKind, std::uint32_t count) override {
    return answer(count);
  }
  bool next_run() {
    while (!asked_.empty() && asked_.back().first + 1 == asked_.back().second) asked_.pop_back();
    if (asked_.empty()) return false;
    ++asked_.back().first;
    position_ = 0;
    steps.clear();
    return true;
  }

 private:
  std::uint32_t answer(std::uint32_t count) {
    if (position_ == asked_.size()) asked_.emplace_back(0, count);
    return asked_[position_++].first;
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> asked_;  // answer, of how many
  std::size_t position_ = 0;
};

}  // namespace unswept::sim::testing
