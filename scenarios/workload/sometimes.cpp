#include "scenarios/workload/sometimes.h"

#include <algorithm>

namespace unswept::scenarios {

SometimesJudge::SometimesJudge(const std::vector<SometimesSpec>& conditions) {
  for (const SometimesSpec& spec : conditions) {
    Condition condition{spec.text, {PointMatcher(spec.point), {}}, {}, false};
    if (spec.after && spec.before) {
      condition.bounds.push_back({PointMatcher(*spec.after), {}});
      condition.bounds.push_back({PointMatcher(*spec.before), {}});
    }
    conditions_.push_back(std::move(condition));
  }
  open_ = conditions_.size();
}

std::vector<std::string> SometimesJudge::unmet() const {
  std::vector<std::string> list;
  for (const Condition& condition : conditions_)
    if (!condition.met) list.push_back(condition.text);
  return list;
}

void SometimesJudge::meet_all_but(const std::vector<std::string>& unmet) {
  for (Condition& condition : conditions_) {
    if (condition.met || std::ranges::find(unmet, condition.text) != unmet.end()) continue;
    condition.met = true;
    --open_;
  }
}

void SometimesJudge::begin_run() {
  const auto clear = [](Role& role) {
    role.matcher.reset();
    role.moments.clear();
  };
  for (Condition& condition : conditions_) {
    clear(condition.point);
    for (Role& role : condition.bounds) clear(role);
  }
}

void SometimesJudge::point(Moment moment, std::string_view name, std::string_view detail) {
  const auto offer = [&](Role& role) {
    if (role.matcher.passes(name, detail)) role.moments.push_back(moment);
  };
  for (Condition& condition : conditions_) {
    if (condition.met) continue;
    offer(condition.point);
    for (Role& role : condition.bounds) offer(role);
  }
}

bool SometimesJudge::Condition::holds(const HappensBefore& order) const {
  if (bounds.empty()) return !point.moments.empty();
  // Q, P, R in this order is possible unless the trace has P before Q, R before P or R before Q.
  for (const Moment p : point.moments)
    for (const Moment q : bounds[0].moments)
      for (const Moment r : bounds[1].moments)
        if (!order.precedes(p, q) && !order.precedes(r, p) && !order.precedes(r, q)) return true;
  return false;
}

void SometimesJudge::end_run(const StepLog& log) {
  bool possible = false;
  for (const Condition& condition : conditions_) {
    if (condition.met || condition.point.moments.empty()) continue;
    bool all = true;
    for (const Role& role : condition.bounds) all = all && !role.moments.empty();
    possible = possible || all;
  }
  if (!possible) return;
  const HappensBefore order(log);
  for (Condition& condition : conditions_) {
    if (condition.met || !condition.holds(order)) continue;
    condition.met = true;
    --open_;
  }
}

}  // namespace unswept::scenarios
