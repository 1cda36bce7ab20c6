// sim/stack_pool.h: stacks for fibers, each with a page below it that faults.
//
// A stack that overflows stops the program instead of running into its neighbour.
// Stacks that are given back are reused.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <vector>

namespace unswept::sim {

struct Stack {
  std::byte* bottom = nullptr;  // lowest usable address
  std::size_t size = 0;         // bytes

  std::byte* top() const { return bottom + size; }
};

class StackPool {
 public:
  /// `stack_bytes` is rounded up to whole pages.
  explicit StackPool(std::size_t stack_bytes);
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  Stack take();
  void give_back(Stack stack);

 private:
  std::size_t stack_bytes_;
  std::vector<Stack> free_;
};

}  // namespace unswept::sim
