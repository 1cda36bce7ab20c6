// scenarios/workload/points.h: which passing of a point a scenario means.
#pragma once

#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// Counts the hits of one PointRef in a run.
class PointMatcher {
 public:
  explicit PointMatcher(PointRef ref) : ref_(std::move(ref)) {}
  const PointRef& ref() const { return ref_; }
  void reset() { hits_ = 0; }
  std::uint32_t hits() const { return hits_; }
  /// Whether this passing is the one, or one of those, that is meant.
  bool passes(std::string_view name, std::string_view detail) {
    if (name != ref_.name || (ref_.detail && *ref_.detail != detail)) return false;
    ++hits_;
    return ref_.hit == 0 || hits_ == ref_.hit;
  }

 private:
  PointRef ref_;
  std::uint32_t hits_ = 0;
};

}  // namespace unswept::scenarios
