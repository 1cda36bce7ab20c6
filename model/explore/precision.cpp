#include "model/explore/precision.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "model/explore/mix.h"

namespace unswept::model {
namespace {

using Answers = std::vector<std::uint32_t>;

struct WalkStep {
  ActorId actor;
  OpCode op;
  std::vector<Access> footprint;
};

struct Walk {
  std::vector<WalkStep> steps;
  std::vector<Answers> answers;  // by actor
};

ActorId any_of(ActorSet set, Random& random) {
  const auto size = static_cast<std::uint32_t>(__builtin_popcountll(set));
  for (std::uint32_t skip = random.below(size); skip != 0; --skip) set &= set - 1;
  return static_cast<ActorId>(__builtin_ctzll(set));
}

/// Walks at random, and remembers.
class Walker final : public Chooser {
 public:
  Walker(std::uint64_t seed, std::size_t steps_max) : random_(mix(seed)), steps_max_(steps_max) {
    walk.answers.resize(kActorsMax);
  }

  ActorId pick(const Situation& situation) override {
    if (walk.steps.size() >= steps_max_) return kNoActor;
    return any_of(situation.enabled(), random_);
  }
  std::uint32_t choose(ActorId actor, ChoiceKind, std::uint32_t count) override {
    walk.answers[actor].push_back(random_.below(count));
    return walk.answers[actor].back();
  }
  void taken(const Step& step) override {
    walk.steps.push_back(
        {step.actor, step.op, std::vector(step.footprint.begin(), step.footprint.end())});
  }

  Walk walk;

 private:
  Random random_;
  std::size_t steps_max_;
};

/// Takes the steps of `order` and no more.  The n-th answer an actor gets is the same in every
/// order.
class Follower final : public Chooser {
 public:
  Follower(const std::vector<ActorId>& order, const std::vector<Answers>& answers)
      : order_(order), answers_(answers), asked_(answers.size()) {}

  ActorId pick(const Situation& situation) override {
    if (results.size() == order_.size()) {
      enabled = situation.enabled();
      return kNoActor;
    }
    const ActorId next = order_[results.size()];
    return contains(situation.enabled(), next) ? next : kNoActor;
  }
  std::uint32_t choose(ActorId actor, ChoiceKind, std::uint32_t count) override {
    const std::size_t asked = asked_[actor]++;
    return asked < answers_[actor].size() ? answers_[actor][asked] % count : 0;
  }
  void taken(const Step& step) override { results.push_back(step.result); }

  bool stuck() const { return results.size() < order_.size(); }

  std::vector<std::uint64_t> results;
  ActorSet enabled = 0;  // none: the program ended with the last step

 private:
  const std::vector<ActorId>& order_;
  const std::vector<Answers>& answers_;
  std::vector<std::size_t> asked_;
};

/// What can be told of the state behind two steps.
struct Aftermath {
  std::uint64_t results[2];  // of the earlier and the later step of the walk
  ActorSet enabled;
  Fingerprint fingerprint;
  std::set<std::pair<std::string, std::string>> violations;
  bool operator==(const Aftermath&) const = default;
};

std::optional<Aftermath> run_in_order(Program& program, const Walk& walk,
                                      const std::vector<ActorId>& order, bool swapped) {
  Follower follower(order, walk.answers);
  const Ending ending = program.run(follower);
  if (follower.stuck()) return std::nullopt;
  const std::size_t size = order.size();
  Aftermath aftermath{{follower.results[size - 2], follower.results[size - 1]},
                      follower.enabled,
                      program.final_fingerprint(),
                      {}};
  if (swapped) std::swap(aftermath.results[0], aftermath.results[1]);
  for (const Violation& violation : ending.violations)
    aftermath.violations.emplace(violation.promise, violation.explanation);
  return aftermath;
}

using Bits = std::vector<bool>;

/// Which earlier steps happen before each step, and which of them race with it.
class Order {
 public:
  Order(const Walk& walk, const Dependence& dependence) : walk_(walk), dependence_(dependence) {
    for (std::size_t later = 0; later < walk.steps.size(); ++later) add(later);
  }

  const std::vector<std::pair<std::size_t, std::size_t>>& races() const { return races_; }

  /// The steps up to the race with its two steps at the end, next to each other.
  std::vector<ActorId> up_to(std::size_t earlier, std::size_t later) const {
    std::vector<ActorId> order;
    for (std::size_t i = 0; i < later; ++i)
      if (i != earlier && !(i > earlier && before_[i][earlier]))
        order.push_back(walk_.steps[i].actor);
    order.push_back(walk_.steps[earlier].actor);
    order.push_back(walk_.steps[later].actor);
    return order;
  }

