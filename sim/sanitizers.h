// sim/sanitizers.h: tells the address and thread sanitizers when stacks change.
//
// Without sanitizers these functions are empty.
#pragma once

#include "sim/stack_pool.h"

#if defined(__SANITIZE_ADDRESS__)
#define UNSWEPT_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNSWEPT_ADDRESS_SANITIZER 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define UNSWEPT_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNSWEPT_THREAD_SANITIZER 1
#endif
#endif

#if defined(UNSWEPT_ADDRESS_SANITIZER)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(UNSWEPT_THREAD_SANITIZER)
#include <sanitizer/tsan_interface.h>
#endif

namespace unswept::sim::sanitizers {

/// Whether a stack may be overwritten by an earlier copy of itself.
#if defined(UNSWEPT_ADDRESS_SANITIZER) || defined(UNSWEPT_THREAD_SANITIZER)
inline constexpr bool kStacksMayBePutBack = false;
#else
inline constexpr bool kStacksMayBePutBack = true;
#endif

inline void* current_fiber() {
#if defined(UNSWEPT_THREAD_SANITIZER)
  return __tsan_get_current_fiber();
#else
  return nullptr;
#endif
}

inline void* create_fiber() {
#if defined(UNSWEPT_THREAD_SANITIZER)
  return __tsan_create_fiber(0);
#else
  return nullptr;
#endif
}

inline void destroy_fiber([[maybe_unused]] void* fiber) {
#if defined(UNSWEPT_THREAD_SANITIZER)
  __tsan_destroy_fiber(fiber);
#endif
}

/// Just before a switch.  `stack` is the one to be entered; for the main fiber it is unknown at
/// first and learnt from after_switch().
inline void before_switch([[maybe_unused]] void*& fake_stack, [[maybe_unused]] const Stack& stack,
                          [[maybe_unused]] void* fiber) {
#if defined(UNSWEPT_ADDRESS_SANITIZER)
  __sanitizer_start_switch_fiber(&fake_stack, stack.bottom, stack.size);
#endif
#if defined(UNSWEPT_THREAD_SANITIZER)
  __tsan_switch_to_fiber(fiber, 0);
#endif
}

/// Just after a switch, on the new stack.  `left` is the stack it came from.
inline void after_switch([[maybe_unused]] void* fake_stack, [[maybe_unused]] Stack& left) {
#if defined(UNSWEPT_ADDRESS_SANITIZER)
  const void* bottom = nullptr;
  std::size_t size = 0;
  __sanitizer_finish_switch_fiber(fake_stack, &bottom, &size);
  left = {static_cast<std::byte*>(const_cast<void*>(bottom)), size};
#endif
}

}  // namespace unswept::sim::sanitizers
