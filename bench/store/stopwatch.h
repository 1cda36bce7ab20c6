// bench/store/stopwatch.h: time on the clock and time on the cores.
//
// On a machine that others use, a wall-clock time says how busy they were.  The
// CPU time of this process (user and system, all threads) says less about that,
// and nothing about waiting or about threads that share the work; so both are kept,
// and the CPU time of the calling thread: what the wall-clock time would be if every
// thread had a core for itself and all had as much to do.
#pragma once

#include <algorithm>
#include <ctime>
#include <vector>

namespace unswept::bench {

struct Seconds {
  double wall = 0;
  double cpu = 0;
  double caller_cpu = 0;
};

class Stopwatch {
 public:
  Seconds elapsed() const {
    return {read(CLOCK_MONOTONIC) - start_.wall, read(CLOCK_PROCESS_CPUTIME_ID) - start_.cpu,
            read(CLOCK_THREAD_CPUTIME_ID) - start_.caller_cpu};
  }

 private:
  static double read(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  }

  Seconds start_{read(CLOCK_MONOTONIC), read(CLOCK_PROCESS_CPUTIME_ID),
                 read(CLOCK_THREAD_CPUTIME_ID)};
};

/// REQUIRES: at least one value.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace unswept::bench
