#include "model/explore/relinearize.h"

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "model/explore/history.h"

namespace unswept::model {
namespace {

/// How many steps each actor has taken.
using Frontier = std::vector<std::uint32_t>;

/// A step, with the steps that have to come before it.
struct Placed {
  std::vector<Decision> decisions;  // the pick and its choices
  Frontier required;
};

using Lanes = std::vector<std::vector<Placed>>;  // [actor][its steps]

std::size_t actor_count(const RecordedRun& run) {
  std::size_t count = 0;
  for (const RecordedStep& step : run.steps) count = std::max(count, step.actor + std::size_t{1});
  return count;
}

Lanes lanes_of(const RecordedRun& run, const Dependence& dependence) {
  const std::size_t actors = actor_count(run);
  Lanes lanes(actors);
  std::vector<std::uint32_t> place(run.steps.size() + 1);  // [event]: how many-th of its actor
  History history(dependence);
  std::size_t decision = 0;
  for (const RecordedStep& step : run.steps) {
    // An actor that could not go on before waited for what came before.
    history.born(step.enabled);
    history.races(step.actor, step.footprint);
    history.append(step.actor, step.footprint);
    const auto event = static_cast<EventIndex>(history.size());
    Placed placed{{}, Frontier(actors)};
    for (ActorId other = 0; other < actors; ++other)
      if (other != step.actor && contains(history.actors(), other))
        placed.required[other] = place[history.clock(event, other)];
    auto& lane = lanes[step.actor];
    placed.decisions.push_back(run.trace.decisions[decision++]);
    while (decision < run.trace.decisions.size() &&
           run.trace.decisions[decision].what == Decision::What::choose)
      placed.decisions.push_back(run.trace.decisions[decision++]);
    lane.push_back(std::move(placed));
    place[event] = static_cast<std::uint32_t>(lane.size());
  }
  return lanes;
}

/// Looks for the cheapest way through the lanes.  To go on as long as possible is
/// never worse: what has been done only allows more.  So the only question is who
/// comes next when an actor has to stop, and the cost of stopping is one unless it
/// has come to its end.
class CheapestOrder {
 public:
  explicit CheapestOrder(const Lanes& lanes) : lanes_(lanes) {}

  /// The actors in the order of their turns; empty if it took too long.
  std::vector<ActorId> turns() {
    enter(Frontier(lanes_.size()), kNoPoint, kNoActor, 0);
    while (!queue_.empty() && points_.size() < kPointsMax) {
      const std::size_t point = queue_.front();
      queue_.pop_front();
      if (is_end(points_[point].frontier)) return turns_to(point);
      for (ActorId actor = 0; actor < lanes_.size(); ++actor) take_turn(point, actor);
    }
    return {};
  }

  /// As many steps of `actor` as can be taken.
  std::uint32_t run(Frontier& frontier, ActorId actor) const {
    const std::uint32_t before = frontier[actor];
    const auto& lane = lanes_[actor];
    while (frontier[actor] < lane.size() && allowed(lane[frontier[actor]], frontier))
      ++frontier[actor];
    return frontier[actor] - before;
  }

 private:
  struct Point {
    Frontier frontier;
    std::size_t from;
    ActorId actor;
    std::uint32_t cost;
  };
  static constexpr std::size_t kNoPoint = ~std::size_t{0};
  static constexpr std::size_t kPointsMax = 100'000;

  static bool allowed(const Placed& step, const Frontier& frontier) {
    for (std::size_t actor = 0; actor < frontier.size(); ++actor)
      if (step.required[actor] > frontier[actor]) return false;
    return true;
  }

  bool is_end(const Frontier& frontier) const {
    for (std::size_t actor = 0; actor < frontier.size(); ++actor)
      if (frontier[actor] < lanes_[actor].size()) return false;
    return true;
  }

  void take_turn(std::size_t from, ActorId actor) {
    const Point& point = points_[from];
    Frontier frontier = point.frontier;
    if (actor == point.actor || run(frontier, actor) == 0) return;
    const bool interrupted =
        point.actor != kNoActor && point.frontier[point.actor] < lanes_[point.actor].size();
    enter(std::move(frontier), from, actor, point.cost + (interrupted ? 1 : 0));
  }

  /// 0-1 breadth first: what costs nothing goes to the front.
  void enter(Frontier frontier, std::size_t from, ActorId actor, std::uint32_t cost) {
    Frontier key = frontier;
    key.push_back(actor);
    const auto [known, is_new] = seen_.try_emplace(std::move(key), cost);
    if (!is_new && known->second <= cost) return;
    known->second = cost;
    const bool free = from != kNoPoint && points_[from].cost == cost;
    points_.push_back({std::move(frontier), from, actor, cost});
    if (free)
      queue_.push_front(points_.size() - 1);
    else
      queue_.push_back(points_.size() - 1);
  }

  std::vector<ActorId> turns_to(std::size_t point) const {
    std::vector<ActorId> turns;
    for (; points_[point].from != kNoPoint; point = points_[point].from)
      turns.push_back(points_[point].actor);
    std::ranges::reverse(turns);
    return turns;
  }

  const Lanes& lanes_;
  std::deque<Point> points_;  // a deque: references survive additions
  std::deque<std::size_t> queue_;
  std::map<Frontier, std::uint32_t> seen_;
};

}  // namespace

Trace relinearize(const RecordedRun& run, const Dependence& dependence) {
  const Lanes lanes = lanes_of(run, dependence);
  CheapestOrder order(lanes);
  const std::vector<ActorId> turns = order.turns();
  if (turns.empty()) return run.trace;
  Trace trace;
  Frontier frontier(lanes.size());
  for (const ActorId actor : turns) {
    const std::uint32_t begin = frontier[actor];
    const std::uint32_t count = order.run(frontier, actor);
    for (std::uint32_t i = begin; i < begin + count; ++i)
      trace.decisions.insert(trace.decisions.end(), lanes[actor][i].decisions.begin(),
                             lanes[actor][i].decisions.end());
  }
  return trace;
}

}  // namespace unswept::model
