// sim/fiber.h: functions that can stop in the middle and go on later.
//
// Fibers of one FiberGroup switch to each other directly.  The group's `main`
// fiber is the thread's own stack, from which the others are entered.  What C++
// keeps per thread about exceptions in flight is kept per fiber here, so a fiber
// may switch away inside a catch block or a destructor that runs while unwinding.
// Sanitizers are told of each switch.
//
// A fiber's function never returns: it ends by switching away for the last time.
// Its stack must hold nothing that needs a destructor then.
//
// A fiber that waits can be put back to where it waited before, by a copy of the part of its
// stack that was in use: Boost.Context keeps the registers there, too.  Sanitizers that follow what
// is on a stack would not understand, so it is not done under them.
//
// Thread safety: a group is used by one thread at a time.
#pragma once

#include <boost/context/fiber.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "sim/sanitizers.h"
#include "sim/stack_pool.h"

namespace unswept::sim {

class Fiber;

class FiberGroup {
 public:
  /// To be called on the thread that will use the group from now on, on its main fiber.
  void adopt_thread();
  /// The fiber that runs.
  Fiber& running() { return *running_; }
  /// Goes on in `to`; returns when somebody switches back to the caller.
  void switch_to(Fiber& to);

 private:
  friend class Fiber;
  void arrive(boost::context::fiber&& from);

  Fiber* running_ = nullptr;
  Fiber* previous_ = nullptr;          // who switched to `running_`
  void* thread_exceptions_ = nullptr;  // the thread's ExceptionState
};

class Fiber {
 public:
  using Function = void (*)(void* argument);

  /// The main fiber of a group.
  explicit Fiber(FiberGroup& group);
  /// Nothing runs before the first switch.
  Fiber(FiberGroup& group, StackPool& stacks, Function function, void* argument);
  /// What is still on the stack is dropped without running destructors.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Of a fiber that waits: from the stack pointer up to the beginning of its stack.  Valid until
  /// it goes on.
  std::span<const std::byte> used_stack() const;
  /// Of a fiber that waits: whether it is unwound by an exception, or in a catch block.
  bool handles_exception() const { return exceptions_.caught != nullptr || exceptions_.uncaught; }
  /// Lets a fiber that waits go on, next time, where it was when used_stack() was this.  It handled
  /// no exception then.  What its stack holds now is dropped without running destructors.
  void put_back(std::span<const std::byte> used_stack);

 private:
  friend class FiberGroup;

  // As in the C++ ABI (__cxa_eh_globals).
  struct ExceptionState {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };

  StackPool* stacks_ = nullptr;  // null for the main fiber
  Stack stack_;
  boost::context::fiber context_;  // where to go on; empty while it runs
  ExceptionState exceptions_;
  void* sanitizer_fake_stack_ = nullptr;
  void* sanitizer_thread_ = nullptr;
};

// --- implementation ------------------------------------------------------------

// The shorter the way back from a switch, the fewer returns the processor guesses wrong.
inline void FiberGroup::switch_to(Fiber& to) {
  Fiber& from = *running_;
  auto* globals = static_cast<Fiber::ExceptionState*>(thread_exceptions_);
  from.exceptions_ = *globals;
  *globals = to.exceptions_;
  previous_ = &from;
  running_ = &to;
  sanitizers::before_switch(from.sanitizer_fake_stack_, to.stack_, to.sanitizer_thread_);
  arrive(std::move(to.context_).resume());
}

inline void FiberGroup::arrive(boost::context::fiber&& from) {
  Fiber& self = *running_;
  sanitizers::after_switch(self.sanitizer_fake_stack_, previous_->stack_);
  previous_->context_ = std::move(from);
}

// A context is nothing but the stack pointer.
static_assert(sizeof(boost::context::fiber) == sizeof(std::byte*));

inline std::span<const std::byte> Fiber::used_stack() const {
  const std::byte* pointer = nullptr;
  std::memcpy(&pointer, static_cast<const void*>(&context_), sizeof pointer);
  return {pointer, stack_.top()};
}

inline void Fiber::put_back(std::span<const std::byte> used_stack) {
  std::byte* const pointer = stack_.top() - used_stack.size();
  std::memcpy(pointer, used_stack.data(), used_stack.size());
  std::memcpy(static_cast<void*>(&context_), &pointer, sizeof pointer);
  exceptions_ = {};
}

}  // namespace unswept::sim
