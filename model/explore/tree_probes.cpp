#include "model/explore/tree_probes.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/explore/sampler.h"

namespace unswept::model {
namespace {

ActorSet actors_of(const auto& asleep) {
  ActorSet actors = 0;
  for (const auto& sleeper : asleep) actors |= set_of(sleeper.actor);
  return actors;
}

/// Where so many or more sleep, it makes no difference how many.
constexpr std::size_t kSleepersTold = 3;

void count_step(std::vector<std::uint32_t>& steps, ActorId actor) {
  if (steps.size() <= actor) steps.resize(actor + 1);
  ++steps[actor];
}

}  // namespace

/// One random way down.
class TreeProbes::Walk final : public Chooser {
 public:
  Walk(TreeProbes& probes, bool reduced) : probes_(probes), reduced_(reduced) {}

  ActorId pick(const Situation& situation) override {
    if (depth_ >= probes_.steps_max_) return kNoActor;
    const ActorSet enabled = situation.enabled();
    const ActorSet ways =
        reduced_ ? probes_.ways_on(situation, last_, spent_, steps_, actors_of(asleep_))
                 : probes_.within_bounds(enabled, last_, spent_);
    if (ways == 0) {
      weight_ = 0;
      return kNoActor;
    }
    const ActorId actor = any_of(ways, probes_.random_);
    weight_ *= static_cast<Leaves>(std::popcount(ways));
    if (reduced_) probes_.put_to_sleep(asleep_, ways & (set_of(actor) - 1), situation);
    spent_ = ScheduleBounds::after(enabled, last_, actor, spent_);
    last_ = actor;
    return actor;
  }
  std::uint32_t choose(ActorId, ChoiceKind, std::uint32_t count) override {
    weight_ *= static_cast<Leaves>(count);
    return probes_.random_.below(count);
  }
  void taken(const Step& step) override {
    ++depth_;
    count_step(steps_, step.actor);
    if (probes_.options_.reduced)
      probes_.futures_.note(step.actor, steps_[step.actor] - 1, step.footprint);
    probes_.wake(asleep_, step.actor, step.footprint);
  }

  Leaves weight() const { return weight_; }
  const std::vector<std::uint32_t>& steps() const { return steps_; }
  std::size_t depth() const { return depth_; }

 private:
  TreeProbes& probes_;
  const bool reduced_;
  Leaves weight_ = 1;
  std::size_t depth_ = 0;
  Deviations spent_;
  ActorId last_ = kNoActor;
  Asleep asleep_;
  std::vector<std::uint32_t> steps_;
};

/// Goes to a node, takes the step that leads there with random outcomes, goes on as long as there
/// is one way only, and lists the ways on.
class TreeProbes::Expansion final : public Chooser {
 public:
  /// The first `kept` steps are not run again.
  Expansion(TreeProbes& probes, Node node, std::size_t kept)
      : probes_(probes), node_(std::move(node)), depth_(kept) {
    for (std::size_t picks = 0; at_ < node_.path.size(); ++at_)
      if (node_.path[at_].pick && picks++ == kept) break;
  }

  ActorId pick(const Situation& situation) override {
    if (at_ < node_.path.size()) return node_.path[at_++].actor;
    if (depth_ >= probes_.steps_max_) return kNoActor;
    const ActorSet enabled = situation.enabled();
    const ActorSet ways =
        probes_.ways_on(situation, node_.last, node_.spent, node_.steps, actors_of(node_.asleep));
    if (std::has_single_bit(ways)) {
      go_on(node_, enabled, lowest(ways));
      at_ = node_.path.size();
      return node_.last;
    }
    leaf_ = false;
    for (ActorSet rest = ways; rest != 0; rest &= rest - 1) {
      const ActorId actor = lowest(rest);
      go_on(children_.emplace_back(node_), enabled, actor);
      if (probes_.options_.reduced) probes_.put_to_sleep(node_.asleep, set_of(actor), situation);
    }
    return kNoActor;
  }
  std::uint32_t choose(ActorId actor, ChoiceKind, std::uint32_t count) override {
    if (at_ < node_.path.size() && !node_.path[at_].pick) return node_.path[at_++].outcome;
    node_.weight *= static_cast<Leaves>(count);
    node_.path.push_back({actor, probes_.random_.below(count), false});
    return node_.path[at_++].outcome;
  }
  void taken(const Step& step) override {
    ++depth_;
    if (at_ == node_.path.size()) probes_.wake(node_.asleep, step.actor, step.footprint);
  }

  /// Whether the run ended by itself, or a bound cut it off.
  bool leaf() const { return leaf_; }
  const Node& node() const { return node_; }
  std::vector<Node>& children() { return children_; }
  std::size_t depth() const { return depth_; }

 private:
  static void go_on(Node& node, ActorSet enabled, ActorId actor) {
    node.path.push_back({actor, 0, true});
    node.spent = ScheduleBounds::after(enabled, node.last, actor, node.spent);
    node.last = actor;
    count_step(node.steps, actor);
  }

