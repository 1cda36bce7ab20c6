// engine/os/knowledge.h: what an operation still knows of what the system has told it.
//
// Whoever explores all orders of steps wants to notice that two of them have led to the same
// state.  What is on disk can be compared; what a task knows can not, and all that is left is to
// tell tasks apart by everything that they were ever told.  So a long operation says now and
// then what it will still use: a directory that has been dealt with is forgotten, however its
// entries came.  On a real disk nobody asks, and nothing is made of it.
//
// An operation knows what its functions know that have not returned.  Each has a Known for its
// own part, and passes it down to those that it calls:
//
//   Result<> visit_all(Directory& directory, const os::Knows& caller) {
//     std::uint64_t found = 0;
//     const os::Known known(caller, "visit", [&](os::Gist& gist) { gist << directory << found; });
//     while (auto entry = next(directory)) {
//       found += visit(*entry, known);
//       known.forget_rest("visited");
//     }
//   }
//
// THE RULE: where a function calls forget_rest(), its Known tells everything that it or an object
// of its will use afterwards and that follows from what the system has told it; the Knowns of its
// callers tell the same of what these will use when it has returned.  What is the same whenever
// the operation is at this place, with these arguments, need not be told; nor what nobody but
// progress() and log() gets to see.  A part that is left out makes a checker take different states
// for one, and miss what only the second leads to.  tests/scenarios/knowledge.test.cpp looks for
// such parts.
//
// Thread safety: a Known belongs to one task.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace unswept::os {

class System;

/// 128 bits of whatever it is told, in its order.
class Gist {
 public:
  Gist& operator<<(std::uint64_t value) {
    high_ = mix(high_ ^ value) + 0x9e3779b97f4a7c15U;
    low_ = mix(low_ + value * 0xa0761d6478bd642fU) ^ 0xe7037ed1a0b428dbU;
    return *this;
  }
  template <class T>
    requires((std::integral<T> || std::is_enum_v<T>) && !std::same_as<T, std::uint64_t>)
  Gist& operator<<(T value) {
    return *this << static_cast<std::uint64_t>(value);
  }
  Gist& operator<<(std::string_view text);
  template <class T>
    requires requires(const T& part, Gist& gist) { part.tell(gist); }
  Gist& operator<<(const T& part) {
    part.tell(*this);
    return *this;
  }
  template <class T>
  Gist& operator<<(const std::optional<T>& part) {
    *this << part.has_value();
    return part ? *this << *part : *this;
  }
  template <class T>
  Gist& operator<<(const std::vector<T>& parts) {
    *this << parts.size();
    for (const T& part : parts) *this << part;
    return *this;
  }

  std::uint64_t high() const { return high_; }
  std::uint64_t low() const { return low_; }

 private:
  static constexpr std::uint64_t mix(std::uint64_t value) {
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93U;
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93U;
    return value ^ value >> 32;
  }

  std::uint64_t high_ = 0x243f6a8885a308d3U;
  std::uint64_t low_ = 0x13198a2e03707344U;
};

/// Of things whose order makes no difference.
class GistOfSet {
 public:
  void add(const Gist& one) {
    ++count_;
    high_ += one.high();
    low_ += one.low();
  }
  void tell(Gist& gist) const { gist << count_ << high_ << low_; }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

/// What one function that has not returned knows, and what those know that have called it.
class Knows {
 public:
  Knows(const Knows&) = delete;
  Knows& operator=(const Knows&) = delete;

  /// All that the operation still uses is what this and its callers tell.  `place` names the line.
  void forget_rest(std::string_view place) const;

 protected:
  /// Of the function in which an operation begins.
  Knows(System& system, std::string_view name) : system_(&system), name_(name) {}
  Knows(const Knows& caller, std::string_view name)
      : system_(caller.system_), caller_(&caller), name_(name) {}
  /// Without a caller nothing is forgotten: it is not known what others know.
  Knows(const Knows* caller, std::string_view name)
      : system_(caller == nullptr ? nullptr : caller->system_), caller_(caller), name_(name) {}
  ~Knows() = default;

  virtual void tell(Gist& gist) const = 0;

 private:
  System* system_;
  const Knows* caller_ = nullptr;
  std::string_view name_;
};

/// `tell(gist)` tells what a function knows.
template <class Tell>
class Known final : public Knows {
 public:
  template <class Caller>
  Known(Caller&& caller, std::string_view name, Tell tell)
      : Knows(std::forward<Caller>(caller), name), tell_(std::move(tell)) {}

 private:
  void tell(Gist& gist) const override { tell_(gist); }

  Tell tell_;
};

template <class Caller, class Tell>
Known(Caller&&, std::string_view, Tell) -> Known<Tell>;

}  // namespace unswept::os
