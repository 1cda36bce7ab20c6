#include "engine/cli/arguments.h"

#include <algorithm>

#include "engine/cli/nearest.h"

namespace unswept::engine {
namespace {

const OptionHelp* find_option(const CommandHelp& command, std::string_view name) {
  const auto found = std::ranges::find(command.options, name, &OptionHelp::name);
  return found == command.options.end() ? nullptr : &*found;
}

std::string_view nearest_option(const CommandHelp& command, std::string_view name) {
  std::vector<std::string_view> names;
  for (const OptionHelp& option : command.options) names.push_back(option.name);
  return nearest_match(name, names);
}

// How many arguments a command takes, read off its help: "SNAPSHOT ARCHIVE [FILE]".
struct Arity {
  std::size_t required = 0;
  std::size_t optional = 0;
  bool repeated = false;  // the last one, written with "..."
};

Arity arity_of(std::string_view arguments) {
  Arity arity;
  while (!arguments.empty()) {
    const std::size_t end = std::min(arguments.find(' '), arguments.size());
    const std::string_view argument = arguments.substr(0, end);
    arguments.remove_prefix(std::min(end + 1, arguments.size()));
    if (argument.starts_with('[')) {
      ++arity.optional;
    } else {
      ++arity.required;
    }
    arity.repeated = argument.ends_with("...");
  }
  return arity;
}

std::string_view nth_argument_name(std::string_view arguments, std::size_t index) {
  for (; index > 0; --index) arguments.remove_prefix(arguments.find(' ') + 1);
  std::string_view name = arguments.substr(0, arguments.find(' '));
  if (name.ends_with("...")) name.remove_suffix(3);
  return name;
}

}  // namespace

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::expected<void, CommandError> Arguments::take_option(const CommandHelp& command,
                                                         std::span<const Word> words,
                                                         std::size_t& next) {
  const Word& word = words[next++];
  const std::string_view text = word.text;
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const OptionHelp* const option = find_option(command, name);
  if (option == nullptr) {
    return fail_at(word.column, std::string(command.name) + " has no option " + quoted(name),
                   nearest_option(command, name));
  }
  if (has(option->name)) return fail_at(word.column, quoted(name) + " is given twice");
  Argument value{{}, word.column};
  if (option->value.empty()) {
    if (equals != std::string_view::npos) {
      return fail_at(word.column, quoted(name) + " takes no value");
    }
  } else if (equals != std::string_view::npos) {
    value = {text.substr(equals + 1), word.column + equals + 1};
  } else if (next < words.size()) {
    value = {words[next].text, words[next].column};
    ++next;
  } else {
    return fail_at(word.column, quoted(name) + " needs a value: " + std::string(name) + ' ' +
                                    std::string(option->value));
  }
  options_.push_back({option->name, word.column, value});
  return {};
}

std::expected<Arguments, CommandError> Arguments::sort(const CommandHelp& command,
                                                       std::span<const Word> words,
                                                       std::size_t column) {
  Arguments arguments;
  arguments.column_ = column;
  const Arity arity = arity_of(command.arguments);
  for (std::size_t next = 0; next < words.size();) {
    const Word& word = words[next];
    if (word.text.starts_with("--")) {
      if (auto taken = arguments.take_option(command, words, next); !taken) {
        return std::unexpected(std::move(taken.error()));
      }
      continue;
    }
    if (!arity.repeated && arguments.positional_.size() == arity.required + arity.optional) {
      return fail_at(word.column, quoted(word.text) + " is one argument too many for " +
                                      std::string(command.name));
    }
    arguments.positional_.push_back({word.text, word.column});
    ++next;
  }
  if (arguments.positional_.size() < arity.required) {
    const auto name = nth_argument_name(command.arguments, arguments.positional_.size());
    return fail_at(
        column, std::string(command.name) + " needs " + std::string(name) + ": " + usage(command));
  }
  for (const OptionHelp& option : command.options) {
    if (option.required && !arguments.has(option.name)) {
      return fail_at(column, std::string(command.name) + " needs " + std::string(option.name) +
                                 ": " + usage(command));
    }
  }
  return arguments;
}

const Arguments::Option* Arguments::given(std::string_view name) const {
  const auto found = std::ranges::find(options_, name, &Option::name);
  return found == options_.end() ? nullptr : &*found;
}

const Argument* Arguments::find(std::string_view option) const {
  const Option* const found = given(option);
  return found == nullptr ? nullptr : &found->value;
}

std::size_t Arguments::column_of(std::string_view option) const { return given(option)->column; }

}  // namespace unswept::engine
