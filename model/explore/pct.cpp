#include "model/explore/pct.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace unswept::model {

std::string Pct::name() const {
  return fmt::format("pct, depth {}{}", depth_,
                     counted_ == Steps::contended ? ", contended steps" : "");
}

std::uint64_t Pct::length() const {
  const std::uint64_t steps =
      counted_ == Steps::contended ? profile_->contended_steps() : profile_->steps();
  return std::max<std::uint64_t>(steps, 1);
}

void Pct::begin(Random& random) {
  // Above everything that a change can give.
  for (std::uint64_t& priority : priorities_) priority = random.next() | std::uint64_t{1} << 63;
  const auto steps = static_cast<std::uint32_t>(std::min<std::uint64_t>(length(), 0xffffffff));
  for (std::uint64_t& change : changes_) change = 1 + random.below(steps);
  taken_ = 0;
}

ActorId Pct::pick(const Situation&, ActorSet candidates, Random&) {
  ActorId best = member(candidates, 0);
  for (ActorSet rest = candidates; rest != 0; rest &= rest - 1) {
    const ActorId actor = member(rest, 0);
    if (priorities_[actor] > priorities_[best]) best = actor;
  }
  return best;
}

void Pct::taken(const Step& step, Random&) {
  if (counted_ == Steps::contended && !profile_->touches_contended(step.footprint)) return;
  ++taken_;
  // The i-th change, in the order in which they were drawn, gives priority d - i.
  for (std::size_t i = 0; i < changes_.size(); ++i)
    if (changes_[i] == taken_) priorities_[step.actor] = changes_.size() - i;
}

std::string Pct::guarantee(const WalkFigures& figures) const {
  if (profile_ == nullptr) return "none: no walk was taken";
  const auto steps = static_cast<double>(length());
  const double one = 1 / (std::max(1U, profile_->actors()) * std::pow(steps, depth_ - 1));
  const double all = -std::expm1(static_cast<double>(figures.walks) * std::log1p(-one));
  return fmt::format(
      "a violation of depth {} has a chance of at least 1/({}*{}^{}) = {:.2g} in each walk, {:.2g} "
      "in {} walks, as long as {}",
      depth_, profile_->actors(), length(), depth_ - 1, one, all, figures.walks,
      counted_ == Steps::contended ? "actors meet where they met in the first walk"
                                   : fmt::format("it shows within {} steps", length()));
}

}  // namespace unswept::model
