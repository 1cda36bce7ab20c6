#include "model/explore/summaries.h"

#include <algorithm>

#include "model/explore/mix.h"

namespace unswept::model {
namespace {

std::uint64_t hash_of(std::span<const std::uint64_t> words) {
  std::uint64_t hash = words.size();
  for (const std::uint64_t word : words) hash = (hash ^ mix(word)) * 0x9e3779b97f4a7c15;
  return mix(hash);
}

}  // namespace

Summaries::Id Summaries::intern(std::span<const std::uint64_t> bits) {
  while (!bits.empty() && bits.back() == 0) bits = bits.first(bits.size() - 1);
  const std::uint64_t hash = hash_of(bits);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at] != kNoNumber; at = (at + 1) & (slots_.size() - 1)) {
    const Id id = slots_[at];
    if (entries_[id].hash == hash && std::ranges::equal((*this)[id], bits)) return id;
  }
  const auto id = static_cast<Id>(entries_.size());
  entries_.push_back({hash, words_.size(), static_cast<std::uint32_t>(bits.size())});
  words_.insert(words_.end(), bits.begin(), bits.end());
  slots_[at] = id;
  if (2 * entries_.size() > slots_.size()) grow();
  return id;
}

void Summaries::grow() {
  slots_.assign(2 * slots_.size(), kNoNumber);
  for (Id id = 0; id < entries_.size(); ++id) {
    std::size_t at = entries_[id].hash & (slots_.size() - 1);
    while (slots_[at] != kNoNumber) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = id;
  }
}

}  // namespace unswept::model
