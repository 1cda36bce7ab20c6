// model/explore/choice_stack.h: the answers of a depth-first search to choose() (internal).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/explore/trace.h"
#include "model/program.h"

namespace unswept::model {

/// The outcomes chosen along the current path, the first ones being repeated
/// from the execution before.
class ChoiceStack {
 public:
  struct Choice {
    std::uint32_t answer;
    std::uint32_t count;
    ChoiceKind kind;
  };

  /// The next question is the one that has number `at`.
  void rewind(std::size_t at) { at_ = at; }
  std::size_t size() const { return choices_.size(); }
  /// How many have been answered in this execution.
  std::size_t position() const { return at_; }
  const Choice& operator[](std::size_t i) const { return choices_[i]; }

  /// The answer to the next question, or nothing if it is not the question that
  /// was asked here before.
  std::optional<std::uint32_t> answer(ChoiceKind kind, std::uint32_t count) {
    if (at_ == choices_.size()) choices_.push_back({0, count, kind});
    const Choice& choice = choices_[at_];
    if (choice.kind != kind || choice.count != count) return std::nullopt;
    ++at_;
    return choice.answer;
  }

  /// Moves the choices from `begin` on to their next combination.  False, and
  /// none left there, when that was the last one.
  bool advance(std::size_t begin) {
    while (choices_.size() > begin) {
      if (++choices_.back().answer < choices_.back().count) return true;
      choices_.pop_back();
    }
    return false;
  }

 private:
  std::vector<Choice> choices_;
  std::size_t at_ = 0;
};

}  // namespace unswept::model
