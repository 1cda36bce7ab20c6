// tests/property/shares.h: how much of its tree a search has explored, execution by execution.
#pragma once

#include <cstdint>
#include <map>

#include "model/explore/explore.h"
#include "tests/property/explored_alone.h"

namespace unswept::tests {

/// By the number of executions before: the share of the tree that is explored.
using Shares = std::map<std::uint64_t, double>;

/// Two shares that are the same, rounding aside.
inline constexpr double kSameShare = 1e-9;

/// Of a search by one worker, every so many executions.
inline Shares shares_alone(const ToyProgram& toy, Strategy strategy, std::uint64_t every) {
  ToyProgram program = toy;
  Finals finals;
  ExploreOptions options = everything(strategy, finals);
  Shares shares;
  options.progress_every = every;
  options.progress = [&](const model::Progress& progress) {
    shares[progress.searched] = progress.share.value();
    return true;
  };
  (void)model::explore(program, options);
  return shares;
}

}  // namespace unswept::tests
