// model/explore/choice_stack.h: the answers of a depth-first search to choose() (internal).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/explore/trace.h"
#include "model/program.h"

namespace unswept::model {

/// One answer to choose(), and what the question was.
struct Choice {
  std::uint32_t answer;
  std::uint32_t count;
  ChoiceKind kind;
  bool operator==(const Choice&) const = default;
};

/// The outcomes chosen along the current path, the first ones being repeated
/// from the execution before.
class ChoiceStack {
 public:
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
    Choice& choice = choices_[at_];
    if (choice.count == 0) choice = {choice.answer, count, kind};  // demanded
    if (choice.kind != kind || choice.count != count || choice.answer >= count) return std::nullopt;
    ++at_;
    return choice.answer;
  }

  /// The choices from `begin` on.
  std::span<const Choice> from(std::size_t begin) const {
    return std::span(choices_).subspan(begin);
  }
  std::span<const Choice> between(std::size_t begin, std::size_t end) const {
    return std::span(choices_).subspan(begin, end - begin);
  }

  /// The questions from `begin` on are to be answered thus; what they are shows when they are
  /// asked.
  void demand(std::size_t begin, std::span<const std::uint32_t> answers) {
    choices_.resize(begin);
    for (const std::uint32_t answer : answers) choices_.push_back({answer, 0, ChoiceKind::data});
  }
  void truncate(std::size_t begin) { choices_.resize(begin); }
  /// Puts questions that were asked before, and their answers, behind the others.
  void append(std::span<const Choice> choices) {
    choices_.insert(choices_.end(), choices.begin(), choices.end());
  }

  /// What follows the combination that stands between `begin` and `end`; empty: nothing.
  std::vector<Choice> next(std::size_t begin, std::size_t end) const {
    while (end > begin && choices_[end - 1].answer + 1 == choices_[end - 1].count) --end;
    const auto same = between(begin, end);
    std::vector<Choice> choices(same.begin(), same.end());
    if (!choices.empty()) ++choices.back().answer;
    return choices;
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
