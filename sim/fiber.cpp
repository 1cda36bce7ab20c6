#include "sim/fiber.h"

#include <cxxabi.h>
#include <memory>
#include <utility>

#include "sim/sanitizers.h"

namespace unswept::sim {
namespace {

/// The memory belongs to the pool, so the context has nothing to free.
struct BorrowedStack {
  boost::context::stack_context allocate() { return {}; }
  void deallocate(boost::context::stack_context&) noexcept {}
};

}  // namespace

Fiber::Fiber(FiberGroup& group) {
  group.running_ = this;
  group.adopt_thread();
  sanitizer_thread_ = sanitizers::current_fiber();
}

Fiber::Fiber(FiberGroup& group, StackPool& stacks, Function function, void* argument)
    : stacks_(&stacks), stack_(stacks.take()) {
  boost::context::stack_context context;
  context.size = stack_.size;
  context.sp = stack_.top();
  context_ = boost::context::fiber(
      std::allocator_arg, boost::context::preallocated(context.sp, context.size, context),
      BorrowedStack{}, [&group, function, argument](boost::context::fiber&& from) {
        group.arrive(std::move(from));
        function(argument);
        std::terminate();  // a fiber's function must not return
        return boost::context::fiber{};
      });
  sanitizer_thread_ = sanitizers::create_fiber();
}

Fiber::~Fiber() {
  if (stacks_ == nullptr) return;
  // Boost would unwind the stack; by contract there is nothing on it, and the
  // next user of the memory does not care.
  new (&context_) boost::context::fiber{};
  sanitizers::destroy_fiber(sanitizer_thread_);
  stacks_->give_back(stack_);
}

void FiberGroup::adopt_thread() { thread_exceptions_ = abi::__cxa_get_globals(); }

}  // namespace unswept::sim
