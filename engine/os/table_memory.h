// engine/os/table_memory.h: memory for large tables that are read at random places.
//
// Each such read misses the processor's address cache when a table is spread over
// thousands of small pages.  The kernel is asked for huge pages; whether it gives
// them makes no difference but in time.  Allocating is not a step of the engine.
//
// Thread safety: as malloc.
#pragma once

#include <cstddef>

namespace unswept::os {

/// Never nullptr; throws std::bad_alloc.
void* allocate_table(std::size_t bytes);
/// `bytes` as they were asked for.
void free_table(void* table, std::size_t bytes) noexcept;

/// Has the processor fetch what is at `address`, which need not be valid, while the caller goes on.
inline void prefetch(const void* address) {
  __builtin_prefetch(address);
  asm volatile("");  // or GCC takes the caller for a function without effect, and leaves it out
}

/// For std::vector.
template <class T>
struct TableAllocator {
  using value_type = T;

  TableAllocator() = default;
  template <class U>
  TableAllocator(const TableAllocator<U>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(allocate_table(count * sizeof(T))); }
  void deallocate(T* table, std::size_t count) noexcept { free_table(table, count * sizeof(T)); }

  bool operator==(const TableAllocator&) const = default;
};

}  // namespace unswept::os
