// model/explore/shard.h: one of several explorations that divide a space without a word (internal).
//
// All of them walk the same upper part of the search tree.  There every actor that is
// awake is explored, whether or not a race asks for it, so that nobody need tell anybody
// of races; sleep sets see to it that each Mazurkiewicz trace is still explored once.
// What lies below are the *units*, numbered in the order of the walk.  A unit is explored,
// with source sets as usual, by the one who claims it, and skipped by the others.
//
// The upper part ends where `levels` choices between dependent steps have been made:
// steps that commute there would make units of which all but one are empty.  The price of
// the upper part is executions that are given up because everybody sleeps.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/explore/dpor.h"
#include "model/explore/explore.h"

namespace unswept::model {

class ShardSearch final : public DporSearch {
 public:
  /// `claim`: whether the unit of that number is to be explored; asked once for each, in their
  /// order.
  ShardSearch(const Bounds& bounds, const Dependence& dependence, std::uint32_t levels,
              std::function<bool(std::uint64_t unit)> claim);

  void ended(const Situation& situation) override;
  /// Met so far.
  std::uint64_t units() const { return units_; }

 private:
  ActorSet enter(const Situation& situation, Node& node) override;
  bool is_mine();
  bool some_conflict(const Situation& situation, ActorSet awake);

  const std::uint32_t levels_;
  const std::function<bool(std::uint64_t)> claim_;
  std::uint64_t units_ = 0;
  std::vector<std::uint32_t> level_;  // [node] of the path: choices made on the way
  std::vector<Footprint> next_;       // of some_conflict()
};

/// Explores the units that options.shard claims.
ExploreResult explore_shard(Program& program, const ExploreOptions& options);

}  // namespace unswept::model