  TreeProbes& probes_;
  Node node_;
  std::size_t at_ = 0;  // in the path
  std::size_t depth_ = 0;
  bool leaf_ = true;
  std::vector<Node> children_;
};

TreeProbes::TreeProbes(Program& program, const Options& options)
    : program_(program),
      options_(options),
      steps_max_(options.bounds.steps.value_or(std::numeric_limits<std::size_t>::max())),
      schedule_(options.bounds),
      random_(mix(options.seed)),
      futures_(options.dependence) {}

ActorSet TreeProbes::within_bounds(ActorSet enabled, ActorId last, const Deviations& spent) const {
  BoundsHit ignored;
  return schedule_.allowed(enabled, last, spent, ignored);
}

ActorSet TreeProbes::ways_on(const Situation& situation, ActorId last, const Deviations& spent,
                             std::span<const std::uint32_t> taken, ActorSet asleep) {
  if (!options_.reduced) return within_bounds(situation.enabled(), last, spent);
  return futures_.enough(situation, taken, asleep) & ~asleep;
}

void TreeProbes::put_to_sleep(Asleep& asleep, ActorSet actors, const Situation& situation) const {
  Footprint footprint;
  for (ActorSet rest = actors; rest != 0; rest &= rest - 1) {
    situation.predict(lowest(rest), footprint);
    const auto accesses = footprint.accesses();
    asleep.push_back({lowest(rest), {accesses.begin(), accesses.end()}});
  }
}

void TreeProbes::wake(Asleep& asleep, ActorId actor, std::span<const Access> step) const {
  std::erase_if(asleep, [&](const Sleeper& sleeper) {
    return sleeper.actor == actor || options_.dependence.dependent(sleeper.footprint, step);
  });
}

void TreeProbes::note(const Ending& ending) {
  violation_ |= !ending.violations.empty() || ending.outcome == Outcome::deadlock;
}

void TreeProbes::note_length(const std::vector<std::uint32_t>& steps) {
  if (lengths_.size() < steps.size()) lengths_.resize(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) lengths_[i] = std::max(lengths_[i], steps[i]);
}

void TreeProbes::learn() { (void)walk(/*reduced=*/false); }

Leaves TreeProbes::knuth() { return walk(options_.reduced); }

Leaves TreeProbes::walk(bool reduced) {
  last_path_.clear();
  Walk walk(*this, reduced);
  note(program_.run(walk));
  note_length(walk.steps());
  depth_max_ = std::max(depth_max_, walk.depth());
  return walk.weight();
}

/// Neighbours have most of their paths in common, which need not be run again.
std::vector<TreeProbes::Stratum*> TreeProbes::in_order(Level& level) {
  std::vector<Stratum*> order;
  for (auto& [key, stratum] : level) order.push_back(&stratum);
  std::ranges::sort(order, {}, [](const Stratum* one) -> const auto& { return one->node.path; });
  return order;
}

/// Steps that the program's last run has in common with a path.
std::size_t TreeProbes::shared_steps(const std::vector<Answer>& path) const {
  const auto [end, other] = std::ranges::mismatch(path, last_path_);
  const auto steps = std::count_if(path.begin(), end, [](const Answer& one) { return one.pick; });
  // The last of them is not the same if the next answer is one to a question of it.
  const bool asks = (end != path.end() && !end->pick) ||
                    (other != last_path_.end() && !other->pick) || end == path.end();
  return static_cast<std::size_t>(steps) - (asks && steps > 0 ? 1 : 0);
}

/// Adds what comes behind a node to the levels; returns its weight if it is a leaf.
Leaves TreeProbes::expand(Node node, std::uint32_t strata, Levels& levels) {
  const std::size_t kept = program_.rewind(shared_steps(node.path));
  Expansion expansion(*this, std::move(node), kept);
  note(program_.run(expansion));
  last_path_ = expansion.node().path;
  depth_max_ = std::max(depth_max_, expansion.depth());
  for (Node& child : expansion.children())
    add_child(levels[expansion.depth() + 1], std::move(child), strata);
  if (!expansion.leaf()) return 0;
  note_length(expansion.node().steps);
  return expansion.node().weight;
}

std::optional<Leaves> TreeProbes::chen(std::uint32_t strata, const std::function<bool()>& go_on) {
  Leaves leaves = 0;
  Levels levels;
  levels[0][0] = {1, {}};
  while (!levels.empty()) {
    Level level = std::move(levels.extract(levels.begin()).mapped());
    for (Stratum* stratum : in_order(level)) {
      if (!go_on()) return std::nullopt;
      stratum->node.weight = stratum->weight;
      leaves += expand(std::move(stratum->node), strata, levels);
    }
  }
  return leaves;
}

/// The child is one of its stratum; it represents it with the chance of its part in the weight.
void TreeProbes::add_child(Level& level, Node child, std::uint32_t strata) {
  Stratum& stratum_of_child = level[stratum(child, strata)];
  stratum_of_child.weight += child.weight;
  constexpr std::uint32_t kResolution = std::uint32_t{1} << 31;
  const auto chance = child.weight / stratum_of_child.weight;
  if (static_cast<Leaves>(random_.below(kResolution)) < chance * kResolution)
    stratum_of_child.node = std::move(child);
}

/// Any way to tell strata apart is right; a good one puts nodes together that have as much below.
TreeProbes::StratumKey TreeProbes::stratum(const Node& node, std::uint32_t strata) const {
  // So many degrees of progress for each actor but one, whose follows from the level.
  std::uint32_t degrees = 1;
  const std::size_t others = std::max<std::size_t>(lengths_.size(), 2) - 1;
  const auto combinations = [others](std::uint32_t each) {
    double product = 1;
    for (std::size_t i = 0; i < others; ++i) product *= each;
    return product;
  };
  while (combinations(degrees + 1) <= strata) ++degrees;
  StratumKey key = 0;
  const auto distinguish = [&](std::uint64_t value) { key = mix(key + value); };
  if (options_.bounds.preemptions) distinguish(node.spent.preemptions);
  if (options_.bounds.delays) distinguish(node.spent.delays);
  if (!schedule_.unbounded()) distinguish(node.last);
  distinguish(std::min(node.asleep.size(), kSleepersTold));
  for (std::size_t i = 0; i < lengths_.size(); ++i) {
    const std::uint32_t taken = i < node.steps.size() ? node.steps[i] : 0;
    distinguish(std::min(degrees - 1, taken * degrees / (lengths_[i] + 1)));
  }
  return key;
}

}  // namespace unswept::model