 private:
  void add(std::size_t later) {
    const WalkStep& step = walk_.steps[later];
    Bits before(later);
    for (std::size_t earlier = later; earlier-- > 0;) {
      if (before[earlier]) continue;
      const WalkStep& other = walk_.steps[earlier];
      const bool same_actor = other.actor == step.actor;
      if (!same_actor && !dependence_.dependent(other.footprint, step.footprint)) continue;
      before[earlier] = true;
      for (std::size_t i = 0; i < earlier; ++i)
        if (before_[earlier][i]) before[i] = true;
      if (!same_actor) races_.emplace_back(earlier, later);
    }
    before_.push_back(std::move(before));
  }

  const Walk& walk_;
  const Dependence& dependence_;
  std::vector<Bits> before_;
  std::vector<std::pair<std::size_t, std::size_t>> races_;
};

class Measurement {
 public:
  Measurement(Program& program, const PrecisionOptions& options)
      : program_(program), options_(options) {}

  Precision run() {
    for (std::uint64_t n = 0; n < options_.walks; ++n) take_walk(n);
    const std::size_t kinds = std::max<std::size_t>(1, groups_.size());
    const std::size_t each =
        std::clamp<std::size_t>(options_.pairs_max / kinds, 1, options_.pairs_of_a_kind);
    for (auto& [key, group] : groups_) finish(group, each);
    std::ranges::sort(result_.rows, [](const PrecisionRow& a, const PrecisionRow& b) {
      if (a.wasted() != b.wasted()) return a.wasted() > b.wasted();
      return std::tie(a.one, a.other, a.objects) < std::tie(b.one, b.other, b.objects);
    });
    return std::move(result_);
  }

 private:
  struct Pair {
    std::size_t walk;
    std::vector<ActorId> order;  // the two steps at its end
  };
  struct Group {
    PrecisionRow row;
    std::vector<Pair> sample;
  };

  void take_walk(std::uint64_t number) {
    Walker walker(options_.seed + number, options_.steps_max);
    program_.run(walker);
    walks_.push_back(std::move(walker.walk));
    ++result_.walks;
    const Walk& walk = walks_.back();
    const Order order(walk, options_.dependence);
    for (const auto& [earlier, later] : order.races()) {
      Group& group = group_of(walk.steps[earlier], walk.steps[later]);
      ++group.row.races;
      ++result_.races;
      keep(group, [&] { return Pair{walks_.size() - 1, order.up_to(earlier, later)}; });
    }
  }

  /// Every race of a kind gets into the sample with the same probability.
  void keep(Group& group, auto&& make_pair) {
    if (group.sample.size() < options_.pairs_of_a_kind)
      group.sample.push_back(make_pair());
    else if (const auto at = random_.below(static_cast<std::uint32_t>(group.row.races));
             at < group.sample.size())
      group.sample[at] = make_pair();
  }

  Group& group_of(const WalkStep& a, const WalkStep& b) {
    std::string one(program_.op_name(a.op));
    std::string other(program_.op_name(b.op));
    if (other < one) std::swap(one, other);
    std::string objects = objects_of(a, b);
    Group& group = groups_[{one, other, objects}];
    group.row.one = std::move(one);
    group.row.other = std::move(other);
    group.row.objects = std::move(objects);
    return group;
  }

  std::string objects_of(const WalkStep& a, const WalkStep& b) const {
    if (!options_.kind_of) return {};
    std::set<std::string_view> kinds;
    for (const Access& x : a.footprint)
      for (const Access& y : b.footprint)
        if (x.object == y.object && options_.dependence.conflict_of(x.mode, y.mode))
          kinds.insert(options_.kind_of(x.object));
    std::string text;
    for (const std::string_view kind : kinds) {
      if (!text.empty()) text += '+';
      text += kind;
    }
    return text;
  }

  void finish(Group& group, std::size_t each) {
    if (group.sample.size() > each) group.sample.resize(each);
    for (const Pair& pair : group.sample) {
      ++group.row.tried;
      if (commutes(pair)) ++group.row.commuted;
    }
    result_.tried += group.row.tried;
    result_.commuted += group.row.commuted;
    result_.rows.push_back(std::move(group.row));
  }

  bool commutes(const Pair& pair) {
    const Walk& walk = walks_[pair.walk];
    std::vector<ActorId> order = pair.order;
    const auto one = run_in_order(program_, walk, order, false);
    std::swap(order[order.size() - 2], order[order.size() - 1]);
    const auto other = run_in_order(program_, walk, order, true);
    return one && other && *one == *other;
  }

  Program& program_;
  const PrecisionOptions& options_;
  Random random_{1};
  std::vector<Walk> walks_;
  std::map<std::tuple<std::string, std::string, std::string>, Group> groups_;
  Precision result_;
};

}  // namespace

Precision measure_precision(Program& program, const PrecisionOptions& options) {
  return Measurement(program, options).run();
}

}  // namespace unswept::model
