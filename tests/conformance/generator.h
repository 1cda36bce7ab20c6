// tests/conformance/generator.h: sequences of calls that meet each other.
//
// Few names and few descriptors, so that calls collide.  The same seed gives the
// same sequence, as long as both sides agree.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "tests/conformance/pair.h"

namespace unswept::conformance {

class Generator {
 public:
  Generator(std::uint64_t seed, Pair& pair) : random_(seed), pair_(pair) {}

  /// One call.  False: the answers differ.
  bool call();

 private:
  std::uint64_t below(std::uint64_t count) { return random_() % count; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }

  std::string component();
  std::string path();
  Spot spot();
  std::size_t fd();  // an open one, mostly
  std::size_t other_fd() { return below(pair_.other_descriptors()); }
  std::string text();
  std::uint64_t offset();
  os::Open flags();
  std::uint32_t mode() { return 0700 | static_cast<std::uint32_t>(below(0100)); }
  os::LockKind lock_kind() { return one_in(2) ? os::LockKind::shared : os::LockKind::exclusive; }
  os::RecordLock record() { return static_cast<os::RecordLock>(below(3)); }

  bool call_on_name();
  bool call_on_file();
  bool call_on_lock();
  bool call_of_other();

  std::mt19937_64 random_;
  Pair& pair_;
};

}  // namespace unswept::conformance
