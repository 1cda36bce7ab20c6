// scenarios/check/cores.h: the cores that several checks share.
//
// Each check holds one.  A core that no check needs any more helps one that takes long.
//
// Thread safety: all functions may be called by several threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace unswept::scenarios {

class Cores {
 public:
  explicit Cores(std::uint32_t count) : count_(count), free_(count) {}

  std::uint32_t count() const { return count_; }

  /// Takes a core for good, or until give_back().  REQUIRES: one is free.
  void take() {
    const std::scoped_lock lock(mutex_);
    --free_;
  }
  /// Waits for a core, as long as `needed` says yes, and takes it.
  bool wait_for_one(const std::function<bool()>& needed) {
    constexpr std::chrono::milliseconds kTick{20};
    std::unique_lock lock(mutex_);
    while (free_ == 0) {
      lock.unlock();
      const bool go_on = needed();
      lock.lock();
      if (!go_on) return false;
      freed_.wait_for(lock, kTick);
    }
    --free_;
    return true;
  }
  void give_back() {
    const std::scoped_lock lock(mutex_);
    ++free_;
    freed_.notify_one();
  }

 private:
  const std::uint32_t count_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::uint32_t free_;
};

}  // namespace unswept::scenarios
