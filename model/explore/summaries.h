// model/explore/summaries.h: sets of uses, each kept once (internal).
//
// What can happen below a state is what can happen below its neighbours, give or
// take a step; most states share their summary with many others.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/explore/access_numbers.h"

namespace unswept::model {

class Summaries {
 public:
  using Id = std::uint32_t;
  static constexpr Id kNoNumber = 0xffffffff;

  Summaries() : slots_(kInitialSlots, kNoNumber) {}

  /// The number of the set that equals `bits`.
  Id intern(std::span<const std::uint64_t> bits);
  /// Valid until the next intern().
  std::span<const std::uint64_t> operator[](Id id) const {
    const Entry& entry = entries_[id];
    return std::span(words_).subspan(entry.begin, entry.size);
  }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const {
    return words_.capacity() * sizeof(std::uint64_t) + entries_.capacity() * sizeof(Entry) +
           slots_.size() * sizeof(Id);
  }

 private:
  struct Entry {
    std::uint64_t hash;
    std::uint64_t begin;
    std::uint32_t size;
  };
  static constexpr std::size_t kInitialSlots = 256;

  void grow();

  std::vector<std::uint64_t> words_;
  std::vector<Entry> entries_;
  std::vector<Id> slots_;  // open addressing, linear probing
};

}  // namespace unswept::model
