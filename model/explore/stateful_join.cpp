// What a known state has to do with the path that leads to it again.
#include <algorithm>
#include <bit>

#include "model/explore/stateful.h"

namespace unswept::model {
namespace {

/// Calls `visit` with the number of each bit that is in both sets.
template <class Visit>
void for_each_bit(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                  const Visit& visit) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    for (std::uint64_t word = a[i] & b[i]; word != 0; word &= word - 1)
      visit(static_cast<std::uint32_t>(64 * i) +
            static_cast<std::uint32_t>(std::countr_zero(word)));
}

}  // namespace

/// Only the last conflicting step of each actor counts, and only if it does not happen before
/// `later`'s own last one: an earlier step would not race with what is below, either.  Uses that
/// nobody was ever in conflict with are not looked at.
void StatefulSearch::join(std::span<const std::uint64_t> summary) {
  if (faults_.no_summaries) return;
  candidates_.clear();
  for_each_bit(summary, numbers_.contended(), [&](std::uint32_t number) {
    const AccessNumbers::Use& use = numbers_[number];
    for (const Race& race : history_.races_to_come(use.actor, use.access)) {
      const std::uint64_t pair = std::uint64_t{race.earlier} << 8 | use.actor;
      if (std::ranges::find(candidates_, pair) == candidates_.end()) candidates_.push_back(pair);
    }
  });
  for (const std::uint64_t pair : candidates_)
    add_possible_reversal(static_cast<EventIndex>(pair >> 8), static_cast<ActorId>(pair & 0xff),
                          summary);
  review_reliances_at(summary);
}

/// As add_reversal(), for a step of `later` that is somewhere below a known state, and of which no
/// more is known.
void StatefulSearch::add_possible_reversal(EventIndex earlier, ActorId later,
                                           std::span<const std::uint64_t> summary) {
  ++races_;
  Node& node = node_before(earlier);
  if (node.made_up_for || (node.enabled & ~(node.backtrack | node.asleep.set)) == 0) return;
  const ActorSet candidates = beginnings(earlier);
  if ((candidates & (node.backtrack | node.asleep.set)) != 0) return;
  if (candidates != 0)
    add_one_of(candidates, node, candidates);
  else
    add(ways_to_begin(earlier, later, summary), node, /*unless=*/0);
}

/// What is below a known state may conflict with what a reliance relies on.
void StatefulSearch::review_reliances_at(std::span<const std::uint64_t> summary) {
  for (const Reliance& reliance : reliances_) {
    Node& node = node_before(reliance.earlier);
    const ActorSet candidates = beginnings(reliance.earlier);
    if ((candidates & node.backtrack) != 0) continue;
    const ActorSet ways = ways_to_begin(reliance.earlier, reliance.later, summary);
    if (candidates != 0 && ways != set_of(reliance.later))
      add_one_of(candidates, node, candidates);
    else
      add(ways, node, /*unless=*/0);
  }
}

/// Begins with `later` itself.  Its step at the node before `earlier` might conflict with
/// something below that is independent of `earlier`, so that actor might have to come first, and so
/// on.  Among all these, the one whose turn comes first is not in the way of any other's; if it
/// is not enabled, it does not come first.
ActorSet StatefulSearch::ways_to_begin(EventIndex earlier, ActorId later,
                                       std::span<const std::uint64_t> summary) {
  const Node& node = node_before(earlier);
  const ActorId racer = history_.actor(earlier);
  ActorSet ways = set_of(later);
  for (ActorSet done = 0; done != ways;) {
    const ActorId actor = lowest(ways & ~done);
    done |= set_of(actor);
    const auto step = forecasts_.at(node.forecasts, actor);
    if (!step) return ~ActorSet{0};
    for (const Access& access : *step)
      for (const std::uint32_t number : numbers_.of(access.object)) {
        const AccessNumbers::Use& use = numbers_[number];
        if (use.actor == racer || use.actor == actor || !has_bit(summary, number)) continue;
        if (dependence_.conflict_of(use.access.mode, access.mode)) ways |= set_of(use.actor);
      }
  }
  return ways;
}

std::optional<StateCacheFigures> StatefulSearch::state_cache() const {
  StateCacheFigures figures;
  figures.states = table_.size();
  figures.lookups = lookups_;
  figures.hits = hits_;
  figures.partial_hits = partial_hits_;
  figures.bytes = table_.bytes() + summaries_.bytes();
  figures.full = full_;
  figures.collision_probability = collision_probability(table_.size());
  return figures;
}

}  // namespace unswept::model
