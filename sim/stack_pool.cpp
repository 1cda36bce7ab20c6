#include "sim/stack_pool.h"

#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace unswept::sim {
namespace {

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

Stack map_stack(std::size_t size) {
  const std::size_t guard = page_bytes();
  void* memory = mmap(nullptr, guard + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  std::byte* bottom = static_cast<std::byte*>(memory) + guard;
  if (mprotect(bottom, size, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  return {bottom, size};
}

void unmap_stack(Stack stack) {
  const std::size_t guard = page_bytes();
  munmap(stack.bottom - guard, guard + stack.size);
}

}  // namespace

StackPool::StackPool(std::size_t stack_bytes) {
  const std::size_t page = page_bytes();
  stack_bytes_ = (stack_bytes + page - 1) / page * page;
}

StackPool::~StackPool() {
  for (const Stack& stack : free_) unmap_stack(stack);
}

Stack StackPool::take() {
  if (free_.empty()) return map_stack(stack_bytes_);
  const Stack stack = free_.back();
  free_.pop_back();
  return stack;
}

void StackPool::give_back(Stack stack) { free_.push_back(stack); }

}  // namespace unswept::sim
