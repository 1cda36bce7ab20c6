#include "model/explore/access_numbers.h"

namespace unswept::model {

std::span<const std::uint32_t> AccessNumbers::of(ObjectId object) {
  const std::uint32_t index = objects_.number_of(object);
  if (index >= by_object_.size()) by_object_.resize(index + 1);
  return by_object_[index];
}

std::uint32_t AccessNumbers::number_of(ActorId actor, const Access& access) {
  for (const std::uint32_t number : of(access.object)) {
    const Use& use = uses_[number];
    if (use.actor == actor && use.access.mode == access.mode) return number;
  }
  const auto fresh = static_cast<std::uint32_t>(uses_.size());
  uses_.push_back({actor, access});
  auto& all = by_object_[objects_.number_of(access.object)];
  for (const std::uint32_t number : all) {
    const Use& use = uses_[number];
    if (use.actor == actor || !dependence_.conflict_of(use.access.mode, access.mode)) continue;
    set_bit(contended_, number);
    set_bit(contended_, fresh);
  }
  all.push_back(fresh);
  return fresh;
}

}  // namespace unswept::model
