#include "engine/os/table_memory.h"

#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace unswept::os {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

constexpr std::size_t in_huge_pages(std::size_t bytes) {
  return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

}  // namespace

void* allocate_table(std::size_t bytes) {
  if (bytes < kHugePage) return ::operator new(bytes);
  const std::size_t size = in_huge_pages(bytes);
  void* table = std::aligned_alloc(kHugePage, size);
  if (table == nullptr) throw std::bad_alloc();
  (void)::madvise(table, size, MADV_HUGEPAGE);
  return table;
}

void free_table(void* table, std::size_t bytes) noexcept {
  if (bytes < kHugePage) {
    ::operator delete(table, bytes);
  } else {
    std::free(table);
  }
}

}  // namespace unswept::os
