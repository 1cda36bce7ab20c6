// model/explore/forecasts.h: what actors would do next, along a path (internal).
//
// At each node of a path, the predicted footprint of the next step of those actors
// for whom it may matter:
//   - the ones that wait (pending, not enabled): they race with the steps that
//     touch what they wait for, whether or not they ever get to take theirs;
//   - all, where three or more are pending: a race's second step may have been led
//     elsewhere by the first, and it takes a third actor to notice.
// A forecast holds until a step conflicts with it, so most are inherited from the
// node above.  One stack serves all nodes of the path.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

class Forecasts {
 public:
  /// Where a node's forecasts are.
  struct Mark {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t accesses_end = 0;
    ActorSet fresh = 0;  // predicted here, not inherited
  };

  explicit Forecasts(const Dependence& dependence) : dependence_(dependence) {}

  /// The forecasts of a new node, after `actor` took a step with that footprint
  /// at the node `above`; `actor` is kNoActor at the root.
  Mark after(const Mark& above, ActorId actor, std::span<const Access> step,
             const Situation& situation);

  /// What `actor` would have touched at the node, if that is known.
  std::optional<std::span<const Access>> at(const Mark& node, ActorId actor) const;

 private:
  struct Forecast {
    ActorId actor;
    std::uint32_t begin;
    std::uint32_t end;
  };
  std::span<const Access> footprint(const Forecast& forecast) const {
    return std::span(accesses_).subspan(forecast.begin, forecast.end - forecast.begin);
  }

  const Dependence dependence_;
  std::vector<Forecast> forecasts_;
  std::vector<Access> accesses_;
  Footprint predicted_;
};

}  // namespace unswept::model
