// model/explore/object_table.h: dense numbers for object names (internal).
#pragma once

#include <cstdint>
#include <vector>

#include "model/footprint.h"

namespace unswept::model {

/// Numbers objects 0, 1, 2, ... in the order in which they are first seen.
/// Open addressing with linear probing; nothing is ever removed.
class ObjectTable {
 public:
  ObjectTable() : slots_(kInitialSlots, Slot{0, kEmpty}) {}

  std::uint32_t number_of(ObjectId object) {
    for (std::size_t at = place(object);; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.number == kEmpty) return insert(object);
      if (slot.object == object) return slot.number;
    }
  }

  std::uint32_t size() const { return size_; }

 private:
  struct Slot {
    ObjectId object;
    std::uint32_t number;
  };
  static constexpr std::uint32_t kEmpty = 0xffffffff;
  static constexpr std::size_t kInitialSlots = 1024;

  std::size_t place(ObjectId object) const {
    return (object * 0x9e3779b97f4a7c15 >> 32) & (slots_.size() - 1);
  }

  std::uint32_t insert(ObjectId object) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    put({object, size_});
    return size_++;
  }

  void put(Slot slot) {
    std::size_t at = place(slot.object);
    while (slots_[at].number != kEmpty) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(2 * slots_.size(), Slot{0, kEmpty});
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.number != kEmpty) put(slot);
  }

  std::vector<Slot> slots_;
  std::uint32_t size_ = 0;
};

}  // namespace unswept::model
