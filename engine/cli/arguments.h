// engine/cli/arguments.h: the words of one command, sorted into arguments and options.
//
// Internal to the grammar.  Arguments point into the words they were made from.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cli/command.h"

namespace unswept::engine {

inline std::unexpected<CommandError> fail_at(std::size_t column, std::string message,
                                             std::string_view nearest = {}) {
  return std::unexpected(CommandError{column, std::move(message), std::string(nearest)});
}

std::string quoted(std::string_view text);

/// A piece of a word and where it stands.
struct Argument {
  std::string_view text;
  std::size_t column = 1;
};

class Arguments {
 public:
  /// `words` are those after the name of the command, which stands at `column`.
  static std::expected<Arguments, CommandError> sort(const CommandHelp& command,
                                                     std::span<const Word> words,
                                                     std::size_t column);

  /// Where the command itself stands: for complaints about what is missing.
  std::size_t column() const { return column_; }

  bool has(std::string_view option) const { return find(option) != nullptr; }
  /// The value of an option, or null when it is not given.
  const Argument* find(std::string_view option) const;

  /// Where an option stands.  REQUIRES: it is given.
  std::size_t column_of(std::string_view option) const;

  /// The arguments that are no options, in order.
  const std::vector<Argument>& positional() const { return positional_; }
  const Argument* positional(std::size_t index) const {
    return index < positional_.size() ? &positional_[index] : nullptr;
  }

 private:
  struct Option {
    std::string_view name;
    std::size_t column;
    Argument value;
  };

  std::expected<void, CommandError> take_option(const CommandHelp& command,
                                                std::span<const Word> words, std::size_t& next);

  const Option* given(std::string_view name) const;

  std::size_t column_ = 1;
  std::vector<Argument> positional_;
  std::vector<Option> options_;
};

}  // namespace unswept::engine
